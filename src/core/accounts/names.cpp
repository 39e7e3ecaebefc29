// The recorded servers' own rules for names: Django's SlugField expression and EmailValidator.
#include "core/accounts/names.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/client_address.hpp"
#include "base/text.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t username_limit = 150;  // auth_user.username varchar(150), CONTRACTS.md §1 "Rules"
constexpr std::size_t address_limit = 254;   // django.db.models.EmailField

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= username_limit &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

/// What would be another name to the eye, or another path.
bool is_word_name(std::string_view text) {
  if (text.empty() || !is_utf8(text) || code_points(text) > username_limit) return false;
  return std::ranges::all_of(to_code_points(text), [](char32_t point) { return point != U'/' && is_graphic(point); });
}

bool is_handle(std::string_view text) {
  constexpr std::size_t handle_limit = 30;
  return !text.empty() && text.size() <= handle_limit &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || std::string_view("_@+.-").contains(c); });
}

/// RFC 5321 dot-string, as Django's user_regex spells it.
bool is_dot_string(std::string_view local) {
  constexpr std::string_view atom_extra = "!#$%&'*+/=?^_`{}|~-";
  bool atom_open = false;
  for (char c : local) {
    if (c == '.') {
      if (!atom_open) return false;
      atom_open = false;
    } else if (is_alphanumeric(c) || atom_extra.contains(c)) {
      atom_open = true;
    } else {
      return false;
    }
  }
  return atom_open;
}

/// Characters that a quoted-string may hold: 1–127 without line ends; bare ones also without tab, space, `"` and `\\`.
constexpr bool is_quotable(char c, bool escaped) {
  const auto code = static_cast<unsigned char>(c);
  if (code == 0 || code > 127 || c == '\n' || c == '\r') return false;
  return escaped || (c != '\t' && c != ' ' && c != '"' && c != '\\');
}

bool is_quoted_string(std::string_view local) {
  if (local.size() < 2 || local.front() != '"' || local.back() != '"') return false;
  local = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < local.size(); ++i) {
    const bool escaped = local[i] == '\\';
    if (escaped && ++i == local.size()) return false;
    if (!is_quotable(local[i], escaped)) return false;
  }
  return true;
}

/// Django's domain_regex on an ASCII domain: labels of 1–63 without outer hyphens, the last one of at least 2.
bool is_ascii_domain(std::string_view domain) {
  std::size_t labels = 0;
  std::string_view last;
  for (std::size_t from = 0; from <= domain.size();) {
    const std::size_t dot = std::min(domain.find('.', from), domain.size());
    last = domain.substr(from, dot - from);
    if (last.empty() || last.size() > 63 || last.front() == '-' || last.back() == '-' ||
        !std::ranges::all_of(last, [](char c) { return is_alphanumeric(c) || c == '-'; }))
      return false;
    ++labels;
    from = dot + 1;
  }
  return labels >= 2 && last.size() >= 2;
}

bool is_domain_literal(std::string_view domain) {
  if (domain.size() < 2 || domain.front() != '[' || domain.back() != ']') return false;
  return ClientAddress::parse(domain.substr(1, domain.size() - 2)).has_value();
}

bool is_domain(std::string_view domain) {
  if (domain == "localhost" || is_ascii_domain(domain) || is_domain_literal(domain)) return true;
  const bool is_ascii = std::ranges::all_of(domain, [](char c) { return static_cast<unsigned char>(c) < 128; });
  if (is_ascii || domain.ends_with('.')) return false;
  const std::optional<std::string> canonical = canonical_email(std::string("x@").append(domain));
  return canonical && is_ascii_domain(std::string_view(*canonical).substr(2));
}
}  // namespace

bool is_username(std::string_view text, UsernameShape shape) {
  switch (shape) {
    case UsernameShape::slug: return is_slug(text);
    case UsernameShape::handle: return is_handle(text);
    case UsernameShape::word: return is_word_name(text);
    case UsernameShape::address: return is_email(text) && code_points(text) <= address_limit;
  }
  return false;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || !is_utf8(text) || code_points(text) > email_limit) return false;
  const std::string_view local = text.substr(0, at);
  return (is_dot_string(local) || is_quoted_string(local)) && is_domain(text.substr(at + 1));
}

bool is_email(std::string_view text, EmailShape shape) {
  if (!is_email(text)) return false;
  switch (shape) {
    case EmailShape::any: return true;
    case EmailShape::short_tld: {
      const std::string_view tld = text.substr(text.rfind('.') + 1);
      return tld.size() >= 2 && tld.size() <= 6 && std::ranges::all_of(tld, is_letter);
    }
  }
  return false;
}

}  // namespace propusk::core
