// An address that a mailed link proves becomes the account's own.
#pragma once
#include "core/links/look.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// Inside a transaction: uses the link up, makes the address that it was mailed to the account's own, verified, and
/// renames who is called by theirs. The account as it was before. Refuses as look_at_link(), link_used, and email_taken
/// if another account has verified the address.
Result<LiveLink> take_proved_email(Transaction& transaction, const LinkPresented& presented, LinkPurpose purpose,
                                   Instant now);

}  // namespace propusk::core
