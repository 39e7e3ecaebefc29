// Own account: what its owner sees of it, and takes away.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/task.hpp"
#include "core/links/link.hpp"
#include "core/profile/profile.hpp"
#include "core/sessions/bearer.hpp"
#include "core/sessions/sessions.hpp"
#include "core/social/social_link.hpp"
#include "core/tokens/grant_store.hpp"

namespace propusk::core {

/// Whoever a live credential is of. No secret and no hash is in here.
struct OwnAccount {
  Bearer bearer;
  std::string username, email;  ///< as typed; no address: ""
  bool email_verified = false;
  std::string pending_email;  ///< waits for its link; "" if none does
  bool has_password = false;
  bool is_fresh = false;  ///< the sign-in is minutes old (core/sessions/freshness.hpp)
  ProfileFields fields;
  std::string language;  ///< "" if never said
  Instant created_at{}, password_changed_at{};
  std::optional<Instant> last_sign_in_at;
};
/// Refuses as find_live_session().
Task<Result<OwnAccount>> find_own_account(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps);

/// What happened to the account, newest first, at most `limit`. Refuses not_signed_in, account_disabled.
Task<Result<std::vector<AuditEvent>>> list_own_events(Bearer bearer, std::size_t limit, const Caller& caller,
                                                      SessionDeps deps);

/// All that is kept of a person, but secrets.
struct AccountExport {
  OwnAccount account;
  std::vector<Credential> credentials;  ///< live ones
  std::vector<AuditEvent> events;       ///< newest first
  std::vector<Link> links;              ///< live ones
  std::vector<SocialLink> connections;  ///< oldest first
  std::vector<Consent> consents;        ///< newest first
};
/// Writes down that it was asked for. Of a sign-in that is not fresh the password is asked, as by reauthenticate().
/// Refuses as that, not_signed_in, account_disabled, limited.
Task<Result<AccountExport>> export_own_data(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps);

}  // namespace propusk::core
