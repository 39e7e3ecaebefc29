// Only what is allowed passes; nothing is repaired, because a repaired address is the address of somebody else.
#include "platform/mail/mailbox.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/mail/plain_text.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t local_limit = 64, domain_limit = 255;  // RFC 5321 §4.5.3.1.1, §4.5.3.1.2

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

bool is_atom_byte(char byte) {
  return static_cast<unsigned char>(byte) >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || std::string_view("!#$%&'*+/=?^_`{|}~-").contains(byte);
}

bool is_dot_string(std::string_view local) {
  return !local.empty() && local.front() != '.' && local.back() != '.' && !local.contains("..") &&
         std::ranges::all_of(local, [](char byte) { return byte == '.' || is_atom_byte(byte); });
}

bool is_quoted_string(std::string_view local) {
  if (local.size() < 2 || local.front() != '"' || local.back() != '"') return false;
  local = local.substr(1, local.size() - 2);
  for (std::size_t at = 0; at < local.size(); ++at) {
    if (local[at] == '"') return false;
    if (local[at] == '\\' && ++at == local.size()) return false;
  }
  return true;
}

bool is_address_literal(std::string_view domain) {
  return domain.size() > 2 && domain.front() == '[' && domain.back() == ']' &&
         std::ranges::all_of(domain.substr(1, domain.size() - 2), [](char byte) {
           return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F') ||
                  std::string_view("IPv6:.").contains(byte);
         });
}

/// In A-labels; "" if it is no domain.
std::string ascii_domain(std::string_view domain) {
  if (is_address_literal(domain)) return std::string(domain);
  const auto canonical = canonical_email("x@" + std::string(domain));
  return canonical ? canonical->substr(2) : "";
}
}  // namespace

std::optional<Mailbox> mailbox(std::string_view typed) {
  const std::size_t at = typed.rfind('@');
  if (at == std::string_view::npos || plain_text(typed) != typed) return std::nullopt;
  const std::string_view local = typed.substr(0, at);
  if (local.size() > local_limit || !(is_dot_string(local) || is_quoted_string(local))) return std::nullopt;
  std::string domain = ascii_domain(typed.substr(at + 1));
  if (domain.empty() || domain.size() > domain_limit) return std::nullopt;
  return Mailbox{std::string(local), std::move(domain), !is_ascii(local)};
}

}  // namespace propusk::platform
