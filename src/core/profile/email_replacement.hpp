// Replacing the address of an account at once, as djoser does it, and the way back (DESIGN.md §7 "E-mail change").
#pragma once
#include <array>
#include <string>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/outbox/outbox.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// How a dialect takes addresses that nobody has proved.
struct EmailRule {
  bool is_claimed = false;        ///< nobody else may claim the address, and it is refused if somebody has
  bool needs_activation = false;  ///< the account is pending until the link mailed to the new address is followed
  bool renames_username = false;  ///< a username that was the old address becomes the new one
};

/// A replacement, as its write needs it.
struct EmailReplacement {
  std::string email;
  EmailRule rule;
  std::string client, device;
  std::int64_t audit_id = 0;
  std::array<PostingDesk, 2> desks;
};

/// Inside a transaction: gives `account` the address. Its old one, if the account had proved or claimed it, is told and
/// gets a link that undoes the change for 7 days; all other links end. The same address changes nothing. Refuses
/// email_taken, and limited while the caps of the old address leave no room for that link.
Result<void> replace_email(Transaction& transaction, const Account& account, const EmailReplacement& wanted);

/// What the page of a live link shows.
struct EmailUndoLink {
  std::string username;
  std::string old_email;  ///< that it would be again
  std::string email;      ///< that it is now
};
/// Looks without using. Refuses uid_unknown, link_unknown, link_used, link_expired, limited.
Task<Result<EmailUndoLink>> look_at_email_undo_link(std::string uid, Secret<> secret, const Caller& caller,
                                                    OutboxDeps deps);
/// Takes the account back: the old address is its own again, verified; it is active; every credential and link ends,
/// and with them what later changes would undo. Refuses what looking refuses, and email_taken if another account has
/// verified the address since.
Task<Result<void>> undo_email_change(std::string uid, Secret<> secret, const Caller& caller, OutboxDeps deps);

}  // namespace propusk::core
