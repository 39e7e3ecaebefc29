// One of the few who may vouch for a person (core/sessions/proof.hpp).
#include "core/sign_in/fresh_sign_in.hpp"

#include "core/sessions/freshness.hpp"

namespace propusk::core {

Result<FirstFactorProof> FreshSignIn::verify(const OwnedCredential& owned, Instant now) {
  if (!is_fresh_sign_in(owned.credential, now)) return refuse(Refusal::not_fresh);
  return FirstFactorProof(owned.account.id, owned.account.epoch, now, FactorMethod::fresh_sign_in);
}

}  // namespace propusk::core
