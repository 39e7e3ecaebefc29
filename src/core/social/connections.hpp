// Connections: the owner of an account connects it to a person at a provider, and disconnects it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/sessions/bearer.hpp"
#include "core/social/social_deps.hpp"
#include "core/social/social_link.hpp"

namespace propusk::core {

/// What the owner sees: imported rows that nobody has come by are not shown.
Task<std::vector<SocialLink>> list_identities(AccountId account, const Caller& caller, SocialDeps deps);

struct IdentityConnection {
  Bearer bearer;
  VouchedIdentity identity;
  std::optional<Secret<>> password{};  ///< nothing: the sign-in is fresh (core/sessions/freshness.hpp)
};
/// Connecting twice is fine and tells nobody again. An address that is the account's own and that the provider vouches
/// for becomes verified. The owner is told by mail. Refuses bad_credentials, not_fresh, not_signed_in,
/// account_disabled, provider_refused, identity_taken, limited, overloaded; and identity_taken too beyond
/// social_links_per_account.
Task<Result<void>> connect_identity(IdentityConnection wanted, const Caller& caller, SocialDeps deps);

struct IdentityDisconnection {
  Bearer bearer;
  std::string provider;
  std::optional<std::string> subject{};  ///< nothing: every person there
  std::optional<Secret<>> password{};
};
/// Refuses as above, identity_unknown and last_way_in. The owner is told by mail.
Task<Result<void>> disconnect_identity(IdentityDisconnection wanted, const Caller& caller, SocialDeps deps);

}  // namespace propusk::core
