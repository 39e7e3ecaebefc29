// Web: the hosted pages: a dialect whose wire format is HTML (UX.md §2).
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/accounts/names.hpp"
#include "core/activation/activation.hpp"
#include "core/clients/authentication.hpp"
#include "core/outbox/outbox.hpp"
#include "core/profile/email_replacement.hpp"
#include "core/profile/profile.hpp"
#include "core/recovery/recovery.hpp"
#include "core/registration/registration.hpp"
#include "core/social/connections.hpp"
#include "http/cross_site.hpp"
#include "http/router.hpp"
#include "web/assets.hpp"
#include "web/templates.hpp"

namespace propusk::web {

/// Paths that mailed links point to; `{uid}` and `{token}` are the parts of the link.
inline constexpr const char* recovery_link_path = "/auth/restore/{uid}/{token}/";
inline constexpr const char* email_change_link_path = "/auth/email/{uid}/{token}/";
inline constexpr const char* email_undo_link_path = "/auth/email/undo/{uid}/{token}/";

/// The same where operators choose them; each is served with and without a slash at its end. "": the links lead to a
/// page of somebody else, and there is none here.
struct Paths {
  std::string activation = "/auth/activate/{uid}/{token}";
  std::string password_reset = "/auth/password/reset/confirm/{uid}/{token}";
  std::string username_reset = "/auth/username/reset/confirm/{uid}/{token}";
};

/// A provider as a button above a form.
struct ProviderButton {
  std::string label;  ///< `Google`
  std::string url;    ///< a path of ours from which the way leads there
};

/// What whoever signs up on our pages gives, and what follows; operators choose.
struct SignUpRule {
  bool asks_username = false;  ///< else people sign in by address, and the username is the address
  core::UsernameShape shape = core::UsernameShape::address;
  bool email_is_optional = false;
  bool claims_email = true;
  bool needs_activation = true;
  bool sends_confirmation = false;
};

/// A message as it was sent or kept.
struct Captured {
  std::string id, kind, recipient, subject, text, html;
  Instant at{};
};

/// What the handlers share; lives as long as the server.
struct Web {
  core::RecoveryDeps recovery;
  core::ProfileDeps profile;
  core::ActivationDeps activation;
  core::OutboxDeps outbox;  ///< for other usernames, and for taking accounts back
  core::RegistrationDeps registration;
  core::ClientDeps clients;
  core::SocialDeps social;
  core::ProviderGateway& gateway;
  http::CrossSiteGate gate;
  std::string site_name;
  const Clock& clock;
  Random& random;
  std::function<std::vector<Captured>()> captured_mail;  ///< only with --dev: the inbox at /-/dev/mail; newest first
  std::optional<core::EmailRule> reset_as_email{};  ///< people sign in by address: that is what is asked for instead
  Paths paths{};
  SignUpRule sign_up{};
  std::vector<core::ProfileField> fields{};  ///< of the profile that people may change here
  std::vector<ProviderButton> providers{};   ///< on the pages for signing in and up, in this order
  std::string cookie_domain{};               ///< of the session's cookie; "": this host alone
  std::string api_prefix = "/auth";          ///< below it: authorize, login/{backend} and complete/{backend}
  Templates templates{};
  Assets assets{};
};

/// Adds the pages and their assets to a router; with `captured_mail` the development inbox too. `web` outlives it. A
/// path of `web.paths` that is another's is a Bug.
void mount(http::Router& router, Web& web);

}  // namespace propusk::web
