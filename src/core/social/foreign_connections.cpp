// What a thief of an account would come back by.
#include "core/social/foreign_connections.hpp"

namespace propusk::core {

void end_foreign_connections(Transaction& transaction, AccountId account, const ConnectionsEnding& ending) {
  const std::string mailbox = mailbox_of(ending.email);
  std::string ended;
  for (const SocialLink& link : transaction.social_links().list(account)) {
    if (link.mailbox == mailbox) continue;
    transaction.social_links().erase(link.provider, link.subject);
    ended += (ended.empty() ? "" : ",") + link.provider;
  }
  if (ended.empty()) return;
  transaction.audit().append({.id = ending.event_id,
                              .at = ending.now,
                              .action = AuditAction::identity_disconnected,
                              .account = account,
                              .actor = "client " + ending.client,
                              .detail = "provider=" + ended + " by=mailbox"});
}

}  // namespace propusk::core
