// Foreign connections: whoever proves to read an account's mailbox gets it without the connections that others made to
// it (SECURITY.md O4, the trojan identifier).
#pragma once
#include <string>

#include "core/store.hpp"

namespace propusk::core {

struct ConnectionsEnding {
  std::string email;      ///< whose reader gets the account back
  std::int64_t event_id;  ///< drawn before the transaction
  Instant now{};
  std::string client;  ///< address, as text
};

/// Ends every connection of the account but those to identities whose own mailbox is `email`, with one audit event.
void end_foreign_connections(Transaction& transaction, AccountId account, const ConnectionsEnding& ending);

}  // namespace propusk::core
