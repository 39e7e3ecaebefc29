// What an account has decides how its owner shows who they are: its password, else a fresh sign-in.
#include "core/profile/reauthentication.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/sign_in/fresh_sign_in.hpp"
#include "core/sign_in/password_factor.hpp"

namespace propusk::core {

Task<Result<Reauthenticated>> reauthenticate(Bearer bearer, const Secret<>& current, const Caller& caller,
                                             const ProfileDeps& deps) {
  const Instant now = deps.outbox.clock.now();
  CO_TRY(owned, co_await deps.outbox.store.read(
                    [digest = bearer.credential, now](const Transaction& transaction) {
                      return find_owned(transaction, digest, now);
                    },
                    caller.deadline));
  if (owned.account.password_hash.empty()) {
    CO_TRY(proof, FreshSignIn::verify(owned, now));
    co_return Reauthenticated{std::move(proof), std::move(owned.account)};
  }
  CO_TRY(verified, co_await PasswordFactor::verify_owner(bearer.account, current, caller, deps.sign_in));
  verified.place.succeeded();
  co_return Reauthenticated{std::move(verified.proof), std::move(verified.account)};
}

}  // namespace propusk::core
