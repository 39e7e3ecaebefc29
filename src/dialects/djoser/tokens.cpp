// POST jwt/refresh and jwt/verify.
#include "core/tokens/refresh.hpp"

#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"
#include "dialects/djoser/jwt.hpp"

namespace propusk::djoser {
namespace {
void send_not_valid(const Visit& visit, Sentence why) {
  visit.reply.headers("WWW-Authenticate: Bearer realm=\"api\"\r\n");
  send_json(visit, 401, R"({"detail":)" + drf::json_text(visit.say(why)) + R"(,"code":"token_not_valid"})");
}

void send_token_refusal(const Visit& visit, const core::Refused& refused) {
  const bool is_dead = refused.why == core::Refusal::not_signed_in || refused.why == core::Refusal::account_disabled;
  if (is_dead) return send_not_valid(visit, Sentence::jwt_invalid);
  send_refusal(visit, refused);
}

/// Whether the sign-in of an access token is still live.
Task<core::Result<void>> look_at_access_token(const Visit& visit, const Jwt& jwt) {
  const core::Result<core::Checked> live = co_await core::find_live_session(
      jwt.credential(), core::CredentialKind::jwt_refresh, visit.request.caller, visit.site.sessions);
  if (!live) co_return std::unexpected(live.error());
  co_return core::Result<void>{};
}
}  // namespace

Task<void> post_jwt_refresh(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "refresh"}});
  if (!form) co_return;
  const std::expected<Jwt, Sentence> jwt = drf::read_jwt(visit.site, form->text("refresh"));
  if (!jwt) co_return send_not_valid(visit, jwt.error());
  if (jwt->type != JwtType::refresh) co_return send_not_valid(visit, Sentence::jwt_wrong_type);
  core::RefreshPresented presented{.credential = jwt->credential(), .token_id = jwt->token_id};
  const core::Result<core::Refreshed> refreshed =
      co_await core::refresh_tokens(std::move(presented), visit.request.caller, visit.djoser.refresh);
  if (!refreshed) co_return send_token_refusal(visit, refreshed.error());
  const std::string next = write_jwt(visit.djoser, {.type = JwtType::refresh,
                                                    .account = refreshed->account,
                                                    .sign_in = jwt->sign_in,
                                                    .token_id = refreshed->next_token_id,
                                                    .expires_at = refreshed->expires_at});
  const std::string access = write_access_jwt(visit.djoser, refreshed->account, jwt->sign_in);
  send_json(visit, 200, R"({"access":")" + access + R"(","refresh":")" + next + "\"}");
}

Task<void> post_jwt_verify(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "token"}});
  if (!form) co_return;
  const std::expected<Jwt, Sentence> jwt = drf::read_jwt(visit.site, form->text("token"));
  if (!jwt) co_return send_not_valid(visit, jwt.error());
  core::Result<void> looked;
  if (jwt->type == JwtType::access) {
    looked = co_await look_at_access_token(visit, *jwt);
  } else {
    core::RefreshPresented presented{.credential = jwt->credential(), .token_id = jwt->token_id};
    looked = co_await core::look_at_refresh_token(std::move(presented), visit.request.caller, visit.djoser.refresh);
  }
  if (!looked) co_return send_token_refusal(visit, looked.error());
  send_json(visit, 200, "{}");
}

}  // namespace propusk::djoser
