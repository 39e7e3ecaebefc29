// Vouched e-mail: an address that a provider proved is proved here too.
#pragma once
#include <string>

#include "core/store.hpp"

namespace propusk::core {

/// Makes the address the account's own, verified: claims on it lose, and names that hang on it. Refuses email_taken if
/// another account has verified it.
Result<void> take_vouched_email(Transaction& transaction, AccountId account, const std::string& email, Instant now);

}  // namespace propusk::core
