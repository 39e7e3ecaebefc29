// Only what we signed ourselves is read; times are whole seconds.
#include "dialects/drf/jwt.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "dialects/drf/python_json.hpp"

namespace propusk::drf {
namespace {
constexpr std::size_t id_length = 32;  // 128 bits in hex, core/tokens

std::int64_t seconds_of(Instant at) { return std::chrono::floor<seconds>(at.time_since_epoch()).count(); }

bool is_id(std::string_view text) {
  return text.size() == id_length &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<std::int64_t> integer(const JsonDocument& claims, std::string_view name) {
  const JsonValue* value = claims.member(name);
  if (!value || value->kind != JsonKind::integer) return std::nullopt;
  const std::string& digits = value->text.reveal();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::string text(const JsonDocument& claims, std::string_view name) {
  const JsonValue* value = claims.member(name);
  return value && value->kind == JsonKind::text ? value->text.reveal() : "";
}
}  // namespace

std::expected<Jwt, Sentence> read_jwt(const Site& site, std::string_view token) {
  const Instant now = site.clock.now();
  const std::optional<std::string> signed_claims = site.keys.verify(token, now);
  if (!signed_claims) return std::unexpected(Sentence::jwt_invalid);
  const auto claims = parse_python_json(*signed_claims);
  if (!claims) return std::unexpected(Sentence::jwt_invalid);
  const auto expires = integer(*claims, "exp"), account = integer(*claims, "user_id");
  const std::string sign_in = text(*claims, "sid"), token_id = text(*claims, "jti"), type = text(*claims, "token_type");
  const bool is_whole = expires && account && is_id(sign_in) && is_id(token_id);
  if (!is_whole || seconds_of(now) >= *expires) return std::unexpected(Sentence::jwt_invalid);
  if (type != "access" && type != "refresh") return std::unexpected(Sentence::jwt_wrong_type);
  return Jwt{.type = type == "access" ? JwtType::access : JwtType::refresh,
             .account = core::AccountId{*account},
             .sign_in = Secret<>(sign_in),
             .token_id = Secret<>(token_id),
             .expires_at = Instant(seconds(*expires))};
}

}  // namespace propusk::drf
