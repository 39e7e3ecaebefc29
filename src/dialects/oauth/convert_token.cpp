// POST convert-token: a token of a provider for a token of ours.
#include "core/social/provider_sign_in.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
namespace {
/// CONTRACTS.md §3.2: lengths 50, 200, 200, 500, 2000. A client in the header needs no fields.
Rules rules(const BasicClient& basic) {
  const bool is_wanted = !basic.is_shown;
  return {{.name = "grant_type", .max_length = 50},
          {.name = "backend", .max_length = 200},
          {.name = "client_id", .is_required = is_wanted, .max_length = 200},
          {.name = "client_secret", .is_required = is_wanted, .max_length = 500},
          {.name = "token", .max_length = 2'000}};
}

bool may_convert(const core::Client& client, std::string_view backend) {
  return client.backends.empty() || std::ranges::find(client.backends, backend) != client.backends.end();
}

/// nullptr: refused, and that is written.
Task<core::SharedClient> admit_client(const Visit& visit, const Form& form, const BasicClient& basic) {
  const core::Result<core::SharedClient> client =
      co_await core::authenticate_client(client_of(basic, form.text("client_id"), form.secret("client_secret")),
                                         visit.request.caller, visit.oauth.clients);
  if (!client && client.error().why == core::Refusal::client_unknown && !basic.is_shown) {
    send_error(visit, 400, "invalid_request", "Invalid client_id parameter value.");
    co_return nullptr;
  }
  if (!client) {
    send_invalid_client(visit, basic);
    co_return nullptr;
  }
  if (!core::may(**client, core::ClientGrant::convert_token)) {
    send_refusal(visit, core::Refused(core::Refusal::grant_not_allowed));
    co_return nullptr;
  }
  co_return *client;
}

/// Nothing: the provider does not vouch, and that is written.
Task<std::optional<core::VouchedIdentity>> ask_provider(const Visit& visit, const Form& form,
                                                        const core::Client& client) {
  const std::string backend = form.text("backend");
  if (!may_convert(client, backend)) {
    send_refusal(visit, core::Refused(core::Refusal::provider_unknown));
    co_return std::nullopt;
  }
  core::ProviderResult<core::VouchedIdentity> identity =
      co_await visit.oauth.social.gateway.vouch_for_token(backend, form.secret("token"), visit.request.caller.deadline);
  if (!identity) {
    send_refusal(visit, core::Refused(core::refusal_of(identity.error())));
    co_return std::nullopt;
  }
  co_return std::move(*identity);
}
}  // namespace

Task<void> post_convert_token(const Visit& visit) {
  const BasicClient basic = read_basic(visit.request);
  const std::optional<Form> form = drf::read_good_form(visit, rules(basic));
  if (!form) co_return;
  if (form->text("grant_type") != "convert_token") co_return send_error(visit, 400, "unsupported_grant_type");
  const core::SharedClient client = co_await admit_client(visit, *form, basic);
  if (!client) co_return;
  std::optional<core::VouchedIdentity> identity = co_await ask_provider(visit, *form, *client);
  if (!identity) co_return;
  const std::string scope = joined(client->scopes);
  const TokenPair tokens = draw_tokens(visit.oauth, *client);
  core::ProviderAttempt attempt{
      .identity = std::move(*identity),
      .draft = draft_of(visit.oauth, tokens, {.client = client->id, .client_epoch = client->epoch, .scope = scope})};
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_provider(std::move(attempt), visit.request.caller, visit.oauth.social);
  if (!signed_in && signed_in.error().why == core::Refusal::bad_credentials)
    co_return send_refusal(visit, core::Refused(core::Refusal::account_disabled));
  if (!signed_in) co_return send_refusal(visit, signed_in.error());
  send_tokens(visit, tokens.access, scope, tokens.refresh ? std::optional(tokens.refresh->text()) : std::nullopt);
}

}  // namespace propusk::oauth
