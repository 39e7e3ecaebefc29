// The only minter of a SessionGrant.
#include "core/sessions/proof.hpp"

#include "core/store.hpp"

namespace propusk::core {

Result<SessionGrant> admit(Transaction& transaction, const FirstFactorProof& proof) {
  const std::optional<AccountStanding> standing = transaction.credentials().standing(proof.account());
  if (!standing || standing->state != AccountState::active || standing->epoch != proof.epoch())
    return refuse(Refusal::bad_credentials);
  return SessionGrant(transaction, proof.account(), proof.epoch());
}

SessionGrant end_all_but(SessionGrant grant) {
  const Epoch epoch = grant.transaction().accounts().end_everything(grant.account());
  return {grant.transaction(), grant.account(), epoch};
}

}  // namespace propusk::core
