// PasswordFactor: the one place where a password becomes a proof.
#pragma once
#include <string>

#include "core/limits/held_place.hpp"
#include "core/sign_in/sign_in.hpp"

namespace propusk::core {

/// A verified password, its place among the limits, and a better hash if the stored one is outdated.
struct VerifiedPassword {
  FirstFactorProof proof;
  HeldPlace place;
  std::string old_hash;
  std::string new_hash;  ///< "" if the stored one is current
};

class PasswordFactor {
 public:
  /// Unknown, disabled and passwordless accounts cost the same work as a wrong password and read the same:
  /// bad_credentials. Refuses limited and overloaded.
  static Task<Result<VerifiedPassword>> verify(const PasswordAttempt& attempt, const Caller& caller,
                                               const SignInDeps& deps);
};

}  // namespace propusk::core
