// Strict with what is ours, lenient only where the recorded servers were.
#include "core/links/link.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t secret_bytes = 32;   // SECURITY.md S6: 256 bits
constexpr std::size_t secret_length = 43;  // 32 bytes as unpadded base64url
constexpr std::size_t uid_limit = 26;      // base64url of the 19 digits of the largest 64-bit id

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
}  // namespace

std::optional<LinkPurpose> link_purpose(std::string_view name) {
  for (const LinkPurposeRow& row : link_purposes)
    if (row.name == name) return row.purpose;
  return std::nullopt;
}

Secret<> new_link_secret(Random& random) {
  auto drawn = random.bytes<secret_bytes>();
  Secret<> secret(to_base64url(drawn));
  OPENSSL_cleanse(drawn.data(), drawn.size());
  return secret;
}

bool is_link_secret(std::string_view text) {
  return text.size() == secret_length && std::ranges::all_of(text, is_base64url);
}

std::string uid_of(AccountId account) {
  return to_base64url(as_bytes(std::to_string(static_cast<std::int64_t>(account))));
}

std::optional<AccountId> account_of_uid(std::string_view uid) {
  if (uid.size() > uid_limit) return std::nullopt;
  const auto bytes = from_base64url(uid);
  if (!bytes || bytes->empty()) return std::nullopt;
  const auto* first = reinterpret_cast<const char*>(bytes->data());
  const auto* last = first + bytes->size();
  if (*first < '1' || *first > '9') return std::nullopt;  // no sign, no leading zero
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(first, last, id);
  if (error != std::errc{} || end != last) return std::nullopt;
  return AccountId{id};
}

}  // namespace propusk::core
