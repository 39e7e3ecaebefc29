// SocialDeps: what signing in by a provider, connecting and disconnecting need.
#pragma once
#include "core/audit/outcomes.hpp"
#include "core/sign_in/sign_in.hpp"
#include "core/social/provider_gateway.hpp"

namespace propusk::core {

struct SocialDeps {
  SignInDeps sign_in;  ///< its outcomes count passwords; those of providers are apart
  ProviderGateway& gateway;
  OutcomeCounters& provider_sign_ins;
  OutcomeCounters& connections;
  OutcomeCounters& disconnections;
  bool links_by_mailbox = true;  ///< social.link_verified_email
};

}  // namespace propusk::core
