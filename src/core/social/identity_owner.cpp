// The key is the provider's own id of the person (DESIGN.md §6.10).
#include "core/social/identity_owner.hpp"

#include "core/social/told.hpp"

namespace propusk::core {

std::optional<SocialLink> find_link(const SocialLinkStore& links, const ProviderIdentity& identity) {
  std::optional<SocialLink> link = links.find(identity.provider, identity.subject);
  if (link && link->is_imported) link.reset();
  return link;
}

std::optional<SocialLink> find_imported(const SocialLinkStore& links, const ProviderIdentity& identity) {
  const std::string mailbox = mailbox_of(vouched_email(identity));
  if (mailbox.empty() || mailbox_of(identity.imported_subject) != mailbox) return std::nullopt;
  std::optional<SocialLink> link = links.find(identity.provider, identity.imported_subject);
  if (link && !link->is_imported) link.reset();
  return link;
}

SocialLink link_of(const ProviderIdentity& identity, AccountId account, Instant now) {
  return {.provider = identity.provider,
          .subject = identity.subject,
          .account = account,
          .is_imported = false,
          .display = display_of(identity),
          .mailbox = own_mailbox(identity),
          .created_at = now,
          .used_at = {}};
}

}  // namespace propusk::core
