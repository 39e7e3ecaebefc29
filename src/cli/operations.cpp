// The table of the operator's verbs, and the edge at which whatever happens becomes an answer.
#include "cli/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "base/outage.hpp"
#include "base/result.hpp"
#include "cli/account_operations.hpp"
#include "cli/client_operations.hpp"
#include "cli/credential_operations.hpp"
#include "cli/key_operations.hpp"
#include "cli/mail_operations.hpp"
#include "cli/operation_answer.hpp"
#include "cli/social_operations.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

json::object written(const core::AuditEvent& event) {
  return {{"at", time_text(event.at)},
          {"action", core::audit_action_name(event.action)},
          {"account", event.account ? json::value(static_cast<std::int64_t>(*event.account)) : json::value(nullptr)},
          {"actor", event.actor},
          {"detail", event.detail}};
}

Task<OperationOutcome> audit_list(const Operation& operation, core::AdministrationDeps deps) {
  std::optional<core::AccountId> about;
  const std::string identifier = text_of(operation.request, "identifier");
  // An id needs no account: the events of a deleted one stay.
  if (!identifier.empty() && identifier.find_first_not_of("0123456789") == identifier.npos && identifier.size() <= 18) {
    about = core::AccountId{std::stoll(identifier)};
  } else if (!identifier.empty()) {
    CO_TRY(account, co_await account_of(operation, deps));
    about = account.id;
  }
  const auto limit = static_cast<std::size_t>(number_of(operation.request, "limit", 1, 1000));
  CO_TRY(events, co_await core::list_audit(about, limit, operation.by, deps));
  json::array list;
  for (const core::AuditEvent& event : events) list.push_back(written(event));
  co_return OperationResult{{{"events", std::move(list)}}};
}

struct Verb {
  std::string_view name;
  Task<OperationOutcome> (*run)(const Operation&, core::AdministrationDeps);
};
constexpr std::array verbs{
    Verb{"account.create", account_create},
    Verb{"account.list", account_list},
    Verb{"account.show", account_show},
    Verb{"account.disable", account_disable},
    Verb{"account.enable", account_enable},
    Verb{"account.activate", account_activate},
    Verb{"account.set_email", account_set_email},
    Verb{"account.set_password", account_set_password},
    Verb{"account.sign_out", account_sign_out},
    Verb{"account.delete", account_delete},
    Verb{"session.list", session_list},
    Verb{"session.revoke", session_revoke},
    Verb{"token.list", token_list},
    Verb{"token.revoke", token_revoke},
    Verb{"token.revoke_all", token_revoke_all},
    Verb{"social.list", social_list},
    Verb{"social.disconnect", social_disconnect},
    Verb{"key.list", key_list},
    Verb{"key.rotate", key_rotate},
    Verb{"client.create", client_create},
    Verb{"client.list", client_list},
    Verb{"client.show", client_show},
    Verb{"client.rotate_secret", client_rotate_secret},
    Verb{"client.disable", client_disable},
    Verb{"client.enable", client_enable},
    Verb{"client.delete", client_delete},
    Verb{"audit.list", audit_list},
    Verb{"mail.list", mail_list},
    Verb{"mail.show", mail_show},
    Verb{"mail.retry", mail_retry},
    Verb{"mail.drop", mail_drop},
    Verb{"mail.test", mail_test},
};

Task<OperationOutcome> dispatch(const Operation& operation, core::AdministrationDeps deps) {
  const std::string name = text_of(operation.request, "verb");
  const auto verb = std::ranges::find(verbs, name, &Verb::name);
  if (verb == verbs.end())
    co_return std::unexpected(
        OperationFailure("malformed", "this server does not know the request; is it of another version?"));
  co_return co_await verb->run(operation, deps);
}

}  // namespace

Task<json::object> perform(Operation operation, core::AdministrationDeps deps) {
  std::string broken;
  try {
    const OperationOutcome outcome = co_await dispatch(operation, deps);
    if (outcome) co_return json::object{{"result", outcome->result}};
    json::object answer = failure_answer(outcome.error().kind, outcome.error().message);
    answer["reasons"] = outcome.error().reasons;
    co_return answer;
  } catch (const std::exception& error) {  // Outage and Bug: this is the edge, as http/server is for requests
    broken = error.what();
  }
  co_return failure_answer("outage", broken);
}

json::object perform_now(boost::asio::io_context& context, Operation operation, core::AdministrationDeps deps) {
  json::object answer;
  const auto keep = [](Operation wanted, core::AdministrationDeps with, json::object& out) -> Task<void> {
    out = co_await perform(std::move(wanted), with);
  };
  context.restart();
  boost::asio::co_spawn(context, keep(std::move(operation), deps, answer), boost::asio::detached);
  context.run();
  return answer;
}

std::string operator_name(unsigned uid) { return fmt::format("operator uid {}", uid); }

json::object failure_answer(std::string_view kind, std::string_view message) {
  return {{"failure", kind}, {"reasons", json::array{}}, {"message", message}};
}

}  // namespace propusk::cli
