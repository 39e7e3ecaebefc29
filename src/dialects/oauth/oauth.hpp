// Oauth: the dialect of registered clients: tokens for provider tokens, passwords, codes and themselves (CONTRACTS.md
// §3.2).
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "core/clients/authentication.hpp"
#include "core/sign_in/sign_in.hpp"
#include "core/social/social_deps.hpp"
#include "core/tokens/client_tokens.hpp"
#include "core/tokens/refresh.hpp"
#include "dialects/drf/site.hpp"
#include "http/router.hpp"

namespace propusk::oauth {

inline constexpr std::string_view dialect_name = "oauth";

struct OauthSettings {
  std::string prefix = "/auth";
  bool takes_passwords = false;  ///< the grant `password` (RFC 9700 §2.4 says: never)
  std::chrono::seconds access_lifetime = core::row_of(core::CredentialKind::oauth_access).life.lifetime;
  core::CredentialLife refresh_life = core::row_of(core::CredentialKind::oauth_refresh).life;
  core::IdentifierRule identifier = core::IdentifierRule::any;  ///< which names the grant `password` takes
  std::string origin{};  ///< of the addresses in the metadata; set when the port is known
};

/// What the handlers share; lives as long as the server.
struct Oauth {
  core::SignInDeps sign_in;
  core::SocialDeps social;
  core::RefreshDeps refresh;
  core::ClientDeps clients;
  OauthSettings settings;
  drf::Site site;
};

/// Adds the dialect's routes to a router. `oauth` outlives the router.
void mount(http::Router& router, Oauth& oauth);

}  // namespace propusk::oauth
