// To a provider and back: signing in by it, or connecting it. What is under way stays in the browser
// (core/social/provider_flow.hpp).
#include <utility>

#include "base/constant_time.hpp"
#include "base/digest.hpp"
#include "core/social/provider_flow.hpp"
#include "core/social/provider_sign_in.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"
#include "web/provider_way.hpp"

namespace propusk::web {
namespace {
constexpr std::string_view flow_cookie = "propusk_provider";
constexpr std::string_view to_connect = "connect ";  ///< begins the purpose of a flow; the session's form token follows

void remember_flow(const Web& web, const Visit& visit, const core::ProviderFlow& flow) {
  const Secret<> text = flow.text();
  browser::set_cookie(
      {"", web.gate.public_origin}, visit.request,
      {.name = flow_cookie, .value = text.reveal(), .max_age = core::provider_flow_lifetime, .http_only = true},
      web.clock.now(), visit.reply);
}

void forget_flow(const Web& web, const Visit& visit) {
  browser::set_cookie({"", web.gate.public_origin}, visit.request,
                      {.name = flow_cookie, .value = "\"\"", .max_age = seconds{0}, .http_only = true}, web.clock.now(),
                      visit.reply);
}

/// What was wanted of a provider, and where one goes back to.
struct Wish {
  bool is_sign_in = true;
  std::string back = "/accounts/login/";
};
Wish wish_of(std::string_view purpose, const std::string& next) {
  if (purpose.starts_with(to_connect)) return {.is_sign_in = false, .back = std::string(connections_path)};
  return {.is_sign_in = true, .back = next.empty() ? "/accounts/login/" : sign_in_path(next)};
}

void send_failure(const Visit& visit, core::ProviderFailure failure, const Wish& wish) {
  using core::ProviderFailure;
  const auto tell = [&](int status, Text title, Text lead) {
    send_notice(visit, {.status = status,
                        .title = title,
                        .sentences = {visit.say(lead)},
                        .way = Way{wish.back, wish.is_sign_in ? Text::sign_in : Text::connections_title}});
  };
  switch (failure) {
    case ProviderFailure::not_offered: return tell(404, Text::provider_unknown_title, Text::provider_unknown_lead);
    case ProviderFailure::token_refused:
    case ProviderFailure::access_revoked:
    case ProviderFailure::foreign_token:
      return tell(403, wish.is_sign_in ? Text::provider_no_title : Text::not_connected_title, Text::provider_no_lead);
    case ProviderFailure::unreachable:
    case ProviderFailure::unintelligible: return tell(502, Text::provider_gone_title, Text::provider_gone_lead);
  }
}

/// What came back, and whom the provider vouches for.
struct Returned {
  core::ProviderFlow flow;
  core::VouchedIdentity identity;
};

/// The parameters of a return. VK ID's own scripts put all of them into one, as JSON (UX.md §5a).
http::Form returned_fields(const http::Request& request) {
  auto query = http::parse_urlencoded(request.query);
  if (!query) return {};
  const auto payload = query->field("payload");
  auto inner = payload ? http::parse_json_object(*payload) : std::unexpected(http::FormError::malformed);
  return inner ? std::move(*inner) : std::move(*query);
}

/// Nothing: the page that says why is written.
Task<std::optional<Returned>> take_back(const Web& web, const Visit& visit) {
  std::string provider(visit.part("backend"));
  const http::Form fields = returned_fields(visit.request);
  const auto field = [&](std::string_view name) { return std::string(fields.field(name).value_or("")); };
  std::optional<core::ProviderFlow> flow =
      core::finished_flow(visit.request.cookie(flow_cookie).value_or(""), provider, field("state"), web.clock.now());
  if (!flow) {
    send_notice(visit, {.status = 400,
                        .title = Text::flow_title,
                        .sentences = {visit.say(Text::flow_lead)},
                        .way = Way{"/accounts/login/", Text::sign_in}});
    co_return std::nullopt;
  }
  if (field("code").empty()) {  // an error: mostly, the person said no there
    send_failure(visit, core::ProviderFailure::token_refused, wish_of(flow->purpose, flow->next));
    co_return std::nullopt;
  }
  core::Limits& limits = web.profile.sign_in.sessions.limits;  // anybody can make up a flow and a code
  if (const core::Result<void> allowed = limits.begin_unknown_secret(visit.request.caller.address); !allowed) {
    send_refusal(visit, allowed.error());
    co_return std::nullopt;
  }
  core::ProviderResult<core::VouchedIdentity> vouched = co_await web.gateway.vouch_for_code(
      std::move(provider), flow->answer(Secret<>(field("code")), field("device_id")), visit.request.caller.deadline);
  if (vouched) co_return Returned{std::move(*flow), std::move(*vouched)};
  send_failure(visit, vouched.error(), wish_of(flow->purpose, flow->next));
  co_return std::nullopt;
}

void send_sign_in_refusal(const Visit& visit, const core::Refused& refused, const Wish& wish) {
  const auto tell = [&](int status, Text title, Text lead) {
    send_notice(
        visit,
        {.status = status, .title = title, .sentences = {visit.say(lead)}, .way = Way{wish.back, Text::sign_in}});
  };
  if (refused.why == core::Refusal::email_taken)
    return tell(409, Text::provider_email_title, Text::provider_email_lead);
  // The provider has vouched for the person, so they may know what is the matter with their account.
  if (refused.why == core::Refusal::bad_credentials || refused.why == core::Refusal::account_disabled)
    return tell(403, Text::disabled_title, Text::disabled_lead);
  if (refused.why == core::Refusal::provider_failed)
    return send_failure(visit, core::ProviderFailure::unintelligible, wish);
  send_refusal(visit, refused, DeadEnd::sign_in);
}

Task<void> sign_in_by(const Web& web, const Visit& visit, Returned returned) {
  const std::string key = browser::new_session_key(web.random);
  const std::string_view sent = browser::sent_session_key(visit.request).value_or("");
  core::ProviderAttempt attempt{.identity = std::move(returned.identity),
                                .draft = {.kind = core::CredentialKind::browser_session, .digest = sha256(key)},
                                .presented = {},
                                .replaces_presented = true,
                                .language = visit.language};
  if (browser::is_session_key(sent)) attempt.presented = sha256(sent);
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_provider(std::move(attempt), visit.request.caller, web.social);
  if (!signed_in) co_return send_sign_in_refusal(visit, signed_in.error(), wish_of("", returned.flow.next));
  begin_answer(visit, 302);
  const std::string& next = returned.flow.next;
  visit.reply.header("Location", is_own_path(next) ? next : std::string("/accounts/"));
  keep_session(web, visit, key);
}

Task<void> connect_by(const Web& web, const Visit& visit, Returned returned) {
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  // Another session's flow: whoever sent this browser here wants their own person at the provider connected.
  if (!equal_in_constant_time(returned.flow.purpose, connect_purpose(*owner)))
    co_return send_failure(visit, core::ProviderFailure::token_refused, wish_of(to_connect, ""));
  const core::Result<void> connected = co_await core::connect_identity(
      {.bearer = owner->account.bearer, .identity = std::move(returned.identity)}, visit.request.caller, web.social);
  if (connected) co_return send_elsewhere(visit, 302, "/accounts/connections/?done=connected");
  if (connected.error().why != core::Refusal::identity_taken) co_return refuse_owner(web, visit, connected.error());
  send_notice(visit, {.status = 409,
                      .title = Text::identity_taken_title,
                      .sentences = {visit.say(Text::identity_taken_lead)},
                      .way = Way{connections_path, Text::connections_title}});
}
}  // namespace

std::string connect_purpose(const Owner& owner) { return std::string(to_connect) + owner.form_token; }

Task<std::optional<std::string>> begin_provider_way(const Web& web, const Visit& visit, std::string provider,
                                                    std::string next, std::string purpose) {
  const core::ProviderFlow flow{.secret = core::new_flow_secret(web.random),
                                .provider = provider,
                                .redirect_uri = web.gate.public_origin + web.api_prefix + "/complete/" + provider + "/",
                                .next = std::move(next),
                                .purpose = std::move(purpose),
                                .began_at = web.clock.now()};
  core::ProviderResult<std::string> url =
      co_await web.gateway.authorization_url(std::move(provider), flow.question(), visit.request.caller.deadline);
  if (!url) {
    send_failure(visit, url.error(), wish_of(flow.purpose, flow.next));
    co_return std::nullopt;
  }
  remember_flow(web, visit, flow);
  co_return std::move(*url);
}

Task<void> get_provider_login(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::string next = next_path(request).value_or("");
  constexpr std::size_t longest = 1'500;  // bytes: the cookie with all of it stays below the 4,096 that browsers keep
  const std::optional<std::string> url = co_await begin_provider_way(
      web, visit, std::string(visit.part("backend")), next.size() <= longest ? next : std::string(), "sign-in");
  if (!url) co_return;
  begin_answer(visit, 302);
  visit.reply.header("Location", *url);
}

Task<void> get_provider_complete(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  std::optional<Returned> returned = co_await take_back(web, visit);
  forget_flow(web, visit);
  if (!returned) co_return;
  if (returned->flow.purpose.starts_with(to_connect)) co_return co_await connect_by(web, visit, std::move(*returned));
  co_await sign_in_by(web, visit, std::move(*returned));
}

}  // namespace propusk::web
