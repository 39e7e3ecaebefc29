// Web: the hosted pages: a dialect whose wire format is HTML (UX.md §2).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/profile/profile.hpp"
#include "core/recovery/recovery.hpp"
#include "http/cross_site.hpp"
#include "http/router.hpp"
#include "web/assets.hpp"
#include "web/templates.hpp"

namespace propusk::web {

/// Paths that mailed links point to; `{uid}` and `{token}` are the parts of the link.
inline constexpr const char* recovery_link_path = "/auth/restore/{uid}/{token}/";
inline constexpr const char* email_change_link_path = "/auth/email/{uid}/{token}/";

/// A message as it was sent or kept.
struct Captured {
  std::string id, kind, recipient, subject, text, html;
  Instant at{};
};

/// What the handlers share; lives as long as the server.
struct Web {
  core::RecoveryDeps recovery;
  core::ProfileDeps profile;
  http::CrossSiteGate gate;
  std::string site_name;
  const Clock& clock;
  std::function<std::vector<Captured>()> captured_mail;  ///< only with --dev: the inbox at /-/dev/mail; newest first
  Templates templates{};
  Assets assets{};
};

/// Adds the pages and their assets to a router; with `captured_mail` the development inbox too. `web` outlives it.
void mount(http::Router& router, Web& web);

}  // namespace propusk::web
