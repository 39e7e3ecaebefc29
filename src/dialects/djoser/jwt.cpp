// Claims as simplejwt orders them; times are whole seconds.
#include "dialects/djoser/jwt.hpp"

namespace propusk::djoser {
namespace {
std::string_view type_name(JwtType type) { return type == JwtType::access ? "access" : "refresh"; }

std::int64_t seconds_of(Instant at) { return std::chrono::floor<seconds>(at.time_since_epoch()).count(); }
}  // namespace

core::CredentialDraft NewPair::draft(const DjoserSettings& settings) const {
  return {.kind = core::CredentialKind::jwt_refresh,
          .digest = sha256(sign_in.reveal()),
          .life = settings.refresh_life,
          .first_refresh = sha256(token_id.reveal())};
}

NewPair draw_pair(Random& random) {
  Secret<> sign_in = core::new_token_id(random);
  return {std::move(sign_in), core::new_token_id(random)};
}

WrittenPair write_pair(const Djoser& djoser, const NewPair& pair, core::AccountId account) {
  std::string refresh =
      write_jwt(djoser, {.type = JwtType::refresh,
                         .account = account,
                         .sign_in = pair.sign_in,
                         .token_id = pair.token_id,
                         .expires_at = djoser.site.clock.now() + djoser.settings.refresh_life.lifetime});
  return {write_access_jwt(djoser, account, pair.sign_in), std::move(refresh)};
}

std::string write_jwt(const Djoser& djoser, const Jwt& jwt) {
  const Instant now = djoser.site.clock.now();
  std::string claims = R"({"token_type":")";
  claims.append(type_name(jwt.type)).append(R"(","exp":)").append(std::to_string(seconds_of(jwt.expires_at)));
  claims.append(R"(,"iat":)").append(std::to_string(seconds_of(now)));
  claims.append(R"(,"jti":")").append(jwt.token_id.reveal());
  claims.append(R"(","user_id":)").append(std::to_string(static_cast<std::int64_t>(jwt.account)));
  claims.append(R"(,"sid":")").append(jwt.sign_in.reveal()).append("\"}");
  return djoser.site.keys.sign(claims, now);
}

std::string write_access_jwt(const Djoser& djoser, core::AccountId account, const Secret<>& sign_in) {
  return write_jwt(djoser, {.type = JwtType::access,
                            .account = account,
                            .sign_in = sign_in,
                            .token_id = core::new_token_id(djoser.site.random),
                            .expires_at = djoser.site.clock.now() + djoser.settings.access_lifetime});
}

}  // namespace propusk::djoser
