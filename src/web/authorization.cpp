// GET and POST authorize: a person lets an app act for them (RFC 6749 section 4.1, RFC 7636 with S256 alone, RFC 9207).
#include "core/tokens/authorization_code.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/words.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"
#include "web/onward.hpp"
#include "web/scope_words.hpp"
#include "web/session.hpp"

namespace propusk::web {
namespace {
/// What an app asks for, as its link says.
struct Asked {
  core::AuthorizationAsked client;
  std::string state, response_type, challenge_method;
};

/// Nothing if a parameter comes twice (RFC 6749 section 3.1).
std::optional<Asked> read_asked(const http::Request& request) {
  const auto query = http::parse_urlencoded(request.query);
  const auto field = [&](std::string_view name) -> std::optional<std::string> {
    const auto is_it = [&](const auto& pair) { return pair.first == name; };
    if (!query || std::ranges::count_if(query->fields(), is_it) > 1) return std::nullopt;
    return std::string(query->field(name).value_or(""));
  };
  const auto client = field("client_id"), redirect = field("redirect_uri"), scope = field("scope"),
             state = field("state");
  const auto type = field("response_type"), challenge = field("code_challenge"),
             method = field("code_challenge_method");
  if (!client || !redirect || !scope || !state || !type || !challenge || !method) return std::nullopt;
  return Asked{.client = {*client, *redirect, *scope, *challenge},
               .state = *state,
               .response_type = *type,
               .challenge_method = *method};
}

/// A SHA-256 in the one spelling that a verifier's has.
bool is_challenge(std::string_view text) {
  const auto bytes = from_base64url(text);
  return bytes && bytes->size() == 32 && to_base64url(*bytes) == text;
}

/// What an answer to the app is made of; lives in the frame of its handler.
struct Answering {
  const Web& web;
  const Visit& visit;
  const Asked& asked;
  const core::AuthorizationOffer& offer;

  /// The app's address with `answer`, its own state, and who answers (RFC 9207).
  [[nodiscard]] std::string url(std::string_view answer) const {
    std::string out = offer.redirect_uri;
    out.append(out.contains('?') ? "&" : "?").append(answer);
    if (!asked.state.empty()) out.append("&state=").append(query_value(asked.state));
    return out.append("&iss=").append(query_value(web.gate.public_origin));
  }

  void send(std::string_view answer, bool is_form) const {
    begin_answer(visit, is_form ? 303 : 302);
    visit.reply.header("Location", url(answer));
  }
};

/// What is wrong with the question, as the app is told (RFC 6749 section 4.1.2.1).
std::optional<std::string_view> fault_of(const Asked& asked, const core::Result<core::AuthorizationOffer>& judged) {
  if (asked.response_type != "code") return "error=unsupported_response_type";
  if (asked.challenge_method != "S256" || !is_challenge(asked.client.code_challenge))
    return "error=invalid_request&error_description=PKCE%20with%20S256%20is%20required";
  if (judged) return std::nullopt;
  return judged.error().why == core::Refusal::scope_refused ? "error=invalid_scope" : "error=unauthorized_client";
}

/// Nothing may be sent to where the link says: the person is told.
void send_no_client(const Visit& visit) {
  send_notice(visit,
              {.status = 400, .title = Text::client_title, .sentences = {visit.say(Text::client_lead)}, .way = {}});
}

/// The address as a source of a Content-Security-Policy: its origin; of an app's own scheme the scheme.
std::string source_of(std::string_view url) {
  const std::string_view scheme = url.substr(0, url.find(':') + 1);
  if (!url.contains("://") || (scheme != "https:" && scheme != "http:")) return std::string(scheme);
  return std::string(scheme) + "//" + std::string(host_of(url));
}

void send_consent(const Answering& answering, const Owner& owner) {
  Visit visit = answering.visit;
  visit.leads_to = source_of(answering.offer.redirect_uri);
  Page page(visit, "consent", filled(Text::consent_title, visit.language, answering.offer.client->name));
  page.set("USERNAME", owner.account.username).set("FORM_TOKEN", owner.form_token);
  page.set("LEADS", filled(Text::consent_leads, visit.language, host_of(answering.offer.redirect_uri)));
  for (std::string_view scope : words_of(answering.offer.scope))
    page.content().AddSectionDictionary("SCOPE")->SetValue("WORDS", scope_words(scope, visit.language));
  send_page(visit, 200, page);
}

/// The app gets its code.
Task<void> give(const Answering& answering, const Owner& owner, bool was_asked) {
  const Secret<> code = core::new_authorization_code(answering.web.random);
  const core::Result<void> issued =
      co_await core::issue_code({.session = owner.account.bearer.credential,
                                 .offer = answering.offer,
                                 .redirect_uri = answering.asked.client.redirect_uri,
                                 .code_challenge = answering.asked.client.code_challenge,
                                 .code = sha256(code.reveal()),
                                 .remember = was_asked},
                                answering.visit.request.caller, answering.web.profile.sign_in.sessions);
  if (issued) co_return answering.send("code=" + code.reveal(), was_asked);
  if (issued.error().why == core::Refusal::client_unknown) co_return send_no_client(answering.visit);
  if (issued.error().why == core::Refusal::scope_refused) co_return send_consent(answering, owner);  // just withdrawn
  co_return refuse_owner(answering.web, answering.visit, issued.error());
}

struct Begun {
  Asked asked;
  core::AuthorizationOffer offer;
};
/// Nothing: the page that says why is written.
Task<std::optional<Begun>> begin(const Web& web, const Visit& visit) {
  std::optional<Asked> asked = read_asked(visit.request);
  if (asked) {
    core::Result<core::AuthorizationOffer> offer =
        co_await core::look_at_client(asked->client, visit.request.caller, web.clients);
    if (offer) co_return Begun{std::move(*asked), std::move(*offer)};
  }
  send_no_client(visit);
  co_return std::nullopt;
}

/// Gives the offer its scope; false: the app is told what is wrong.
bool judge(Begun& begun, const Web& web, const Visit& visit) {
  core::Result<core::AuthorizationOffer> judged = core::judge_authorization(begun.offer, begun.asked.client);
  if (const auto fault = fault_of(begun.asked, judged)) {
    Answering{web, visit, begun.asked, begun.offer}.send(*fault, visit.request.method == http::Method::post);
    return false;
  }
  begun.offer = std::move(*judged);
  return true;
}
}  // namespace

Task<void> get_authorize(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  std::optional<Begun> begun = co_await begin(web, visit);
  if (!begun || !judge(*begun, web, visit)) co_return;
  const core::Result<std::optional<Owner>> owner = co_await find_owner(web, visit);
  if (!owner) co_return send_refusal(visit, owner.error());
  if (!*owner)
    co_return send_elsewhere(visit, 302, sign_in_path(std::string(request.path) + "?" + std::string(request.query)));
  const Answering answering{web, visit, begun->asked, begun->offer};
  const bool only_looks = request.method == http::Method::head || http::is_prefetch(request);
  const bool needs_no_answer =
      co_await core::has_consented((*owner)->account.bearer.account, begun->offer, request.caller, web.clients);
  if (needs_no_answer && !only_looks) co_return co_await give(answering, **owner, false);
  send_consent(answering, **owner);
}

Task<void> post_authorize(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  std::optional<Begun> begun = co_await begin(web, visit);
  if (!begun || !judge(*begun, web, visit)) co_return;
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const Answering answering{web, visit, begun->asked, begun->offer};
  if (posted->form.field("decision") == "give") co_return co_await give(answering, posted->owner, true);
  answering.send("error=access_denied", true);
}

}  // namespace propusk::web
