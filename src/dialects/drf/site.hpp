// Site: what every view of Django REST framework's dialects reads of the server it stands in.
#pragma once
#include <cstdint>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "core/keys/key_ring.hpp"
#include "core/sessions/sessions.hpp"
#include "http/cors.hpp"

namespace propusk::drf {

enum class TextLanguage : std::uint8_t { en, ru, negotiate };

struct Site {
  core::SessionDeps sessions;
  const core::KeyRing& keys;
  TextLanguage language = TextLanguage::en;
  http::CorsRules cors{};
  const Clock& clock;
  Random& random;
};

}  // namespace propusk::drf
