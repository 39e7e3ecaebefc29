// Mobile: the dialect of form posts, plain text answers and the csrftoken and sessionid cookies (CONTRACTS.md §1).
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/registration/registration.hpp"
#include "core/sessions/sessions.hpp"
#include "core/sign_in/sign_in.hpp"
#include "http/cross_site.hpp"
#include "http/router.hpp"

namespace propusk::mobile {

inline constexpr std::string_view dialect_name = "mobile";

struct MobileSettings {
  int create_failure_status = 200;  ///< of `something went wrong`: 200 as recorded, 500 or 503 (CONTRACTS.md §1, 5)
  std::string cookie_domain;        ///< "" = host-only cookies
};

/// What the handlers share; lives as long as the server.
struct Mobile {
  core::RegistrationDeps registration;
  core::SignInDeps sign_in;
  http::CrossSiteGate gate;
  MobileSettings settings;
  const Clock& clock;
  Random& random;
  std::function<void()> on_creation_failed;  ///< every `something went wrong` reaches the log (CONTRACTS.md §1, 5)
};

/// Adds the dialect's table to a router. `mobile` outlives the router.
void mount(http::Router& router, Mobile& mobile);

}  // namespace propusk::mobile
