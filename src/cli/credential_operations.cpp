// Sessions and tokens as operators see them. Which one is meant is said by the beginning of its id.
#include "cli/credential_operations.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "cli/account_operations.hpp"
#include "config/values.hpp"
#include "core/admin/credential_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;
using core::Credential;
using core::CredentialFamily;

/// The words of a family.
struct FamilyWords {
  std::string_view one, many;  ///< as members of requests and answers, and in sentences
  std::string_view elsewhere;  ///< told when a credential of the other family is named
};
constexpr FamilyWords session_words{"session", "sessions", "that is a token: end it with `token revoke`"};
constexpr FamilyWords token_words{"token", "tokens", "that is a session: end it with `session revoke`"};
const FamilyWords& words_of(CredentialFamily family) {
  return family == CredentialFamily::session ? session_words : token_words;
}

std::string no_such(const FamilyWords& words) { return "the account has no such live " + std::string(words.one); }

/// The first 16 hex digits name a credential to operators: 64 bits do not collide within an account, and are not the
/// secret.
constexpr std::size_t id_digits = 16;
std::string id_of(const Credential& credential) { return to_hex(credential.digest.bytes).substr(0, id_digits); }

json::object written(const Credential& credential) {
  json::object out{{"id", id_of(credential)},
                   {"kind", core::row_of(credential.kind).name},
                   {"label", credential.label},
                   {"created_at", time_text(credential.created_at)},
                   {"seen_at", time_text(credential.seen_at)},
                   {"expires_at", time_text(credential.expires_at)}};
  if (core::family_of(credential.kind) == CredentialFamily::token)
    out["idle_limit"] =
        credential.idle.count() > 0 ? json::value(config::show_duration(credential.idle)) : json::value(nullptr);
  return out;
}

Task<OperationOutcome> list(CredentialFamily family, const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(live, co_await core::list_credentials(account.id, family, operation.by, deps));
  if (live.size() > credentials_per_answer) live.resize(credentials_per_answer);
  json::array shown;
  for (const Credential& credential : live) shown.push_back(written(credential));
  co_return OperationResult{{{words_of(family).many, std::move(shown)}}};
}

std::vector<Credential> beginning_with(std::string prefix, const std::vector<Credential>& live) {
  std::ranges::transform(prefix, prefix.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::vector<Credential> found;
  for (const Credential& credential : live)
    if (to_hex(credential.digest.bytes).starts_with(prefix)) found.push_back(credential);
  return found;
}

/// Of a family, the one whose digest begins with the member that is named like it.
Task<std::expected<Credential, OperationFailure>> named(core::AccountId account, CredentialFamily family,
                                                        const Operation& operation, core::AdministrationDeps deps) {
  constexpr std::size_t fewest_digits = 8;  // so that a slip of the finger does not end somebody else's session
  const FamilyWords& words = words_of(family);
  const std::string prefix = text_of(operation.request, words.one);
  if (prefix.size() < fewest_digits)
    co_return std::unexpected(
        OperationFailure("malformed", "name the " + std::string(words.one) + " by at least 8 digits of its id"));
  CO_TRY(live, co_await core::list_credentials(account, family, operation.by, deps));
  std::vector<Credential> found = beginning_with(prefix, live);
  if (found.size() == 1) co_return std::move(found.front());
  if (found.size() > 1)
    co_return std::unexpected(
        OperationFailure("refused", "several " + std::string(words.many) + " begin so: write more digits of the id"));
  const auto other = family == CredentialFamily::session ? CredentialFamily::token : CredentialFamily::session;
  CO_TRY(others, co_await core::list_credentials(account, other, operation.by, deps));
  if (!beginning_with(prefix, others).empty())
    co_return std::unexpected(OperationFailure("refused", std::string(words.elsewhere)));
  co_return std::unexpected(OperationFailure("refused", no_such(words)));
}

Task<OperationOutcome> revoke(CredentialFamily family, const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(credential, co_await named(account.id, family, operation, deps));
  const auto revoked = co_await core::revoke_credential(credential.digest, operation.by, deps);
  if (!revoked) co_return std::unexpected(OperationFailure(revoked.error(), no_such(words_of(family))));
  co_return OperationResult{written(credential)};
}
}  // namespace

Task<OperationOutcome> session_list(const Operation& operation, core::AdministrationDeps deps) {
  return list(CredentialFamily::session, operation, deps);
}

Task<OperationOutcome> session_revoke(const Operation& operation, core::AdministrationDeps deps) {
  return revoke(CredentialFamily::session, operation, deps);
}

Task<OperationOutcome> token_list(const Operation& operation, core::AdministrationDeps deps) {
  return list(CredentialFamily::token, operation, deps);
}

Task<OperationOutcome> token_revoke(const Operation& operation, core::AdministrationDeps deps) {
  return revoke(CredentialFamily::token, operation, deps);
}

Task<OperationOutcome> token_revoke_all(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  CO_TRY(ended, co_await core::revoke_tokens(account.id, operation.by, deps));
  co_return OperationResult{{{"username", account.username}, {"ended", static_cast<std::int64_t>(ended)}}};
}

}  // namespace propusk::cli
