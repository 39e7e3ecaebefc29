// POST token: the grants of RFC 6749, one function each.
#include <algorithm>
#include <array>

#include "core/tokens/authorization_code.hpp"
#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
namespace {
using core::ClientGrant;

/// A request whose client is known.
struct Asked {
  Form form;
  core::SharedClient client;
};

std::optional<Secret<>> text_of(const TokenPair& tokens) {
  return tokens.refresh ? std::optional(tokens.refresh->text()) : std::nullopt;
}

core::CredentialTerms terms_of(const core::Client& client, std::string scope) {
  return {.client = client.id, .client_epoch = client.epoch, .scope = std::move(scope)};
}

/// RFC 6749 section 5.2, in the words of oauthlib.
void send_missing(const Visit& visit, std::string_view parameter) {
  send_error(visit, 400, "invalid_request", "Missing " + std::string(parameter) + " parameter.");
}

Task<void> by_password(const Visit& visit, const Asked& asked) {
  if (!visit.oauth.settings.takes_passwords) co_return send_error(visit, 400, "unsupported_grant_type");
  const core::Result<std::string> scope = core::granted_scope(*asked.client, asked.form.raw("scope"));
  if (!scope) co_return send_refusal(visit, scope.error());
  const TokenPair tokens = draw_tokens(visit.oauth, *asked.client);
  core::PasswordAttempt attempt{.identifier = asked.form.raw("username"),
                                .rule = visit.oauth.settings.identifier,
                                .password = Secret<>(asked.form.raw("password")),
                                .draft = draft_of(visit.oauth, tokens, terms_of(*asked.client, *scope)),
                                .presented = {}};
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_password(std::move(attempt), visit.request.caller, visit.oauth.sign_in);
  if (!signed_in) co_return send_refusal(visit, signed_in.error());
  send_tokens(visit, tokens.access, *scope, text_of(tokens));
}

Task<void> by_refresh_token(const Visit& visit, const Asked& asked) {
  if (asked.form.raw("refresh_token").empty()) co_return send_missing(visit, "refresh token");
  const std::optional<RefreshToken> token = read_refresh_token(asked.form.raw("refresh_token"));
  if (!token) co_return send_refusal(visit, core::Refused(core::Refusal::grant_refused));
  const Secret<> access = new_access_token(visit.site.random);
  core::RefreshPresented presented{
      .credential = token->credential(),
      .token_id = token->token_id,
      .client = asked.client,
      .scope = asked.form.raw("scope"),
      .access = core::AccessDraft{.digest = sha256(access.reveal()), .lifetime = visit.oauth.settings.access_lifetime}};
  const core::Result<core::Refreshed> refreshed =
      co_await core::refresh_tokens(std::move(presented), visit.request.caller, visit.oauth.refresh);
  if (!refreshed) co_return send_refusal(visit, refreshed.error());
  const RefreshToken next{token->sign_in, refreshed->next_token_id};
  send_tokens(visit, access, refreshed->scope, next.text());
}

Task<void> by_client_credentials(const Visit& visit, const Asked& asked) {
  const Secret<> access = new_access_token(visit.site.random);
  const core::AccessDraft draft{.digest = sha256(access.reveal()), .lifetime = visit.oauth.settings.access_lifetime};
  const core::Result<std::string> scope = co_await core::issue_client_token(
      asked.client, asked.form.raw("scope"), draft, visit.request.caller, visit.site.sessions);
  if (!scope) co_return send_refusal(visit, scope.error());
  send_tokens(visit, access, *scope, std::nullopt);
}

Task<void> by_authorization_code(const Visit& visit, const Asked& asked) {
  if (asked.form.raw("code").empty()) co_return send_missing(visit, "code");
  const TokenPair tokens = draw_tokens(visit.oauth, *asked.client);
  core::CodePresented presented{.code = Secret<>(asked.form.raw("code")),
                                .client = asked.client,
                                .redirect_uri = asked.form.raw("redirect_uri"),
                                .verifier = Secret<>(asked.form.raw("code_verifier"))};
  const core::Result<core::CodeExchanged> exchanged = co_await core::exchange_code(
      std::move(presented), draft_of(visit.oauth, tokens, {}), visit.request.caller, visit.site.sessions);
  if (!exchanged) co_return send_refusal(visit, exchanged.error());
  send_tokens(visit, tokens.access, exchanged->scope, text_of(tokens));
}

struct Way {
  ClientGrant grant;
  Task<void> (*serve)(const Visit& visit, const Asked& asked);
};
constexpr std::array ways{Way{ClientGrant::password, by_password}, Way{ClientGrant::refresh_token, by_refresh_token},
                          Way{ClientGrant::client_credentials, by_client_credentials},
                          Way{ClientGrant::authorization_code, by_authorization_code}};

const Way* way_of(std::string_view name) {
  const auto* found =
      std::ranges::find_if(ways, [name](const Way& way) { return core::row_of(way.grant).name == name; });
  return found == ways.end() ? nullptr : found;
}
}  // namespace

Task<void> post_token(const Visit& visit) {
  std::optional<Form> form = drf::read_form(visit, {});
  if (!form) co_return;
  const Way* way = way_of(form->raw("grant_type"));
  if (!way) co_return send_error(visit, 400, "unsupported_grant_type");
  const BasicClient basic = read_basic(visit.request);
  const core::Result<core::SharedClient> client =
      co_await core::authenticate_client(client_of(basic, form->raw("client_id"), Secret<>(form->raw("client_secret"))),
                                         visit.request.caller, visit.oauth.clients);
  if (!client) co_return send_invalid_client(visit, basic);
  if (!core::may(**client, way->grant)) co_return send_refusal(visit, core::Refused(core::Refusal::grant_not_allowed));
  const Asked asked{.form = std::move(*form), .client = *client};
  co_await way->serve(visit, asked);
}

}  // namespace propusk::oauth
