// What each dialect takes of the core, in one place.
#include "cli/dialects.hpp"

#include <algorithm>
#include <utility>

#include "cli/provider_settings.hpp"

namespace propusk::cli {
namespace {
envelope::Shape shape_of(config::EnvelopeShape shape) {
  switch (shape) {
    case config::EnvelopeShape::seed: return envelope::Shape::seed;
    case config::EnvelopeShape::list: return envelope::Shape::list;
  }
  return envelope::Shape::seed;
}
djoser::Profile profile_of(config::DjoserProfile profile) {
  switch (profile) {
    case config::DjoserProfile::seed: return djoser::Profile::seed;
    case config::DjoserProfile::email: return djoser::Profile::email;
    case config::DjoserProfile::stock: return djoser::Profile::stock;
  }
  return djoser::Profile::seed;
}

drf::TextLanguage language_of(config::DjoserLanguage language) {
  switch (language) {
    case config::DjoserLanguage::en: return drf::TextLanguage::en;
    case config::DjoserLanguage::ru: return drf::TextLanguage::ru;
    case config::DjoserLanguage::negotiate: return drf::TextLanguage::negotiate;
  }
  return drf::TextLanguage::en;
}

/// Where people sign in by their address, a reset of the name replaces it.
std::optional<core::EmailRule> reset_as_email(const djoser::DjoserSettings& settings) {
  if (settings.profile != djoser::Profile::email) return std::nullopt;
  return djoser::email_rule(settings);
}

web::Paths paths_of(const config::Settings::Djoser& djoser) {
  return {.activation = config::link_path(djoser.activation_url),
          .password_reset = config::link_path(djoser.password_reset_confirm_url),
          .username_reset = config::link_path(djoser.username_reset_confirm_url)};
}

/// Pages ask for what the djoser dialect asks for.
web::SignUpRule sign_up_of(const djoser::DjoserSettings& settings) {
  const bool is_stock = settings.profile == djoser::Profile::stock;
  return {.asks_username = is_stock,
          .shape = is_stock ? core::UsernameShape::word : core::UsernameShape::address,
          .email_is_optional = is_stock,
          .claims_email = !is_stock,
          .needs_activation = settings.needs_activation,
          .sends_confirmation = settings.sends_confirmation};
}

std::vector<web::ProviderButton> buttons_of(const core::ProviderGateway& gateway, const std::string& prefix) {
  std::vector<web::ProviderButton> buttons;
  for (const core::OfferedProvider& provider : gateway.offered())
    if (provider.takes_codes) buttons.push_back({provider.label, prefix + "/login/" + provider.name + "/"});
  return buttons;
}

/// In the order of the registry, whatever the order of the setting.
std::vector<core::ProfileField> fields_of(const std::vector<std::string>& names) {
  std::vector<core::ProfileField> fields;
  for (const core::ProfileFieldRow& row : core::profile_fields)
    if (std::ranges::find(names, row.name) != names.end()) fields.push_back(row.field);
  return fields;
}
}  // namespace

Dialects::Dialects(DialectsDeps deps, std::function<std::vector<web::Captured>()> captured_mail)
    : deps_(deps),
      mobile_(mobile()),
      envelope_(envelope()),
      djoser_(djoser()),
      oauth_(oauth()),
      web_(web(std::move(captured_mail))) {}

mobile::Mobile Dialects::mobile() const {
  return {.registration = registration(mobile::dialect_name),
          .sign_in = sign_in(mobile::dialect_name, false),
          .gate = gate(),
          .settings = {.create_failure_status = static_cast<int>(deps_.settings.mobile.create_failure_status),
                       .cookie_domain = deps_.settings.sessions.cookie_domain},
          .clock = deps_.foundations.clock,
          .random = deps_.foundations.random,
          .on_creation_failed = [&log = deps_.foundations.log] {
            log.error("registration.creation_failed",
                      "no free account id was found in eight draws; the client was told so");
          }};
}

envelope::Envelope Dialects::envelope() const {
  return {.registration = registration(envelope::dialect_name),
          .sign_in = sign_in(envelope::dialect_name, true),
          .profile = profile(envelope::dialect_name),
          .recovery = recovery(),
          .gate = gate(),
          .settings = {.shape = shape_of(deps_.settings.envelope.shape),
                       .cookie_domain = deps_.settings.sessions.cookie_domain,
                       .min_client_version = deps_.settings.envelope.min_client_version},
          .clock = deps_.foundations.clock,
          .random = deps_.foundations.random};
}

drf::Site Dialects::site() const {
  Foundations& on = deps_.foundations;
  return {.sessions = sign_in(djoser::dialect_name, false).sessions,
          .keys = on.ring,
          .language = language_of(deps_.settings.djoser.language),
          .cors = {.origins = deps_.settings.cors.origins,
                   .is_of_client =
                       [&clients = on.live.clients()](std::string_view origin) { return clients.has_origin(origin); },
                   .has_client_origins = [&clients = on.live.clients()] { return clients.has_origins(); }},
          .clock = on.clock,
          .random = on.random};
}

djoser::Djoser Dialects::djoser() const {
  return {.registration = registration(djoser::dialect_name),
          .sign_in = sign_in(djoser::dialect_name, false),
          .profile = profile(djoser::dialect_name),
          .recovery = recovery(core::MailKind::password_reset),
          .activation = activation(),
          .refresh = {.sessions = sign_in(djoser::dialect_name, false).sessions,
                      .refreshes = deps_.outcomes.token_refreshes,
                      .life = djoser_settings().refresh_life},
          .social = social(djoser::dialect_name),
          .settings = djoser_settings(),
          .site = site()};
}

oauth::Oauth Dialects::oauth() const {
  return {.sign_in = sign_in(oauth::dialect_name, false),
          .social = social(oauth::dialect_name),
          .refresh = {.sessions = sign_in(oauth::dialect_name, false).sessions,
                      .refreshes = deps_.outcomes.token_refreshes,
                      .life = oauth_settings().refresh_life},
          .clients = clients(),
          .settings = oauth_settings(),
          .site = site()};
}

web::Web Dialects::web(std::function<std::vector<web::Captured>()> captured_mail) const {
  return {.recovery = recovery(),
          .profile = profile("web"),
          .activation = activation(),
          .outbox = outbox(),
          .registration = registration("web"),
          .clients = clients(),
          .social = social("web"),
          .gateway = deps_.gateway,
          .gate = gate(),
          .site_name = "",
          .clock = deps_.foundations.clock,
          .random = deps_.foundations.random,
          .captured_mail = std::move(captured_mail),
          .reset_as_email = reset_as_email(djoser_settings()),
          .paths = paths_of(deps_.settings.djoser),
          .sign_up = sign_up_of(djoser_settings()),
          .fields = fields_of(deps_.settings.djoser.profile_fields),
          .providers = buttons_of(deps_.gateway, deps_.settings.djoser.prefix),
          .cookie_domain = deps_.settings.sessions.cookie_domain,
          .api_prefix = deps_.settings.djoser.prefix};
}

void Dialects::mount(http::Router& router) {
  mobile::mount(router, mobile_);
  envelope::mount(router, envelope_);
  djoser::mount(router, djoser_);
  oauth::mount(router, oauth_);
  web::mount(router, web_);
}

void Dialects::settle_on(const std::string& origin, const std::string& site_name) {
  for (http::CrossSiteGate* gate : {&mobile_.gate, &envelope_.gate, &web_.gate}) gate->public_origin = origin;
  djoser_.settings.origin = origin;
  oauth_.settings.origin = origin;
  web_.site_name = site_name;
}

core::OutboxDeps Dialects::outbox() const {
  Foundations& on = deps_.foundations;
  return {*on.store, deps_.limits, on.clock, on.random, deps_.outbox_settings};
}

core::RegistrationDeps Dialects::registration(std::string_view dialect) const {
  Foundations& on = deps_.foundations;
  return {*on.store,
          on.hasher,
          deps_.limits,
          on.clock,
          on.random,
          on.policy,
          deps_.outcomes.registrations,
          dialect,
          deps_.outbox_settings};
}

core::SignInDeps Dialects::sign_in(std::string_view dialect, bool tells_disabled) const {
  Foundations& on = deps_.foundations;
  return {{*on.store, on.live, deps_.limits, on.clock, on.random},
          on.hasher,
          deps_.outcomes.sign_ins,
          outbox(),
          dialect,
          tells_disabled};
}

core::ProfileDeps Dialects::profile(std::string_view dialect) const {
  return {sign_in(dialect, true), outbox(), deps_.foundations.policy, deps_.outcomes.profile_edits};
}

core::RecoveryDeps Dialects::recovery(core::MailKind letter) const {
  return {outbox(),
          deps_.foundations.hasher,
          deps_.foundations.policy,
          deps_.outcomes.recoveries_asked,
          deps_.outcomes.recoveries,
          letter};
}

core::ActivationDeps Dialects::activation() const {
  return {.outbox = outbox(),
          .asked = deps_.outcomes.activations_asked,
          .completed = deps_.outcomes.activations,
          .sends_confirmation = deps_.settings.djoser.confirmation_mail};
}

djoser::DjoserSettings Dialects::djoser_settings() const {
  const config::Settings::Djoser& from = deps_.settings.djoser;
  core::CredentialLife refresh = core::row_of(core::CredentialKind::jwt_refresh).life;
  refresh.lifetime = from.jwt_refresh_lifetime;
  refresh.longest = std::max(refresh.longest, refresh.lifetime);
  return {.profile = profile_of(from.profile),
          .prefix = from.prefix,
          .needs_activation = from.needs_activation(),
          .sends_confirmation = from.confirmation_mail,
          .fields = fields_of(from.profile_fields),
          .ends_all_tokens = from.logout == config::TokenLogout::all,
          .token_life = {from.token_lifetime, from.token_idle},
          .refresh_life = refresh,
          .redirect_uris = social_redirect_uris(deps_.settings),
          .cookie_domain = deps_.settings.sessions.cookie_domain,
          .access_lifetime = from.jwt_access_lifetime};
}

core::ClientDeps Dialects::clients() const { return {*deps_.foundations.store, deps_.foundations.live.clients()}; }

core::SocialDeps Dialects::social(std::string_view dialect) const {
  return {.sign_in = sign_in(dialect, false),
          .gateway = deps_.gateway,
          .provider_sign_ins = deps_.outcomes.provider_sign_ins,
          .connections = deps_.outcomes.connections,
          .disconnections = deps_.outcomes.disconnections,
          .links_by_mailbox = deps_.settings.social.link_verified_email == config::LinkVerifiedEmail::authoritative};
}

oauth::OauthSettings Dialects::oauth_settings() const {
  core::CredentialLife refresh = core::row_of(core::CredentialKind::oauth_refresh).life;
  refresh.lifetime = deps_.settings.oauth.refresh_lifetime;
  return {.prefix = deps_.settings.djoser.prefix,
          .takes_passwords = deps_.settings.oauth.password_grant,
          .access_lifetime = deps_.settings.oauth.access_lifetime,
          .refresh_life = refresh};
}

http::CrossSiteGate Dialects::gate() const {
  return {.public_origin = "", .listed_origins = {}, .on_loopback = deps_.settings.server.listen.is_loopback()};
}

}  // namespace propusk::cli
