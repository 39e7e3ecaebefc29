// FreshSignIn: of an account without a password, a sign-in of the last minutes vouches for its owner.
#pragma once
#include "core/sessions/proof.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {

class FreshSignIn {
 public:
  /// Refuses not_fresh.
  static Result<FirstFactorProof> verify(const OwnedCredential& owned, Instant now);
};

}  // namespace propusk::core
