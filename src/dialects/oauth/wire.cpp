// Members in the recorded order (CONTRACTS.md §3.2).
#include "dialects/oauth/wire.hpp"

#include "dialects/drf/fields.hpp"

namespace propusk::oauth {
namespace {
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t token_length = 30, half = token_length / 2;

bool is_token(std::string_view text) {
  return text.size() == token_length && text.find_first_not_of(alphabet) == std::string_view::npos;
}
}  // namespace

Secret<> new_access_token(Random& random) { return Secret<>(random.text(alphabet, token_length)); }

std::optional<RefreshToken> read_refresh_token(std::string_view text) {
  if (!is_token(text)) return std::nullopt;
  return RefreshToken{Secret<>(std::string(text.substr(0, half))), Secret<>(std::string(text.substr(half)))};
}

TokenPair draw_tokens(const Oauth& oauth, const core::Client& client) {
  TokenPair tokens{.access = new_access_token(oauth.site.random), .refresh = {}};
  if (core::may(client, core::ClientGrant::refresh_token))
    tokens.refresh =
        RefreshToken{core::new_opaque_token_id(oauth.site.random), core::new_opaque_token_id(oauth.site.random)};
  return tokens;
}

core::CredentialDraft draft_of(const Oauth& oauth, const TokenPair& tokens, core::CredentialTerms terms) {
  const core::AccessDraft access{.digest = sha256(tokens.access.reveal()), .lifetime = oauth.settings.access_lifetime};
  if (!tokens.refresh)
    return {.kind = core::CredentialKind::oauth_access,
            .digest = access.digest,
            .life = core::CredentialLife{access.lifetime},
            .terms = std::move(terms)};
  return {.kind = core::CredentialKind::oauth_refresh,
          .digest = tokens.refresh->credential(),
          .life = oauth.settings.refresh_life,
          .first_refresh = sha256(tokens.refresh->token_id.reveal()),
          .terms = std::move(terms),
          .access = access};
}

void send_tokens(const Visit& visit, const Secret<>& access, std::string_view scope,
                 const std::optional<Secret<>>& refresh) {
  std::string body = R"({"access_token":")" + access.reveal() + R"(","expires_in":)";
  body += std::to_string(visit.oauth.settings.access_lifetime.count()) + R"(,"token_type":"Bearer","scope":)";
  body += drf::json_text(scope);
  if (refresh) body.append(R"(,"refresh_token":")").append(refresh->reveal()).append("\"");
  drf::send_json(visit, 200, body.append("}"));
}

void send_error(const Visit& visit, int status, std::string_view error, std::string_view description) {
  std::string body = R"({"error":")" + std::string(error) + "\"";
  if (!description.empty()) body.append(R"(,"error_description":)").append(drf::json_text(description));
  drf::send_json(visit, status, body.append("}"));
}

}  // namespace propusk::oauth
