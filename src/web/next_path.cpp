// Reads and writes `next`.
#include "web/next_path.hpp"

#include <algorithm>

#include "http/form.hpp"

namespace propusk::web {

bool is_own_path(std::string_view text) {
  if (!text.starts_with('/') || text.size() > 2'000)
    return false;  // bytes; a redirect URI that authorize asks with fits
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
  // Two slashes begin another host (RFC 3986 section 4.2), and who cleans a path up may move them to its front.
  return is_plain && !text.substr(0, text.find_first_of("?#")).contains("//");
}

std::optional<std::string> next_path(const http::Request& request) {
  if (request.query.empty()) return std::nullopt;
  const auto query = http::parse_urlencoded(request.query);
  if (!query) return std::nullopt;
  const auto next = query->field("next");
  return next && is_own_path(*next) ? std::optional<std::string>(*next) : std::nullopt;
}

std::string query_value(std::string_view value) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";  // upper-case (RFC 3986 section 2.1)
  std::string out;
  for (const char c : value) {
    if (plain.contains(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4U], digits[byte & 0xFU]});
    }
  }
  return out;
}

std::string kept_query(const http::Request& request) {
  const auto query = http::parse_urlencoded(request.query);
  if (!query) return "";
  const bool is_question = request.path.ends_with("/authorize") || request.path.ends_with("/authorize/");
  if (!is_question) {
    const std::optional<std::string> next = next_path(request);
    return next ? "next=" + query_value(*next) : "";
  }
  std::string out;
  for (const auto& [name, value] : query->fields()) {
    if (name == "lang") continue;
    out.append(out.empty() ? "" : "&").append(query_value(name)).append("=").append(query_value(value));
  }
  return out;
}

std::string sign_in_path(std::string_view next) { return "/accounts/login/?next=" + query_value(next); }

}  // namespace propusk::web
