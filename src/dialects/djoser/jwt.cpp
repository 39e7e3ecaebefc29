// Claims as simplejwt orders them; times are whole seconds.
#include "dialects/djoser/jwt.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "dialects/djoser/python_json.hpp"

namespace propusk::djoser {
namespace {
constexpr std::size_t id_length = 32;  // 128 bits in hex, core/tokens

std::string_view type_name(JwtType type) { return type == JwtType::access ? "access" : "refresh"; }

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

std::string write_jwt(const Djoser& djoser, const Jwt& jwt) {
  const Instant now = djoser.clock.now();
  std::string claims = R"({"token_type":")";
  claims.append(type_name(jwt.type)).append(R"(","exp":)").append(std::to_string(seconds_of(jwt.expires_at)));
  claims.append(R"(,"iat":)").append(std::to_string(seconds_of(now)));
  claims.append(R"(,"jti":")").append(jwt.token_id.reveal());
  claims.append(R"(","user_id":)").append(std::to_string(static_cast<std::int64_t>(jwt.account)));
  claims.append(R"(,"sid":")").append(jwt.sign_in.reveal()).append("\"}");
  return djoser.keys.sign(claims, now);
}

std::string write_access_jwt(const Djoser& djoser, core::AccountId account, const Secret<>& sign_in) {
  return write_jwt(djoser, {.type = JwtType::access,
                            .account = account,
                            .sign_in = sign_in,
                            .token_id = core::new_token_id(djoser.random),
                            .expires_at = djoser.clock.now() + djoser.settings.access_lifetime});
}

std::expected<Jwt, Sentence> read_jwt(const Djoser& djoser, std::string_view token) {
  const Instant now = djoser.clock.now();
  const std::optional<std::string> signed_claims = djoser.keys.verify(token, now);
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

}  // namespace propusk::djoser
