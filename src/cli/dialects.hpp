// Dialects: the wire formats of one server, each with what it takes of the core.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/foundations.hpp"
#include "config/settings.hpp"
#include "core/audit/outcomes.hpp"
#include "core/limits/limits.hpp"
#include "dialects/djoser/djoser.hpp"
#include "dialects/envelope/envelope.hpp"
#include "dialects/mobile/mobile.hpp"
#include "dialects/oauth/oauth.hpp"
#include "http/router.hpp"
#include "web/web.hpp"

namespace propusk::cli {

/// Outlives the dialects.
struct DialectsDeps {
  const config::Settings& settings;
  Foundations& foundations;
  core::Limits& limits;
  core::Outcomes& outcomes;
  const core::OutboxSettings& outbox_settings;
  core::ProviderGateway& gateway;
};

class Dialects {
 public:
  /// `captured_mail` only with --dev: what the development inbox shows.
  Dialects(DialectsDeps deps, std::function<std::vector<web::Captured>()> captured_mail);
  Dialects(const Dialects&) = delete;
  Dialects& operator=(const Dialects&) = delete;

  void mount(http::Router& router);
  /// What is only known once the port is bound. Before the first request.
  void settle_on(const std::string& origin, const std::string& site_name);

 private:
  [[nodiscard]] core::OutboxDeps outbox() const;
  [[nodiscard]] core::RegistrationDeps registration(std::string_view dialect) const;
  [[nodiscard]] core::SignInDeps sign_in(std::string_view dialect, bool tells_disabled) const;
  [[nodiscard]] core::ProfileDeps profile(std::string_view dialect) const;
  [[nodiscard]] core::RecoveryDeps recovery(core::MailKind letter = core::MailKind::recovery) const;
  [[nodiscard]] core::ActivationDeps activation() const;
  [[nodiscard]] core::SocialDeps social(std::string_view dialect) const;
  [[nodiscard]] core::ClientDeps clients() const;
  [[nodiscard]] mobile::Mobile mobile() const;
  [[nodiscard]] envelope::Envelope envelope() const;
  [[nodiscard]] drf::Site site() const;
  [[nodiscard]] djoser::Djoser djoser() const;
  [[nodiscard]] oauth::Oauth oauth() const;
  [[nodiscard]] web::Web web(std::function<std::vector<web::Captured>()> captured_mail) const;
  [[nodiscard]] djoser::DjoserSettings djoser_settings() const;
  [[nodiscard]] oauth::OauthSettings oauth_settings() const;
  [[nodiscard]] http::CrossSiteGate gate() const;

  DialectsDeps deps_;
  mobile::Mobile mobile_;
  envelope::Envelope envelope_;
  djoser::Djoser djoser_;
  oauth::Oauth oauth_;
  web::Web web_;
};

}  // namespace propusk::cli
