// The form in which a password is hashed: NFC, so that two keyboards that compose differently agree (DESIGN.md §7).
#pragma once
#include <optional>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "core/passwords/password_policy.hpp"

namespace propusk::core {

/// Nothing for a password that no account can have: not UTF-8, empty, or over the limit.
inline std::optional<Secret<>> normal_password(const Secret<>& typed) {
  if (typed.reveal().empty() || typed.reveal().size() > password_bytes_limit) return std::nullopt;
  std::optional<std::string> composed = nfc(typed.reveal());
  if (!composed) return std::nullopt;
  return Secret<>(std::move(*composed));
}

}  // namespace propusk::core
