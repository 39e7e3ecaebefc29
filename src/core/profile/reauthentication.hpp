// Reauthentication: a signed-in person shows once more who they are, before what a stolen session must not do.
#pragma once
#include "core/profile/profile.hpp"
#include "core/sessions/bearer.hpp"

namespace propusk::core {

struct Reauthenticated {
  FirstFactorProof proof;
  Account account;
};
/// By the password, under the same limits and with the same work as a sign-in; of an account without one by a sign-in
/// of the last minutes. Refuses bad_credentials, not_fresh, not_signed_in, account_disabled, limited, overloaded.
Task<Result<Reauthenticated>> reauthenticate(Bearer bearer, const Secret<>& current, const Caller& caller,
                                             const ProfileDeps& deps);

}  // namespace propusk::core
