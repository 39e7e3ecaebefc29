// The proof of whom a token was issued to comes before anything that it opens.
#include "providers/upstream.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "base/bug.hpp"
#include "base/result.hpp"
#include "base/words.hpp"
#include "providers/answer.hpp"
#include "providers/id_token.hpp"

namespace propusk::providers {
namespace {
using core::ProviderFailure;
namespace json = boost::json;

Places places_of(const Provider& row, const ProviderSettings& settings) {
  Places places;
  for (std::size_t at = 0; at < place_count; ++at)
    places[at] = settings.places[at].empty() ? std::string(row.places[at]) : settings.places[at];
  return places;
}
}  // namespace

bool is_opaque(std::string_view text) {
  return !text.empty() && text.size() <= 8'192 && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

Upstream::Upstream(const Provider& row, ProviderSettings settings, Issuer::Deps deps)
    : row_(row),
      settings_(std::move(settings)),
      places_(places_of(row_, settings_)),
      deps_(deps),
      clients_(settings_.audiences) {
  clients_.push_back(settings_.client_id);
  if (row_.is_open_id) issuer_ = std::make_unique<Issuer>(settings_.issuer, deps);
}

bool Upstream::takes_tokens() const {
  if (row_.is_open_id) return true;
  const Words words = own_words();
  return std::ranges::any_of(row_.tokens, [&](const TokenKind& kind) {
    return kind.needs.empty() || !words.fill(kind.needs).reveal().empty();
  });
}

bool Upstream::takes_codes() const { return !row_.takes_secret || !settings_.client_secret.reveal().empty(); }

Words Upstream::own_words() const {
  Words words;
  words.set("client_id", Secret<>(settings_.client_id));
  words.set("service_token", settings_.service_token);
  words.set("scopes", Secret<>(settings_.scopes.empty() ? std::string(row_.scopes) : joined(settings_.scopes)));
  // An OpenID issuer says how it wants the secret: exchange() sets the word for it.
  if (!settings_.client_secret.reveal().empty() && !row_.is_open_id) {
    words.set("client_secret", settings_.client_secret);
    words.set("basic", basic_credentials(settings_.client_id, settings_.client_secret));
  }
  return words;
}

Words Upstream::words_with(std::string_view name, const Secret<>& value) const {
  Words words = own_words();
  words.set(name, value);
  return words;
}

Reading Upstream::reading(const PersonQuestion& question) const {
  return {.provider = row_.name, .question = question, .trusts_email = settings_.trusts_email};
}

Task<Outcome<Places>> Upstream::places(Deadline deadline) {
  if (!issuer_) co_return places_;
  CO_TRY(told, co_await issuer_->metadata(deadline));
  co_return told->places;
}

Task<Outcome<json::value>> Upstream::ask(const Question& question, const Words& words, Deadline deadline) {
  CO_TRY(where, co_await places(deadline));
  FetchRequest request = request_of(question, where, words);
  const auto fetched = co_await deps_.fetcher.fetch(std::move(request), deadline);
  co_return read_answer(fetched, {speaks_as_client(question), row_.revoked_at, row_.revoked_is});
}

Task<Outcome<Upstream::Portrait>> Upstream::portrait(const PersonQuestion& question, Secret<> token,
                                                     Deadline deadline) {
  const Words words = words_with("token", token);
  CO_TRY(answer, co_await ask(question.question, words, deadline));
  const json::value* person = value_at(answer, question.root);
  if (!person) co_return mishap(ProviderFailure::unintelligible, "no person");
  CO_TRY(identity, read_person(*person, reading(question)));
  if (question.has_addresses)
    if (auto added = co_await add_address(question, words, identity, deadline); !added)
      co_return std::unexpected(added.error());
  co_return Portrait{.identity = std::move(identity), .answer = std::move(answer)};
}

Task<Outcome<void>> Upstream::add_address(const PersonQuestion& question, const Words& words,
                                          core::ProviderIdentity& identity, Deadline deadline) {
  Outcome<json::value> list = co_await ask(question.addresses, words, deadline);
  // A token without the scope for addresses is a person all the same.
  if (!list && list.error().failure == ProviderFailure::token_refused) co_return Outcome<void>{};
  if (!list) co_return std::unexpected(list.error());
  if (std::string primary = primary_address(*list); !primary.empty()) {
    identity.email = std::move(primary);
    identity.email_trust = core::EmailTrust::verified;
  }
  co_return Outcome<void>{};
}

Task<Outcome<core::ProviderIdentity>> Upstream::vouch_for_token(Secret<> token, Deadline deadline) {
  if (row_.is_open_id) co_return co_await read_id_token({.text = std::move(token)}, deadline);
  const Words words = own_words();
  Outcome<core::ProviderIdentity> outcome = mishap(ProviderFailure::not_offered, "no kind of token is set up");
  for (const TokenKind& kind : row_.tokens) {
    if (!kind.needs.empty() && words.fill(kind.needs).reveal().empty()) continue;
    outcome = co_await vouch_as(kind, token, deadline);
    // A token of another kind is refused; anything else is the answer.
    if (outcome || outcome.error().failure != ProviderFailure::token_refused) break;
  }
  co_return outcome;
}

Task<Outcome<core::ProviderIdentity>> Upstream::vouch_as(const TokenKind& kind, Secret<> token, Deadline deadline) {
  CO_TRY(found, co_await portrait(*kind.person, token, deadline));
  const Words words = words_with("token", token);
  if (auto proved = co_await prove(kind, found, words, deadline); !proved) co_return std::unexpected(proved.error());
  co_return std::move(found.identity);
}

Task<Outcome<void>> Upstream::prove(const TokenKind& kind, const Portrait& portrait, const Words& words,
                                    Deadline deadline) {
  require(kind.proves_itself || !kind.audience.empty(), "a kind of token has its proof");
  if (!kind.has_check) co_return judge_audience(kind, portrait.answer);
  CO_TRY(answer, co_await ask(kind.check, words, deadline));
  if (!kind.subject.empty() && text_at(answer, kind.subject) != portrait.identity.subject)
    co_return mishap(ProviderFailure::foreign_token, "two answers about two people");
  co_return judge_audience(kind, answer);
}

Outcome<void> Upstream::judge_audience(const TokenKind& kind, const json::value& answer) const {
  if (kind.proves_itself) return {};
  bool is_named = false;
  for (const std::string_view pointer : words_of(kind.audience)) {
    const std::string client = text_at(answer, pointer);
    if (client.empty()) continue;
    is_named = true;
    const bool is_ours = std::ranges::find(clients_, client) != clients_.end();
    if (!is_ours) return mishap(ProviderFailure::foreign_token, "audience");
  }
  if (!is_named) return mishap(ProviderFailure::unintelligible, "no audience");
  return {};
}

Task<Outcome<std::string>> Upstream::authorization_url(core::AuthorizationQuestion question, Deadline deadline) {
  CO_TRY(where, co_await places(deadline));
  Words words = own_words();
  words.set("redirect_uri", Secret<>(question.redirect_uri));
  words.set("state", Secret<>(question.state));
  words.set("nonce", Secret<>(question.nonce));
  words.set("code_challenge", Secret<>(question.code_challenge));
  co_return address_of(where[static_cast<std::size_t>(Place::authorization)], row_.authorization, words);
}

Task<Outcome<json::value>> Upstream::exchange(core::AuthorizationAnswer answer, Deadline deadline) {
  Words words = own_words();
  if (issuer_ && !settings_.client_secret.reveal().empty()) {
    CO_TRY(told, co_await issuer_->metadata(deadline));
    if (told->takes_basic)
      words.set("basic", basic_credentials(settings_.client_id, settings_.client_secret));
    else if (told->takes_post)
      words.set("client_secret", settings_.client_secret);
    else
      co_return mishap(ProviderFailure::unintelligible, "the issuer takes no client secret");
  }
  words.set("code", answer.code);
  words.set("redirect_uri", Secret<>(answer.redirect_uri));
  words.set("code_verifier", answer.code_verifier);
  words.set("device_id", Secret<>(answer.device_id));
  words.set("state", Secret<>(answer.state));
  CO_TRY(body, co_await ask(row_.exchange, words, deadline));
  if (const std::string state = text_at(body, "/state"); !state.empty() && state != answer.state)
    co_return mishap(ProviderFailure::token_refused, "another state");
  co_return std::move(body);
}

Task<Outcome<core::ProviderIdentity>> Upstream::vouch_for_code(core::AuthorizationAnswer answer, Deadline deadline) {
  std::string nonce = answer.nonce;
  CO_TRY(body, co_await exchange(std::move(answer), deadline));
  if (row_.is_open_id) co_return co_await read_open_id_answer(std::move(body), std::move(nonce), deadline);
  const Secret<> token(text_at(body, "/access_token"));
  if (!is_opaque(token.reveal())) co_return mishap(ProviderFailure::unintelligible, "no access token");
  CO_TRY(found, co_await portrait(*row_.person, token, deadline));
  co_return std::move(found.identity);
}

Task<Outcome<core::ProviderIdentity>> Upstream::read_id_token(IdToken token, Deadline deadline) {
  if (!may_be_id_token(token.text.reveal())) co_return mishap(ProviderFailure::token_refused, "typ");
  CO_TRY(believed, co_await issuer_->believe(token.text, deadline));
  boost::system::error_code error;
  const json::value claims = json::parse(believed.claims, error);
  if (error) co_return mishap(ProviderFailure::unintelligible, "no claims");
  // An id_token that an app brings may be issued to the app's own client; one of our redirect only to ours.
  const std::vector<std::string> own{settings_.client_id};
  const IdTokenExpectation expected{
      .issuer = issuer_->url(),
      .clients = token.nonce.empty() ? std::span<const std::string>(clients_) : std::span<const std::string>(own),
      .nonce = token.nonce,
      .access_token = token.access_token ? &*token.access_token : nullptr,
      .algorithm = believed.algorithm,
      .now = deps_.clock.now()};
  if (auto judged = judge_claims(claims, expected); !judged) co_return std::unexpected(judged.error());
  co_return read_person(claims, reading(*row_.person));
}

/// Claims that are not in the id_token may be at the user info; the person must be the same.
Task<Outcome<core::ProviderIdentity>> Upstream::read_open_id_answer(json::value answer, std::string nonce,
                                                                    Deadline deadline) {
  require(!nonce.empty(), "an OpenID provider is asked with a nonce");
  const Secret<> access(text_at(answer, "/access_token"));
  const Secret<> text(text_at(answer, "/id_token"));
  if (!is_opaque(text.reveal())) co_return mishap(ProviderFailure::unintelligible, "no id_token");
  std::optional<Secret<>> access_token = is_opaque(access.reveal()) ? std::optional(access) : std::nullopt;
  CO_TRY(identity,
         co_await read_id_token({.text = text, .nonce = std::move(nonce), .access_token = access_token}, deadline));
  CO_TRY(where, co_await places(deadline));
  const bool is_told_more = !where[static_cast<std::size_t>(Place::user_info)].empty() && access_token;
  if (!is_told_more || !identity.email.empty()) co_return std::move(identity);
  CO_TRY(found, co_await portrait(*row_.person, *access_token, deadline));
  if (found.identity.subject != identity.subject)
    co_return mishap(ProviderFailure::foreign_token, "two answers about two people");
  co_return std::move(found.identity);
}

}  // namespace propusk::providers
