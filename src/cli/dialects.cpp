// What each dialect takes of the core, in one place.
#include "cli/dialects.hpp"

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
      web_{.recovery = recovery(),
           .profile = profile("web"),
           .gate = gate(),
           .site_name = "",
           .clock = deps.foundations.clock,
           .captured_mail = std::move(captured_mail)} {}

void Dialects::mount(http::Router& router) {
  mobile::mount(router, mobile_);
  envelope::mount(router, envelope_);
  web::mount(router, web_);
}

void Dialects::settle_on(const std::string& origin, const std::string& site_name) {
  for (http::CrossSiteGate* gate : {&mobile_.gate, &envelope_.gate, &web_.gate}) gate->public_origin = origin;
  web_.site_name = site_name;
}

core::OutboxDeps Dialects::outbox() const {
  Foundations& on = deps_.foundations;
  return {*on.store, deps_.limits, on.clock, on.random, deps_.outbox_settings};
}

core::RegistrationDeps Dialects::registration(std::string_view dialect) const {
  Foundations& on = deps_.foundations;
  return {*on.store, on.hasher, deps_.limits, on.clock, on.random, on.policy, deps_.outcomes.registrations, dialect};
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

core::RecoveryDeps Dialects::recovery() const {
  return {outbox(), deps_.foundations.hasher, deps_.foundations.policy, deps_.outcomes.recoveries_asked,
          deps_.outcomes.recoveries};
}

http::CrossSiteGate Dialects::gate() const {
  return {.public_origin = "", .listed_origins = {}, .on_loopback = deps_.settings.server.listen.is_loopback()};
}

}  // namespace propusk::cli
