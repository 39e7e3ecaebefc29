// What a new password means for everything else of its account, inside the transaction that sets it.
#pragma once
#include <string>

#include "core/outbox/outbox.hpp"
#include "core/sessions/proof.hpp"

namespace propusk::core {

/// Who set it, and what the trail of it needs.
struct NewPassword {
  std::string hash;
  std::string client, device;  ///< of whoever set it: address and user agent
  std::int64_t audit_id = 0;
  PostingDesk desk;
};

/// Sets the password of `account` and ends all of its credentials, pending links and address changes (DESIGN.md §6.4);
/// the audit event and the notice are written beside it. The grant that comes back opens in the new epoch.
SessionGrant settle_new_password(SessionGrant grant, Account account, const NewPassword& wanted);

}  // namespace propusk::core
