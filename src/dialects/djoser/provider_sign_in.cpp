// o/{provider}: an app sends people to a provider, and brings back the code that they return with. What is under way
// stays in a cookie of the browser, where the recorded server kept a session.
#include "core/social/provider_sign_in.hpp"

#include <algorithm>
#include <utility>

#include "browser/session_cookie.hpp"
#include "core/social/provider_flow.hpp"
#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"
#include "dialects/djoser/jwt.hpp"
#include "http/form.hpp"

namespace propusk::djoser {
namespace {
constexpr std::string_view flow_cookie = "propusk_provider_app";
constexpr std::string_view purpose = "app";  // of these flows: one of the hosted pages is not finished here

std::string provider_of(const Visit& visit) { return std::string(visit.request.path_parameters.back().second); }

void keep(const Visit& visit, std::string_view flow, seconds life) {
  const DjoserSettings& settings = visit.djoser.settings;
  browser::set_cookie({settings.cookie_domain, settings.origin}, visit.request,
                      {.name = flow_cookie, .value = flow, .max_age = life, .http_only = true}, visit.site.clock.now(),
                      visit.reply);
}

/// What the recorded serializer says of whatever the provider did: upstream errors are never echoed.
void send_not_vouched(const Visit& visit, std::string_view why) {
  Errors errors;
  errors.add_to_all(std::string(why));
  drf::send_errors(visit, errors);
}

std::string_view words_of(core::ProviderFailure failure) {
  using core::ProviderFailure;
  switch (failure) {
    case ProviderFailure::not_offered:
    case ProviderFailure::token_refused:
    case ProviderFailure::access_revoked:
    case ProviderFailure::foreign_token: return "Your credentials aren't allowed";
    case ProviderFailure::unreachable:
    case ProviderFailure::unintelligible: break;
  }
  return "The authentication provider could not be reached";
}

void send_sign_in_refusal(const Visit& visit, const core::Refused& refused) {
  using core::Refusal;
  if (refused.why == Refusal::email_taken)
    return send_not_vouched(visit,
                            "An account with this e-mail address exists; sign in to it and connect the provider");
  if (refused.why == Refusal::bad_credentials || refused.why == Refusal::provider_refused)
    return send_not_vouched(visit, words_of(core::ProviderFailure::token_refused));
  send_refusal(visit, refused);
}

Task<void> sign_in(const Visit& visit, core::VouchedIdentity identity) {
  const NewPair pair = draw_pair(visit.site.random);
  core::ProviderAttempt attempt{.identity = std::move(identity), .draft = pair.draft(visit.djoser.settings)};
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_provider(std::move(attempt), visit.request.caller, visit.djoser.social);
  if (!signed_in) co_return send_sign_in_refusal(visit, signed_in.error());
  const core::SharedCard card = co_await core::find_card(signed_in->account, visit.request.caller, visit.site.sessions);
  const WrittenPair tokens = write_pair(visit.djoser, pair, signed_in->account);
  drf::send_json(visit, 201,
                 R"({"access":")" + tokens.access + R"(","refresh":")" + tokens.refresh + R"(","user":)" +
                     drf::json_text(card ? card->username : "") + "}");
}
}  // namespace

Task<void> get_provider(const Visit& visit) {
  const auto query = http::parse_urlencoded(visit.request.query);
  const std::string redirect_uri(query ? query->field("redirect_uri").value_or("") : "");
  const std::vector<std::string>& allowed = visit.djoser.settings.redirect_uris;
  if (std::ranges::find(allowed, redirect_uri) == allowed.end())
    co_return drf::send_json(visit, 400, drf::json_text("redirect_uri must be in SOCIAL_AUTH_ALLOWED_REDIRECT_URIS"));
  const core::ProviderFlow flow{.secret = core::new_flow_secret(visit.site.random),
                                .provider = provider_of(visit),
                                .redirect_uri = redirect_uri,
                                .next = "",
                                .purpose = std::string(purpose),
                                .began_at = visit.site.clock.now()};
  const core::ProviderResult<std::string> url = co_await visit.djoser.social.gateway.authorization_url(
      flow.provider, flow.question(), visit.request.caller.deadline);
  if (!url) {
    const bool is_unknown = url.error() == core::ProviderFailure::not_offered;
    co_return drf::send_detail(visit, is_unknown ? 404 : 503,
                               is_unknown ? Sentence::not_found : Sentence::server_error);
  }
  drf::send_json(visit, 200, R"({"authorization_url":)" + drf::json_text(*url) + "}");
  keep(visit, flow.text().reveal(), core::provider_flow_lifetime);
}

Task<void> post_provider(const Visit& visit) {
  const std::optional<Form> form = drf::read_good_form(visit, {{.name = "code"}, {.name = "state"}});
  if (!form) co_return;
  const std::optional<core::ProviderFlow> flow = core::finished_flow(
      visit.request.cookie(flow_cookie).value_or(""), provider_of(visit), form->text("state"), visit.site.clock.now());
  if (!flow || flow->purpose != purpose)
    co_return drf::send_field_error(visit, "state", "State could not be found in server-side session data.");
  core::Limits& limits = visit.site.sessions.limits;  // anybody can make up a flow and a code
  if (const core::Result<void> allowed = limits.begin_unknown_secret(visit.request.caller.address); !allowed)
    co_return send_sign_in_refusal(visit, allowed.error());
  core::ProviderResult<core::VouchedIdentity> identity = co_await visit.djoser.social.gateway.vouch_for_code(
      flow->provider, flow->answer(form->secret("code"), form->raw("device_id")), visit.request.caller.deadline);
  keep(visit, "\"\"", seconds{0});  // a code works once
  if (!identity) co_return send_not_vouched(visit, words_of(identity.error()));
  co_await sign_in(visit, std::move(*identity));
}

}  // namespace propusk::djoser
