// E-mail administration: an operator's word in place of a mailed link. Every change leaves its audit events in its
// transaction.
#pragma once
#include <string>

#include "base/task.hpp"
#include "core/admin/administration.hpp"

namespace propusk::core {

/// Makes a pending account active; with `verifies_email` its address is its own as if a link mailed there had been
/// followed, also that of an active account. What is so already is fine. Refuses account_unknown, account_disabled,
/// email_malformed for an address to verify that is not there, email_taken.
Task<Result<void>> activate_by_word(AccountId account, bool verifies_email, Operator by, AdministrationDeps deps);

/// An address by an operator's word.
struct EmailWord {
  std::string address;
  bool is_verified = false;
};
/// Gives the account an address: verified, or claimed, which is refused if somebody has verified or claimed it
/// (DESIGN.md §7). A verification drops the claims of others. Every link mailed to the account ends, those that undo a
/// change too; a username that was the old address becomes the new one. A pending account stays pending. An address
/// that the account has already keeps what it is, unless it is verified now. Refuses account_unknown, email_malformed,
/// email_taken.
Task<Result<void>> set_email_by_word(AccountId account, EmailWord word, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
