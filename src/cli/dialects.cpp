// What each dialect takes of the core, in one place.
#include "cli/dialects.hpp"

#include <algorithm>
#include <utility>

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

djoser::TextLanguage language_of(config::DjoserLanguage language) {
  switch (language) {
    case config::DjoserLanguage::en: return djoser::TextLanguage::en;
    case config::DjoserLanguage::ru: return djoser::TextLanguage::ru;
    case config::DjoserLanguage::negotiate: return djoser::TextLanguage::negotiate;
  }
  return djoser::TextLanguage::en;
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
      mobile_{.registration = registration(mobile::dialect_name),
              .sign_in = sign_in(mobile::dialect_name, false),
              .gate = gate(),
              .settings = {.create_failure_status = static_cast<int>(deps.settings.mobile.create_failure_status),
                           .cookie_domain = deps.settings.sessions.cookie_domain},
              .clock = deps.foundations.clock,
              .random = deps.foundations.random,
              .on_creation_failed =
                  [&log = deps.foundations.log] {
                    log.error("registration.creation_failed",
                              "no free account id was found in eight draws; the client was told so");
                  }},
      envelope_{.registration = registration(envelope::dialect_name),
                .sign_in = sign_in(envelope::dialect_name, true),
                .profile = profile(envelope::dialect_name),
                .recovery = recovery(),
                .gate = gate(),
                .settings = {.shape = shape_of(deps.settings.envelope.shape),
                             .cookie_domain = deps.settings.sessions.cookie_domain,
                             .min_client_version = deps.settings.envelope.min_client_version},
                .clock = deps.foundations.clock,
                .random = deps.foundations.random},
      djoser_{.registration = registration(djoser::dialect_name),
              .sign_in = sign_in(djoser::dialect_name, false),
              .profile = profile(djoser::dialect_name),
              .recovery = recovery(core::MailKind::password_reset),
              .activation = activation(),
              .refresh = {.sessions = sign_in(djoser::dialect_name, false).sessions,
                          .refreshes = deps.outcomes.token_refreshes,
                          .life = djoser_settings().refresh_life},
              .keys = deps.foundations.ring,
              .settings = djoser_settings(),
              .clock = deps.foundations.clock,
              .random = deps.foundations.random},
      web_{.recovery = recovery(),
           .profile = profile("web"),
           .activation = activation(),
           .outbox = outbox(),
           .gate = gate(),
           .site_name = "",
           .clock = deps.foundations.clock,
           .captured_mail = std::move(captured_mail),
           .reset_as_email = reset_as_email(djoser_settings()),
           .paths = paths_of(deps.settings.djoser)} {}

void Dialects::mount(http::Router& router) {
  mobile::mount(router, mobile_);
  envelope::mount(router, envelope_);
  djoser::mount(router, djoser_);
  web::mount(router, web_);
}

void Dialects::settle_on(const std::string& origin, const std::string& site_name) {
  for (http::CrossSiteGate* gate : {&mobile_.gate, &envelope_.gate, &web_.gate}) gate->public_origin = origin;
  djoser_.settings.origin = origin;
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
          .language = language_of(from.language),
          .needs_activation = from.needs_activation(),
          .sends_confirmation = from.confirmation_mail,
          .fields = fields_of(from.profile_fields),
          .ends_all_tokens = from.logout == config::TokenLogout::all,
          .token_life = {from.token_lifetime, from.token_idle},
          .refresh_life = refresh,
          .access_lifetime = from.jwt_access_lifetime,
          .cors = {deps_.settings.cors.origins}};
}

http::CrossSiteGate Dialects::gate() const {
  return {.public_origin = "", .listed_origins = {}, .on_loopback = deps_.settings.server.listen.is_loopback()};
}

}  // namespace propusk::cli
