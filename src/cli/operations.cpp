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
#include "cli/refusal_sentence.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

/// Why an operation has no result.
struct Failure {
  std::string_view kind;
  json::array reasons;
  std::string message;

  Failure(std::string_view failed, std::string text) : kind(failed), message(std::move(text)) {}
  Failure(const core::Refused& refused) : kind("refused") {  // NOLINT: implicit on purpose, for CO_TRY
    for (std::size_t i = 0; i < core::refusal_count; ++i) {
      const auto refusal = static_cast<core::Refusal>(i);
      if (!refused.all.has(refusal)) continue;
      reasons.emplace_back(core::refusal_name(refusal));
      message += (message.empty() ? "" : "; ") + std::string(refusal_sentence(refusal));
    }
  }
};

struct Done {
  json::object result;
};
using Outcome = std::expected<Done, Failure>;

/// `2026-01-01T00:00:00Z` (RFC 3339).
std::string written(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(at - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

json::value written(std::optional<Instant> at) { return at ? json::value(written(*at)) : json::value(nullptr); }

json::object written(const core::Account& account) {
  return {{"id", static_cast<std::int64_t>(account.id)},
          {"username", account.username},
          {"email", account.email},
          {"email_verified", account.email_verified},
          {"state", core::account_state_name(account.state)},
          {"has_password", !account.password_hash.empty()},
          {"created_at", written(account.created_at)},
          {"password_changed_at", written(account.password_changed_at)},
          {"last_sign_in_at", written(account.last_sign_in_at)},
          {"failed_sign_ins", account.failed_sign_ins},
          {"last_failed_sign_in_at", written(account.last_failed_sign_in_at)}};
}

/// The first 16 hex digits name a session to operators: 64 bits do not collide within an account, and are not the
/// secret.
constexpr std::size_t session_id_digits = 16;

json::object written(const core::Credential& credential) {
  return {{"id", to_hex(credential.digest.bytes).substr(0, session_id_digits)},
          {"kind", core::row_of(credential.kind).name},
          {"label", credential.label},
          {"created_at", written(credential.created_at)},
          {"seen_at", written(credential.seen_at)},
          {"expires_at", written(credential.expires_at)}};
}

json::object written(const core::AuditEvent& event) {
  return {{"at", written(event.at)},
          {"action", core::audit_action_name(event.action)},
          {"account", event.account ? json::value(static_cast<std::int64_t>(*event.account)) : json::value(nullptr)},
          {"actor", event.actor},
          {"detail", event.detail}};
}

std::string text_of(const json::object& request, std::string_view member) {
  const auto* value = request.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

/// A number within the bounds; the lower one if the member is missing or no number.
std::int64_t number_of(const json::object& request, std::string_view member, std::int64_t least, std::int64_t most) {
  const auto* value = request.if_contains(member);
  return value != nullptr && value->is_int64() ? std::clamp(value->get_int64(), least, most) : least;
}

Task<core::Result<core::Account>> account_of(const Operation& operation, core::AdministrationDeps deps) {
  return core::find_account(text_of(operation.request, "identifier"), operation.by, deps);
}

Task<Outcome> account_create(const Operation& operation, core::AdministrationDeps deps) {
  core::NewAccount draft{text_of(operation.request, "username"), text_of(operation.request, "email"),
                         Secret<>(text_of(operation.request, "password"))};
  CO_TRY(account, co_await core::create_account(std::move(draft), operation.by, deps));
  co_return Done{written(account)};
}

Task<Outcome> account_list(const Operation& operation, core::AdministrationDeps deps) {
  const core::AccountId after{number_of(operation.request, "after", 0, INT64_MAX)};
  CO_TRY(accounts, co_await core::list_accounts(after, accounts_per_answer, operation.by, deps));
  json::array list;
  for (const core::Account& account : accounts) list.push_back(written(account));
  const bool is_full = accounts.size() == accounts_per_answer;
  json::value next = is_full ? json::value(static_cast<std::int64_t>(accounts.back().id)) : json::value(nullptr);
  co_return Done{{{"accounts", std::move(list)}, {"next", std::move(next)}}};
}

Task<Outcome> account_show(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  co_return Done{written(account)};
}

using AccountVerb = Task<core::Result<void>> (*)(core::AccountId, core::Operator, core::AdministrationDeps);

/// Finds the account, does `verb` to it and shows what it has become.
Task<Outcome> change(const Operation& operation, core::AdministrationDeps deps, AccountVerb verb) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done = co_await verb(account.id, operation.by, deps);
  if (!done) co_return std::unexpected(Failure(done.error()));
  CO_TRY(changed,
         co_await core::find_account(std::to_string(static_cast<std::int64_t>(account.id)), operation.by, deps));
  co_return Done{written(changed)};
}

Task<Outcome> account_disable(const Operation& operation, core::AdministrationDeps deps) {
  return change(operation, deps, core::disable_account);
}

Task<Outcome> account_enable(const Operation& operation, core::AdministrationDeps deps) {
  return change(operation, deps, core::enable_account);
}

Task<Outcome> account_set_password(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  Secret<> password(text_of(operation.request, "password"));
  const auto set = co_await core::set_password(account.id, std::move(password), operation.by, deps);
  if (!set) co_return std::unexpected(Failure(set.error()));
  co_return Done{written(account)};
}

Task<Outcome> account_delete(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto deleted = co_await core::delete_account(account.id, operation.by, deps);
  if (!deleted) co_return std::unexpected(Failure(deleted.error()));
  co_return Done{written(account)};
}

Task<Outcome> session_list(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(sessions, co_await core::list_sessions(account.id, operation.by, deps));
  json::array list;
  for (const core::Credential& session : sessions) {
    if (list.size() == sessions_per_answer) break;
    list.push_back(written(session));
  }
  co_return Done{{{"sessions", std::move(list)}}};
}

/// The one session whose digest begins with `prefix`.
std::expected<core::Credential, Failure> session_of(const std::vector<core::Credential>& sessions,
                                                    std::string_view prefix) {
  constexpr std::size_t fewest_digits = 8;  // so that a slip of the finger does not end somebody else's session
  if (prefix.size() < fewest_digits)
    return std::unexpected(Failure("malformed", "name the session by at least 8 digits of its id"));
  std::string wanted(prefix);
  std::ranges::transform(wanted, wanted.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::optional<core::Credential> found;
  for (const core::Credential& session : sessions) {
    if (!to_hex(session.digest.bytes).starts_with(wanted)) continue;
    if (found) return std::unexpected(Failure("refused", "several sessions begin so: write more digits of the id"));
    found = session;
  }
  if (!found) return std::unexpected(Failure("refused", "the account has no such live session"));
  return *std::move(found);
}

Task<Outcome> session_revoke(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(sessions, co_await core::list_sessions(account.id, operation.by, deps));
  CO_TRY(session, session_of(sessions, text_of(operation.request, "session")));
  const auto revoked = co_await core::revoke_session(session.digest, operation.by, deps);
  if (!revoked) co_return std::unexpected(Failure(revoked.error()));
  co_return Done{written(session)};
}

Task<Outcome> audit_list(const Operation& operation, core::AdministrationDeps deps) {
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
  co_return Done{{{"events", std::move(list)}}};
}

struct Verb {
  std::string_view name;
  Task<Outcome> (*run)(const Operation&, core::AdministrationDeps);
};
constexpr std::array verbs{
    Verb{"account.create", account_create}, Verb{"account.list", account_list},
    Verb{"account.show", account_show},     Verb{"account.disable", account_disable},
    Verb{"account.enable", account_enable}, Verb{"account.set_password", account_set_password},
    Verb{"account.delete", account_delete}, Verb{"session.list", session_list},
    Verb{"session.revoke", session_revoke}, Verb{"audit.list", audit_list},
};

Task<Outcome> dispatch(const Operation& operation, core::AdministrationDeps deps) {
  const std::string name = text_of(operation.request, "verb");
  const auto verb = std::ranges::find(verbs, name, &Verb::name);
  if (verb == verbs.end())
    co_return std::unexpected(Failure("malformed", "this server does not know the request; is it of another version?"));
  co_return co_await verb->run(operation, deps);
}

}  // namespace

Task<json::object> perform(Operation operation, core::AdministrationDeps deps) {
  std::string broken;
  try {
    const Outcome outcome = co_await dispatch(operation, deps);
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
