// Fuzzes CSRF tokens: only tokens hold secrets, and agreement is symmetric.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bug.hpp"
#include "dialects/mobile/csrf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::string_view a = input.substr(0, size / 2), b = input.substr(size / 2);
  const bool agree = mobile::hold_same_secret(a, b);
  require(agree == mobile::hold_same_secret(b, a), "agreement is symmetric");
  require(!agree || (mobile::is_csrf_token(a) && mobile::is_csrf_token(b)), "only tokens agree");
  require(!mobile::is_csrf_token(a) || mobile::hold_same_secret(a, a), "a token agrees with itself");
  return 0;
}
