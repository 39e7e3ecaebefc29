// PasswordPolicy: which new passwords are accepted. Old ones are never judged again.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/secret.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// The most bytes of a password that anything looks at; longer ones are refused before hashing (CONTRACTS.md §5).
inline constexpr std::size_t password_bytes_limit = 4096;

struct PasswordPolicy {
  std::size_t min_length = 8;  ///< code points (NIST SP 800-63B-4 §3.1.1; CONTRACTS.md §1 "Rules")
  /// Every problem of the password: too short, too long, common, all digits, not UTF-8.
  [[nodiscard]] Refusals judge(const Secret<>& password) const;
};

/// True if the password, lower-cased and stripped, is among the 20,000 most common ones (Django's list).
bool is_common_password(std::string_view utf8);

}  // namespace propusk::core
