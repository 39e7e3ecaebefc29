// Freshness: how long a sign-in counts as if the person had just shown who they are.
#pragma once
#include <chrono>

#include "core/sessions/credential.hpp"

namespace propusk::core {

/// So long after a sign-in it may do what else needs the password (SECURITY.md S8).
inline constexpr std::chrono::minutes freshness{10};

/// Whether the credential was opened by the sign-in itself: an access token of OAuth comes again and again without
/// anybody.
constexpr bool is_as_old_as_its_sign_in(CredentialKind kind) { return kind != CredentialKind::oauth_access; }

inline bool is_fresh_sign_in(const Credential& credential, Instant now) {
  return is_as_old_as_its_sign_in(credential.kind) && now - credential.created_at <= freshness;
}

}  // namespace propusk::core
