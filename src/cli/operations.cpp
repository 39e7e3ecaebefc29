// The operator's verbs, each a few lines over core/admin/administration.
#include "cli/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/result.hpp"
#include "cli/mail_operations.hpp"
#include "cli/operation_answer.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

json::object written(const core::Account& account) {
  return {{"id", static_cast<std::int64_t>(account.id)},
          {"username", account.username},
          {"email", account.email},
          {"email_verified", account.email_verified},
          {"state", core::account_state_name(account.state)},
          {"has_password", !account.password_hash.empty()},
          {"created_at", time_text(account.created_at)},
          {"password_changed_at", time_text(account.password_changed_at)},
          {"last_sign_in_at", time_text(account.last_sign_in_at)},
          {"failed_sign_ins", account.failed_sign_ins},
          {"last_failed_sign_in_at", time_text(account.last_failed_sign_in_at)}};
}

/// The first 16 hex digits name a session to operators: 64 bits do not collide within an account, and are not the
/// secret.
constexpr std::size_t session_id_digits = 16;

json::object written(const core::Credential& credential) {
  return {{"id", to_hex(credential.digest.bytes).substr(0, session_id_digits)},
          {"kind", core::row_of(credential.kind).name},
          {"label", credential.label},
          {"created_at", time_text(credential.created_at)},
          {"seen_at", time_text(credential.seen_at)},
          {"expires_at", time_text(credential.expires_at)}};
}

json::object written(const core::AuditEvent& event) {
  return {{"at", time_text(event.at)},
          {"action", core::audit_action_name(event.action)},
          {"account", event.account ? json::value(static_cast<std::int64_t>(*event.account)) : json::value(nullptr)},
          {"actor", event.actor},
          {"detail", event.detail}};
}

Task<core::Result<core::Account>> account_of(const Operation& operation, core::AdministrationDeps deps) {
  return core::find_account(text_of(operation.request, "identifier"), operation.by, deps);
}

Task<OperationOutcome> account_create(const Operation& operation, core::AdministrationDeps deps) {
  core::NewAccount draft{text_of(operation.request, "username"), text_of(operation.request, "email"),
                         Secret<>(text_of(operation.request, "password"))};
  CO_TRY(account, co_await core::create_account(std::move(draft), operation.by, deps));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> account_list(const Operation& operation, core::AdministrationDeps deps) {
  const core::AccountId after{number_of(operation.request, "after", 0, INT64_MAX)};
  CO_TRY(accounts, co_await core::list_accounts(after, accounts_per_answer, operation.by, deps));
  json::array list;
  for (const core::Account& account : accounts) list.push_back(written(account));
  const bool is_full = accounts.size() == accounts_per_answer;
  json::value next = is_full ? json::value(static_cast<std::int64_t>(accounts.back().id)) : json::value(nullptr);
  co_return OperationResult{{{"accounts", std::move(list)}, {"next", std::move(next)}}};
}

Task<OperationOutcome> account_show(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  co_return OperationResult{written(account)};
}

using AccountVerb = Task<core::Result<void>> (*)(core::AccountId, core::Operator, core::AdministrationDeps);

/// Finds the account, does `verb` to it and shows what it has become.
Task<OperationOutcome> change(const Operation& operation, core::AdministrationDeps deps, AccountVerb verb) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done = co_await verb(account.id, operation.by, deps);
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  CO_TRY(changed,
         co_await core::find_account(std::to_string(static_cast<std::int64_t>(account.id)), operation.by, deps));
  co_return OperationResult{written(changed)};
}

Task<OperationOutcome> account_disable(const Operation& operation, core::AdministrationDeps deps) {
  return change(operation, deps, core::disable_account);
}

Task<OperationOutcome> account_enable(const Operation& operation, core::AdministrationDeps deps) {
  return change(operation, deps, core::enable_account);
}

Task<OperationOutcome> account_set_password(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  Secret<> password(text_of(operation.request, "password"));
  const auto set = co_await core::set_password(account.id, std::move(password), operation.by, deps);
  if (!set) co_return std::unexpected(OperationFailure(set.error()));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> account_delete(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto deleted = co_await core::delete_account(account.id, operation.by, deps);
  if (!deleted) co_return std::unexpected(OperationFailure(deleted.error()));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> session_list(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(sessions, co_await core::list_sessions(account.id, operation.by, deps));
  json::array list;
  for (const core::Credential& session : sessions) {
    if (list.size() == sessions_per_answer) break;
    list.push_back(written(session));
  }
  co_return OperationResult{{{"sessions", std::move(list)}}};
}

/// The one session whose digest begins with `prefix`.
std::expected<core::Credential, OperationFailure> session_of(const std::vector<core::Credential>& sessions,
                                                             std::string_view prefix) {
  constexpr std::size_t fewest_digits = 8;  // so that a slip of the finger does not end somebody else's session
  if (prefix.size() < fewest_digits)
    return std::unexpected(OperationFailure("malformed", "name the session by at least 8 digits of its id"));
  std::string wanted(prefix);
  std::ranges::transform(wanted, wanted.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::optional<core::Credential> found;
  for (const core::Credential& session : sessions) {
    if (!to_hex(session.digest.bytes).starts_with(wanted)) continue;
    if (found)
      return std::unexpected(OperationFailure("refused", "several sessions begin so: write more digits of the id"));
    found = session;
  }
  if (!found) return std::unexpected(OperationFailure("refused", "the account has no such live session"));
  return *std::move(found);
}

Task<OperationOutcome> session_revoke(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(sessions, co_await core::list_sessions(account.id, operation.by, deps));
  CO_TRY(session, session_of(sessions, text_of(operation.request, "session")));
  const auto revoked = co_await core::revoke_session(session.digest, operation.by, deps);
  if (!revoked) co_return std::unexpected(OperationFailure(revoked.error()));
  co_return OperationResult{written(session)};
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
    Verb{"account.create", account_create}, Verb{"account.list", account_list},
    Verb{"account.show", account_show},     Verb{"account.disable", account_disable},
    Verb{"account.enable", account_enable}, Verb{"account.set_password", account_set_password},
    Verb{"account.delete", account_delete}, Verb{"session.list", session_list},
    Verb{"session.revoke", session_revoke}, Verb{"audit.list", audit_list},
    Verb{"mail.list", mail_list},           Verb{"mail.show", mail_show},
    Verb{"mail.retry", mail_retry},         Verb{"mail.drop", mail_drop},
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
