// Accounts as operators see them.
#include "cli/account_operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>

#include "base/result.hpp"
#include "core/admin/credential_administration.hpp"
#include "core/admin/email_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;

json::object written(const core::Account& account) {
  json::object out{{"id", static_cast<std::int64_t>(account.id)},
                   {"username", account.username},
                   {"email", account.email},
                   {"email_verified", account.email_verified},
                   {"email_claimed", account.email_claimed},
                   {"state", core::account_state_name(account.state)},
                   {"pending_until", time_text(account.pending_until)},
                   {"has_password", !account.password_hash.empty()},
                   {"created_at", time_text(account.created_at)},
                   {"password_changed_at", time_text(account.password_changed_at)},
                   {"last_sign_in_at", time_text(account.last_sign_in_at)},
                   {"failed_sign_ins", account.failed_sign_ins},
                   {"last_failed_sign_in_at", time_text(account.last_failed_sign_in_at)}};
  for (const core::ProfileFieldRow& row : core::profile_fields)
    if (const std::string& told = account.fields.at(static_cast<std::size_t>(row.field)); !told.empty())
      out[row.name] = told;
  return out;
}

/// What an account has become.
Task<OperationOutcome> shown_again(core::AccountId account, const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(changed, co_await core::find_account(std::to_string(static_cast<std::int64_t>(account)), operation.by, deps));
  co_return OperationResult{written(changed)};
}

Task<core::Result<std::size_t>> count_live(core::AccountId account, core::CredentialFamily family,
                                           const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(live, co_await core::list_credentials(account, family, operation.by, deps));
  co_return live.size();
}
}  // namespace

Task<core::Result<core::Account>> account_of(const Operation& operation, core::AdministrationDeps deps) {
  return core::find_account(text_of(operation.request, "identifier"), operation.by, deps);
}

Task<OperationOutcome> account_create(const Operation& operation, core::AdministrationDeps deps) {
  core::NewAccount draft{.username = text_of(operation.request, "username"),
                         .email = text_of(operation.request, "email"),
                         .password = Secret<>(text_of(operation.request, "password")),
                         .is_pending = flag_of(operation.request, "pending")};
  CO_TRY(account, co_await core::create_account(std::move(draft), operation.by, deps));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> account_list(const Operation& operation, core::AdministrationDeps deps) {
  const core::AccountId after{number_of(operation.request, "after", 0, INT64_MAX)};
  const std::string state = text_of(operation.request, "state");
  const auto wanted = core::account_state(state);
  if (!state.empty() && !wanted)
    co_return std::unexpected(
        OperationFailure("malformed", "an account is pending, active or disabled: write one of these"));
  CO_TRY(accounts, co_await core::list_accounts(after, accounts_per_answer, operation.by, deps));
  json::array list;
  for (const core::Account& account : accounts)
    if (!wanted || account.state == *wanted) list.push_back(written(account));
  const bool is_full = accounts.size() == accounts_per_answer;
  json::value next = is_full ? json::value(static_cast<std::int64_t>(accounts.back().id)) : json::value(nullptr);
  co_return OperationResult{{{"accounts", std::move(list)}, {"next", std::move(next)}}};
}

Task<OperationOutcome> account_show(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(sessions, co_await count_live(account.id, core::CredentialFamily::session, operation, deps));
  CO_TRY(tokens, co_await count_live(account.id, core::CredentialFamily::token, operation, deps));
  json::object shown = written(account);
  shown["sessions"] = static_cast<std::int64_t>(sessions);
  shown["tokens"] = static_cast<std::int64_t>(tokens);
  co_return OperationResult{std::move(shown)};
}

Task<OperationOutcome> account_disable(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done = co_await core::disable_account(account.id, operation.by, deps);
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  co_return co_await shown_again(account.id, operation, deps);
}

Task<OperationOutcome> account_enable(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done = co_await core::enable_account(account.id, operation.by, deps);
  if (!done && done.error().why == core::Refusal::account_disabled)
    co_return std::unexpected(OperationFailure(
        done.error(), "nobody has disabled the account, it waits for its activation: see `account activate`"));
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  co_return co_await shown_again(account.id, operation, deps);
}

Task<OperationOutcome> account_activate(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done =
      co_await core::activate_by_word(account.id, flag_of(operation.request, "verify_email"), operation.by, deps);
  if (!done && done.error().why == core::Refusal::account_disabled)
    co_return std::unexpected(
        OperationFailure(done.error(), "the account is disabled: `account enable` lets it in again"));
  if (!done && done.error().why == core::Refusal::email_malformed)
    co_return std::unexpected(OperationFailure(done.error(), "the account has no e-mail address to verify"));
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  co_return co_await shown_again(account.id, operation, deps);
}

Task<OperationOutcome> account_set_email(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  core::EmailWord word{.address = text_of(operation.request, "email"),
                       .is_verified = flag_of(operation.request, "verified")};
  const auto done = co_await core::set_email_by_word(account.id, std::move(word), operation.by, deps);
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  co_return co_await shown_again(account.id, operation, deps);
}

Task<OperationOutcome> account_set_password(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  Secret<> password(text_of(operation.request, "password"));
  const auto set = co_await core::set_password(account.id, std::move(password), operation.by, deps);
  if (!set) co_return std::unexpected(OperationFailure(set.error()));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> account_sign_out(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto done = co_await core::sign_out_everywhere(account.id, operation.by, deps);
  if (!done) co_return std::unexpected(OperationFailure(done.error()));
  co_return OperationResult{written(account)};
}

Task<OperationOutcome> account_delete(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const auto deleted = co_await core::delete_account(account.id, operation.by, deps);
  if (!deleted) co_return std::unexpected(OperationFailure(deleted.error()));
  co_return OperationResult{written(account)};
}

}  // namespace propusk::cli
