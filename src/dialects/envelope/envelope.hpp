// Envelope: the dialect of form posts, HTTP 200 and {"status","result","error"} with integer codes (CONTRACTS.md §2).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/profile/profile.hpp"
#include "core/recovery/recovery.hpp"
#include "core/registration/registration.hpp"
#include "core/sessions/sessions.hpp"
#include "core/sign_in/sign_in.hpp"
#include "http/cross_site.hpp"
#include "http/router.hpp"

namespace propusk::envelope {

inline constexpr std::string_view dialect_name = "envelope";

/// Which of the two historic shapes is spoken (CONTRACTS.md §2, recommendation 1).
enum class Shape : std::uint8_t {
  seed,  ///< register without `result`; elsewhere `{}` where there is nothing to tell; edit tells a boolean per key
  list,  ///< `result` everywhere, `[]` where there is nothing to tell
};

struct EnvelopeSettings {
  Shape shape = Shape::seed;
  std::string cookie_domain;         ///< "" = host-only cookies
  std::string min_client_version{};  ///< of X-Client-Version, where a client says it; "" = any
};

/// What the handlers share; lives as long as the server.
struct Envelope {
  core::RegistrationDeps registration;
  core::SignInDeps sign_in;  ///< with tells_disabled: code 42
  core::ProfileDeps profile;
  core::RecoveryDeps recovery;
  http::CrossSiteGate gate;
  EnvelopeSettings settings;
  const Clock& clock;
  Random& random;
};

/// Adds the dialect's table to a router. `envelope` outlives the router.
void mount(http::Router& router, Envelope& envelope);

}  // namespace propusk::envelope
