// Sign-in by a provider: from an identity that was vouched for to an open session, in one transaction.
#pragma once
#include <optional>

#include "base/language.hpp"
#include "core/social/provider_gateway.hpp"
#include "core/social/social_deps.hpp"

namespace propusk::core {

struct ProviderAttempt {
  VouchedIdentity identity;
  CredentialDraft draft;
  std::optional<Digest> presented{};  ///< the credential that the client already sends, if any
  bool replaces_presented = false;    ///< it ends even if it is the same account's: the new one is fresh
  std::optional<Language> language{};
};

/// Whoever comes for the first time gets an account (core/social/new_person.hpp). Refuses provider_refused (no usable
/// subject), email_taken, bad_credentials (disabled, pending, gone), grant_refused (open_session()), limited.
Task<Result<SignedIn>> sign_in_with_provider(ProviderAttempt attempt, const Caller& caller, SocialDeps deps);

/// What a provider's failure is to a caller: provider_unknown, provider_refused, provider_revoked, provider_failed.
Refusal refusal_of(ProviderFailure failure);

}  // namespace propusk::core
