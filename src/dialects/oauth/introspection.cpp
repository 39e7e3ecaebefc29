// POST introspect (RFC 7662): whether a token is live, for the client that got it or one that may ask about all.
// Answered from memory where memory knows.
#include "dialects/drf/fields.hpp"
#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"
#include "http/form.hpp"

namespace propusk::oauth {
namespace {
struct Question {
  bool is_basic = false;  ///< the client is in the header
  core::ClientPresented client;
  std::optional<Secret<>> token;
};

Question read_question(const http::Request& request) {
  BasicClient basic = read_basic(request);
  Question question{.is_basic = basic.is_shown, .client = {}, .token = {}};
  const auto form = http::read_form(request, {.multipart = false, .json = true});
  const auto field = [&](std::string_view name) { return form ? form->field(name) : std::nullopt; };
  question.client = client_of(std::move(basic), field("client_id").value_or(""),
                              Secret<>(std::string(field("client_secret").value_or(""))));
  if (const auto token = field("token")) question.token = Secret<>(std::string(*token));
  return question;
}

void send(http::Reply& reply, int status, std::string_view body) {
  reply.status = status;
  reply.headers("Content-Type: application/json\r\nCache-Control: no-store\r\n").body(body);
}

void send_active(http::Reply& reply, const core::CredentialTerms& terms, Instant expires_at,
                 const core::ProfileCard* owner) {
  std::string body = R"({"active":true,"client_id":)";
  body.reserve(256);  // all of it, mostly
  drf::append_json_text(body, terms.client);
  if (owner) {
    drf::append_json_text(body.append(R"(,"username":)"), owner->username);
    body.append(R"(,"sub":")").append(std::to_string(static_cast<std::int64_t>(owner->id))).append("\"");
  }
  drf::append_json_text(body.append(R"(,"scope":)"), terms.scope);
  body.append(R"(,"token_type":"Bearer","exp":)");
  const auto expires = std::chrono::floor<seconds>(expires_at.time_since_epoch()).count();
  send(reply, 200, body.append(std::to_string(expires)).append("}"));
}

void send_inactive(http::Reply& reply) { send(reply, 200, R"({"active":false})"); }

void send_unknown_client(http::Reply& reply, bool is_basic) {
  if (is_basic) reply.headers("WWW-Authenticate: Basic realm=\"oauth\"\r\n");
  send(reply, 401, R"({"error":"invalid_client"})");
}

/// Whether a client is who it says, and has one of its own: a public client cannot be told from anybody else.
bool may_ask(const core::Client& client, const Question& question) {
  return client.kind == core::ClientKind::confidential && client.state == core::ClientState::active &&
         core::is_secret_of(client, question.client.secret);
}

void send_no_token(http::Reply& reply) {
  send(reply, 400, R"({"error":"invalid_request","error_description":"Request is missing token parameter."})");
}
}  // namespace

http::Next introspect_from_memory(Oauth& oauth, const http::Request& request, http::Reply& reply) {
  const Question question = read_question(request);
  const core::SharedClient client = oauth.clients.directory.find(question.client.id);
  if (!client || !question.token || !may_ask(*client, question)) return http::Next::wait;
  const core::Looked looked = core::look_at_access_token(sha256(question.token->reveal()), oauth.site.sessions);
  if (!looked.known) return http::Next::wait;
  if (looked.terms && core::may_introspect(*client, *looked.terms))
    send_active(reply, *looked.terms, looked.expires_at, looked.owner.get());
  else
    send_inactive(reply);
  return http::Next::send;
}

Task<void> post_introspect(Oauth& oauth, const http::Request& request, http::Reply& reply) {
  const Question question = read_question(request);
  const core::Result<core::SharedClient> client =
      co_await core::find_client(question.client.id, request.caller, oauth.clients);
  if (!client || !may_ask(**client, question)) co_return send_unknown_client(reply, question.is_basic);
  if (!question.token) co_return send_no_token(reply);
  const std::optional<core::TokenFacts> facts =
      co_await core::introspect(sha256(question.token->reveal()), *client, request.caller, oauth.site.sessions);
  if (!facts) co_return send_inactive(reply);
  send_active(reply, facts->terms, facts->expires_at, facts->owner.get());
}

}  // namespace propusk::oauth
