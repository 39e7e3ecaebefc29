// The Authorization header, as rest_framework/authentication.py and simplejwt read it: `Token`, `JWT` and `Bearer`.
#include <array>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "dialects/drf/fields.hpp"
#include "dialects/drf/jwt.hpp"
#include "dialects/drf/wire.hpp"
#include "http/ascii.hpp"

namespace propusk::drf {
namespace {
using core::CredentialKind;
using core::Standing;

/// The words of a header value: at most four are of interest.
struct Words {
  explicit Words(std::string_view text) {
    constexpr std::string_view space = " \t\n\r\v\f";
    for (std::size_t at = 0; count < all.size();) {
      at = text.find_first_not_of(space, at);
      if (at == text.npos) return;
      const std::size_t end = std::min(text.find_first_of(space, at), text.size());
      all[count++] = text.substr(at, end - at);
      at = end;
    }
  }
  std::array<std::string_view, 4> all;
  std::size_t count = 0;
};

/// `{"detail":…,"code":…}`, as simplejwt's exceptions look.
std::string coded(const Visit& visit, Sentence sentence, std::string_view code) {
  return R"({"detail":)" + json_text(visit.say(sentence)) + R"(,"code":")" + std::string(code) + "\"}";
}

void send_bad_jwt(const Visit& visit, Sentence why) {
  if (why == Sentence::jwt_user_inactive) return send_unauthorized_json(visit, coded(visit, why, "user_inactive"));
  std::string body = R"({"detail":)" + json_text(visit.say(Sentence::jwt_of_no_type)) + R"(,"code":"token_not_valid",)";
  body.append(R"("messages":[{"token_class":"AccessToken","token_type":"access","message":)");
  send_unauthorized_json(visit, body.append(json_text(visit.say(why))).append("}]}"));
}

/// What a secret is by its look: a token of ours, or one that a client got.
std::optional<Presented> as_token(std::string_view text) {
  if (!is_token(text)) return std::nullopt;
  return Presented{sha256(text), CredentialKind::auth_token};
}
std::optional<Presented> as_access_token(std::string_view text) {
  if (!is_access_token(text)) return std::nullopt;
  return Presented{sha256(text), CredentialKind::oauth_access};
}

/// `unknown` is what is said of one that is not live.
Task<bool> accept_opaque(Visit& visit, Presented presented, Sentence unknown) {
  const core::Result<core::Checked> checked =
      co_await core::find_session(presented.digest, presented.kind, visit.request.caller, visit.site.sessions);
  if (!checked) {
    send_throttled(visit, checked.error().retry_after);
    co_return false;
  }
  if (checked->standing == Standing::live) {
    visit.bearer = core::Bearer{checked->account, presented.digest, presented.kind};
    visit.terms = checked->terms;
    co_return true;
  }
  send_unauthorized(visit, checked->standing == Standing::disabled ? Sentence::owner_inactive : unknown);
  co_return false;
}

Task<bool> accept_token(Visit& visit, std::string_view token) {
  if (const auto presented = as_token(token))
    co_return co_await accept_opaque(visit, *presented, Sentence::token_unknown);
  send_unauthorized(visit, is_utf8(token) ? Sentence::token_unknown : Sentence::token_header_characters);
  co_return false;
}

/// How a bad JWT is told: `Bearer` and `JWT` were different packages' schemes.
using BadJwt = void (*)(const Visit&, Sentence why);

Task<bool> accept_jwt(Visit& visit, std::string_view token, BadJwt send_bad) {
  const std::expected<Jwt, Sentence> jwt = read_jwt(visit.site, token);
  if (!jwt || jwt->type != JwtType::access) {
    send_bad(visit, jwt ? Sentence::jwt_wrong_type : jwt.error());
    co_return false;
  }
  const Digest digest = jwt->credential();
  const core::Result<core::Checked> checked =
      co_await core::find_session(digest, CredentialKind::jwt_refresh, visit.request.caller, visit.site.sessions);
  if (!checked) {
    send_throttled(visit, checked.error().retry_after);
    co_return false;
  }
  if (checked->standing == Standing::live && checked->account == jwt->account) {
    visit.bearer = core::Bearer{checked->account, digest, CredentialKind::jwt_refresh};
    co_return true;
  }
  send_bad(visit, checked->standing == Standing::disabled ? Sentence::jwt_user_inactive : Sentence::jwt_invalid);
  co_return false;
}

/// A bad bearer token is told what the recorded stack tells it, which took the scheme for a provider's (CONTRACTS.md
/// §3.1 "Authorization").
void send_bad_bearer(const Visit& visit, Sentence why) {
  const bool is_inactive = why == Sentence::jwt_user_inactive;
  send_unauthorized(visit, is_inactive ? Sentence::owner_inactive : Sentence::token_header_empty);
}

Task<bool> accept_bearer(Visit& visit, const Words& words) {
  if (words.count == 2) {
    if (const auto presented = as_access_token(words.all[1]))
      co_return co_await accept_opaque(visit, *presented, Sentence::token_header_empty);
    co_return co_await accept_jwt(visit, words.all[1], send_bad_bearer);
  }
  if (words.count == 1)  // drf_social_oauth2/authentication.py; no catalog has it
    send_unauthorized_json(visit, detail_of("Invalid token header. No backend provided."));
  else
    send_unauthorized(visit, words.count > 3 ? Sentence::token_header_spaced : Sentence::token_header_empty);
  co_return false;
}

/// What is wrong with the number of words behind `Token`; nothing if there is one.
std::optional<Sentence> count_problem(const Words& words) {
  if (words.count == 1) return Sentence::token_header_empty;
  if (words.count > 2) return Sentence::token_header_spaced;
  return std::nullopt;
}
}  // namespace

Task<bool> authenticate(Visit& visit) {
  const Words words(visit.request.header("Authorization").value_or(""));
  if (words.count == 0) co_return true;
  const std::string_view scheme = words.all[0];
  if (http::same_text(scheme, "Token")) {
    if (const auto problem = count_problem(words)) {
      send_unauthorized(visit, *problem);
      co_return false;
    }
    co_return co_await accept_token(visit, words.all[1]);
  }
  if (http::same_text(scheme, "Bearer")) co_return co_await accept_bearer(visit, words);
  if (!http::same_text(scheme, "JWT")) co_return true;
  if (words.count == 2) co_return co_await accept_jwt(visit, words.all[1], send_bad_jwt);
  send_unauthorized_json(visit, coded(visit, Sentence::jwt_header_malformed, "bad_authorization_header"));
  co_return false;
}

std::optional<Presented> plain_secret(const http::Request& request) {
  constexpr std::string_view token = "Token ", bearer = "Bearer ";
  const std::string_view header = request.header("Authorization").value_or("");
  if (header.starts_with(token)) return as_token(header.substr(token.size()));
  if (header.starts_with(bearer)) return as_access_token(header.substr(bearer.size()));
  return std::nullopt;
}

}  // namespace propusk::drf
