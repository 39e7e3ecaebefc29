// POST revoke-token and revoke (RFC 7009), invalidate-sessions and invalidate-refresh-tokens.
#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
namespace {
/// CONTRACTS.md §3.2 lengths; a client in the header needs no fields.
Rules revocation_rules(const BasicClient& basic) {
  const bool is_wanted = !basic.is_shown;
  return {{.name = "client_id", .is_required = is_wanted, .max_length = 200},
          {.name = "client_secret", .is_required = false, .may_be_blank = true, .max_length = 500},
          {.name = "token", .max_length = 2'000}};
}

bool is_public(const Visit& visit, std::string_view id) {
  const core::SharedClient client = visit.oauth.clients.directory.recall(id);
  return client && client->kind == core::ClientKind::open;
}

core::RevocationPresented presented(core::SharedClient client, const std::string& token) {
  core::RevocationPresented out{.client = client, .access = sha256(token), .refresh = {}};
  if (const std::optional<RefreshToken> refresh = read_refresh_token(token))
    out.refresh = core::RefreshPresented{
        .credential = refresh->credential(), .token_id = refresh->token_id, .client = std::move(client)};
  return out;
}

/// Ends what one client got for the owner of the token.
Task<void> invalidate(const Visit& visit, core::CredentialKind kind) {
  const std::optional<Form> form = drf::read_good_form(visit, {{.name = "client_id", .max_length = 200}});
  if (!form) co_return;
  const core::Result<core::SharedClient> client =
      co_await core::find_client(form->text("client_id"), visit.request.caller, visit.oauth.clients);
  if (!client)
    co_return drf::send_json(visit, 400,
                             drf::detail_of("The application linked to the provided client_id could not be found."));
  const core::Result<void> ended = co_await core::end_tokens_of_client(visit.owner(), (*client)->id, kind,
                                                                       visit.request.caller, visit.site.sessions);
  if (!ended) co_return send_refusal(visit, ended.error());
  drf::send_nothing(visit, 204);
}

/// Authenticates the client and ends the token that the form holds; true: it is done, and nothing is written yet.
Task<bool> revoke(const Visit& visit, void (*send_mistakes)(const Visit& visit, const drf::Errors& errors)) {
  const BasicClient basic = read_basic(visit.request);
  std::optional<Form> form = drf::read_form(visit, revocation_rules(basic));
  if (!form) co_return false;
  // A public client has no secret to show; whoever is not known to be one shows it.
  const bool shows_secret =
      basic.is_shown || form->values.get("client_secret").has_value() || form->errors.has("client_secret");
  if (!shows_secret && !is_public(visit, form->text("client_id")))
    form->errors.add("client_secret", visit.say(drf::Sentence::required));
  if (!form->errors.empty()) {
    send_mistakes(visit, form->errors);
    co_return false;
  }
  const core::Result<core::SharedClient> client =
      co_await core::authenticate_client(client_of(basic, form->text("client_id"), form->secret("client_secret")),
                                         visit.request.caller, visit.oauth.clients);
  if (!client) {
    send_invalid_client(visit, basic);
    co_return false;
  }
  const core::Result<void> revoked =
      co_await core::revoke_token(presented(*client, form->text("token")), visit.request.caller, visit.site.sessions);
  if (!revoked) send_refusal(visit, revoked.error());
  co_return revoked.has_value();
}
}  // namespace

Task<void> post_revoke_token(const Visit& visit) {
  const auto as_recorded = [](const Visit& on, const drf::Errors& errors) { drf::send_errors(on, errors); };
  if (co_await revoke(visit, as_recorded)) drf::send_nothing(visit, 204);
}

Task<void> post_revoke(const Visit& visit) {
  const auto by_the_book = [](const Visit& on, const drf::Errors&) { send_error(on, 400, "invalid_request"); };
  if (co_await revoke(visit, by_the_book)) drf::send_nothing(visit, 200);
}

Task<void> post_invalidate_sessions(const Visit& visit) {
  return invalidate(visit, core::CredentialKind::oauth_access);
}

Task<void> post_invalidate_refresh_tokens(const Visit& visit) {
  return invalidate(visit, core::CredentialKind::oauth_refresh);
}

}  // namespace propusk::oauth
