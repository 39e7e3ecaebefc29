// Verifies a password with equal work for everybody, under limits that a success or an outage gives back.
#include "core/sign_in/password_factor.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/passwords/normal_password.hpp"
#include "core/sign_in/find_account.hpp"

namespace propusk::core {

/// What the store knows of an attempt.
struct PasswordFactor::Found {
  Found(std::optional<Account> whose, const Device& device, const CredentialStore& credentials)
      : account(std::move(whose)) {
    const AccountId id = account ? account->id : AccountId{};  // nobody's: the same reads for everybody
    is_from_known_prefix = credentials.has_from(id, device.prefix);
    is_known_device = credentials.has_labelled(id, device.label) || is_from_known_prefix;
  }
  [[nodiscard]] SignInSubject subject(std::string_view limits_name) const {
    if (!account) return {.identifier = limits_name};
    return {.account = account->id,
            .identifier = {},
            .is_from_known_prefix = is_from_known_prefix,
            .stored_failures = account->failed_sign_ins,
            .last_stored_failure = account->last_failed_sign_in_at};
  }
  std::optional<Account> account;
  bool is_from_known_prefix = false;
  bool is_known_device = false;
};

Task<Result<VerifiedPassword>> PasswordFactor::verify(const PasswordAttempt& attempt, const Caller& caller,
                                                      const SignInDeps& deps) {
  Found found = co_await deps.sessions.store.read(
      [rule = attempt.rule, identifier = attempt.identifier,
       device = device_of(caller)](const Transaction& transaction) {
        return Found(find_by_identifier(rule, identifier, transaction.accounts()), device, transaction.credentials());
      },
      caller.deadline);
  co_return co_await check(std::move(found), limits_name(attempt.rule, attempt.identifier), attempt.password, caller,
                           deps);
}

Task<Result<VerifiedPassword>> PasswordFactor::verify_owner(AccountId account, const Secret<>& password,
                                                            const Caller& caller, const SignInDeps& deps) {
  Found found = co_await deps.sessions.store.read(
      [account, device = device_of(caller)](const Transaction& transaction) {
        return Found(transaction.accounts().find(account), device, transaction.credentials());
      },
      caller.deadline);
  co_return co_await check(std::move(found), "", password, caller, deps);
}

Task<Result<VerifiedPassword>> PasswordFactor::check(Found found, std::string limits_name, const Secret<>& typed,
                                                     const Caller& caller, const SignInDeps& deps) {
  std::optional<Account>& account = found.account;
  CO_TRY(free_place,
         co_await deps.sessions.limits.begin_sign_in(found.subject(limits_name), caller.address, caller.deadline));
  HeldPlace place(deps.sessions.limits, free_place);

  const bool has_password = account && !account->password_hash.empty();
  std::optional<Secret<>> password = normal_password(typed);
  const bool can_match = has_password && password;
  const std::string stored = can_match ? account->password_hash : deps.hasher.decoy();
  CO_TRY(matches, co_await deps.hasher.verify(password ? *password : Secret<>("-"), stored, caller));
  const bool is_right = matches && can_match;
  if (!is_right || account->state != AccountState::active) {
    place.failed();
    co_return refuse(is_right && deps.tells_disabled ? Refusal::account_disabled : Refusal::bad_credentials);
  }

  std::string new_hash;
  if (deps.hasher.is_outdated(stored)) {
    CO_TRY(better, co_await deps.hasher.hash(*password, caller));
    new_hash = std::move(better);
  }
  FirstFactorProof proof(account->id, account->epoch, deps.sessions.clock.now(), FactorMethod::password);
  co_return VerifiedPassword{.proof = std::move(proof),
                             .place = std::move(place),
                             .account = std::move(*account),
                             .new_hash = std::move(new_hash),
                             .is_known_device = found.is_known_device};
}

}  // namespace propusk::core
