// Verifies a password with equal work for everybody, under limits that a success or an outage gives back.
#include "core/sign_in/password_factor.hpp"

#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {
namespace {
std::optional<Account> find_for_sign_in(const AccountStore& accounts, const std::string& identifier,
                                        IdentifierRule rule) {
  switch (rule) {
    case IdentifierRule::exact_username: return accounts.find_by_username(identifier);
  }
  return std::nullopt;
}
}  // namespace

Task<Result<VerifiedPassword>> PasswordFactor::verify(const PasswordAttempt& attempt, const Caller& caller,
                                                      const SignInDeps& deps) {
  const std::optional<Account> account = co_await deps.sessions.store.read(
      [identifier = attempt.identifier, rule = attempt.rule](const Transaction& transaction) {
        return find_for_sign_in(transaction.accounts(), identifier, rule);
      },
      caller.deadline);

  const std::string canonical = canonical_name(attempt.identifier).value_or(attempt.identifier);
  SignInSubject subject{
      .account = std::nullopt, .canonical_identifier = canonical, .stored_failures = 0, .last_stored_failure = {}};
  if (account) {
    subject.account = account->id;
    subject.stored_failures = account->failed_sign_ins;
    subject.last_stored_failure = account->last_failed_sign_in_at;
  }
  CO_TRY(free_place, deps.sessions.limits.begin_sign_in(subject, caller.address));
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
