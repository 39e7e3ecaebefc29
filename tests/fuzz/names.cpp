// Fuzzes what people type as names: canonical forms are stable, UTF-8, and exist for every well-formed name.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/passwords/password_policy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const std::string_view typed(reinterpret_cast<const char*>(bytes), size);
  if (const auto name = canonical_name(typed)) {
    require(is_utf8(*name), "a canonical name is UTF-8");
    require(canonical_name(*name) == name, "a canonical name is its own canonical name");
  }
  if (const auto email = canonical_email(typed)) {
    require(is_utf8(*email), "a canonical address is UTF-8");
    require(canonical_email(*email) == email, "a canonical address is its own canonical address");
  }
  if (core::is_username(typed, core::UsernameShape::slug))
    require(canonical_name(typed).has_value(), "every username has a canonical form");
  if (core::is_email(typed)) require(is_utf8(typed) && typed.contains('@'), "an address is text with an @");
  (void)core::PasswordPolicy{}.judge(Secret<>(std::string(typed)));
  return 0;
}
