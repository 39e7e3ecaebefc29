// Verifies a password with equal work for everybody, under limits that a success or an outage gives back.
#include "core/sign_in/password_factor.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/accounts/names.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {
namespace {
/// What the store knows of an attempt.
struct Found {
  std::optional<Account> account;
  bool is_from_known_prefix = false;  ///< one of the account's credentials was opened from there
};

std::optional<Account> find_by(IdentifierRule rule, const std::string& identifier, const AccountStore& accounts) {
  switch (rule) {
    case IdentifierRule::exact_username:
      if (!is_username(identifier, UsernameShape::slug)) return std::nullopt;
      return accounts.find_by_username(identifier);
  }
  return std::nullopt;
}

Found find(IdentifierRule rule, const std::string& identifier, std::string_view prefix,
           const Transaction& transaction) {
  Found found{.account = find_by(rule, identifier, transaction.accounts())};
  if (found.account) found.is_from_known_prefix = transaction.credentials().has_from(found.account->id, prefix);
  return found;
}

/// Unknown names count as they are matched, byte for byte: another spelling must not tell whether a name exists.
SignInSubject subject_of(const Found& found, std::string_view identifier) {
  if (!found.account) return {.identifier = identifier};
  return {.account = found.account->id,
          .identifier = {},
          .is_from_known_prefix = found.is_from_known_prefix,
          .stored_failures = found.account->failed_sign_ins,
          .last_stored_failure = found.account->last_failed_sign_in_at};
}
}  // namespace

Task<Result<VerifiedPassword>> PasswordFactor::verify(const PasswordAttempt& attempt, const Caller& caller,
                                                      const SignInDeps& deps) {
  const Found found = co_await deps.sessions.store.read(
      [rule = attempt.rule, identifier = attempt.identifier, prefix = caller.address.prefix().to_string()](
          const Transaction& transaction) { return find(rule, identifier, prefix, transaction); },
      caller.deadline);
  const std::optional<Account>& account = found.account;
  CO_TRY(free_place, deps.sessions.limits.begin_sign_in(subject_of(found, attempt.identifier), caller.address));
  HeldPlace place(deps.sessions.limits, free_place);

  const bool has_password = account && !account->password_hash.empty();
  std::optional<Secret<>> password = normal_password(attempt.password);
  const bool can_match = has_password && password;
  const std::string stored = can_match ? account->password_hash : deps.hasher.decoy();
  CO_TRY(matches, co_await deps.hasher.verify(password ? *password : Secret<>("-"), stored, caller));
  if (!matches || !can_match || account->state != AccountState::active) {
    place.failed();
    co_return refuse(Refusal::bad_credentials);
  }

  std::string new_hash;
  if (deps.hasher.is_outdated(stored)) {
    CO_TRY(better, co_await deps.hasher.hash(*password, caller));
    new_hash = std::move(better);
  }
  FirstFactorProof proof(account->id, account->epoch, deps.sessions.clock.now(), FactorMethod::password);
  co_return VerifiedPassword{
      .proof = std::move(proof), .place = std::move(place), .old_hash = stored, .new_hash = std::move(new_hash)};
}

}  // namespace propusk::core
