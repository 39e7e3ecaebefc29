// Djoser: the dialect of JSON REST, `Authorization: Token` and JWTs (CONTRACTS.md §3.1).
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/activation/activation.hpp"
#include "core/profile/changes.hpp"
#include "core/recovery/recovery.hpp"
#include "core/registration/registration.hpp"
#include "core/sign_in/sign_in.hpp"
#include "core/social/social_deps.hpp"
#include "core/tokens/refresh.hpp"
#include "dialects/drf/site.hpp"
#include "http/router.hpp"

namespace propusk::djoser {

inline constexpr std::string_view dialect_name = "djoser";

/// Which set of fields is spoken (CONTRACTS.md §3 "Profiles").
enum class Profile : std::uint8_t {
  seed,   ///< `email password re_password`; the username is the e-mail; sign-in by either of them
  email,  ///< the same without usernames: USERNAME_FIELD and LOGIN_FIELD are `email`
  stock,  ///< django.contrib.auth's User: `username`, an e-mail that need not be one's own
};

struct DjoserSettings {
  Profile profile = Profile::seed;
  std::string prefix = "/auth";
  bool needs_activation = true;
  bool sends_confirmation = false;
  std::vector<core::ProfileField> fields{};  ///< what people may tell beside their e-mail, in their order
  bool ends_all_tokens = false;              ///< `token/logout` ends every token of the account
  core::CredentialLife token_life = core::row_of(core::CredentialKind::auth_token).life;
  core::CredentialLife refresh_life = core::row_of(core::CredentialKind::jwt_refresh).life;
  std::vector<std::string> redirect_uris{};  ///< where providers may send people back to, to the letter
  std::string cookie_domain{};               ///< of the cookie that keeps a redirect; "": this host alone
  seconds access_lifetime{300};              ///< CONTRACTS.md §3.1 "jwt": 5 minutes
  std::string origin{};                      ///< of the links in answers; set when the port is known
};

/// How an address is replaced, here and on the hosted pages.
core::EmailRule email_rule(const DjoserSettings& settings);

/// What the handlers share; lives as long as the server.
struct Djoser {
  core::RegistrationDeps registration;
  core::SignInDeps sign_in;
  core::ProfileDeps profile;
  core::RecoveryDeps recovery;
  core::ActivationDeps activation;
  core::RefreshDeps refresh;
  core::SocialDeps social;
  DjoserSettings settings;
  drf::Site site;
};

/// Adds the dialect's routes, below the prefix of its settings, to a router. `djoser` outlives the router.
void mount(http::Router& router, Djoser& djoser);

}  // namespace propusk::djoser
