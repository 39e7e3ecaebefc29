// Identity owner: which connection an identity finds, if any.
#pragma once
#include <optional>

#include "core/social/provider_gateway.hpp"
#include "core/social/social_link_store.hpp"

namespace propusk::core {

/// By (provider, subject); never one that was imported: its subject is not the provider's own.
std::optional<SocialLink> find_link(const SocialLinkStore& links, const ProviderIdentity& identity);
/// One that an old system kept under the address, if the provider vouches for that very mailbox.
std::optional<SocialLink> find_imported(const SocialLinkStore& links, const ProviderIdentity& identity);
/// The connection as it is written now.
SocialLink link_of(const ProviderIdentity& identity, AccountId account, Instant now);

}  // namespace propusk::core
