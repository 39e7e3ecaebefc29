// POST token/login and jwt/create: a name and a password for a token, or for a pair of them.
#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"
#include "dialects/djoser/jwt.hpp"

namespace propusk::djoser {
namespace {
/// The seed's clients say `username`, its own sign-up says `email`: either names the account (CONTRACTS.md §3,
/// ambiguity 1).
bool takes_either(const DjoserSettings& settings) { return settings.profile == Profile::seed; }

/// Adds the e-mail where it stands for a username that was not sent.
Rules with_email(Rules rules, const DjoserSettings& settings, const http::Request& request) {
  if (!takes_either(settings)) return rules;
  const auto body = drf::Body::read(request);
  const bool has_username = !body || body->field("username");
  const drf::JsonValue* email = has_username ? nullptr : body->field("email");
  if (!email || email->kind != drf::JsonKind::text) return rules;
  for (FieldRule& rule : rules)
    if (rule.name == "username") rule.name = "email";
  return rules;
}

std::optional<std::string> identifier_of(const Form& form) {
  for (const char* field : {"username", "email"})
    if (const auto name = form.values.get(field)) return std::string(*name);
  return std::nullopt;
}

core::PasswordAttempt attempt(const Visit& visit, const Form& form, core::CredentialDraft draft) {
  return {.identifier = identifier_of(form).value_or(""),
          .rule = identifier_rule(visit.djoser.settings),
          .password = form.secret("password"),
          .draft = draft,
          .presented = {}};
}

void send_unable(const Visit& visit) {
  Errors errors;
  errors.add_to_all(visit.say(Sentence::credentials_refused));
  send_errors(visit, errors);
}

void send_no_active_account(const Visit& visit) {
  visit.reply.headers("WWW-Authenticate: Bearer realm=\"api\"\r\n");
  send_detail(visit, 401, Sentence::no_active_account);
}

std::string field_metadata(std::string_view name, std::string_view label) {
  std::string out("\"");
  out.append(name).append(R"(":{"type":"string","required":false,"read_only":false,"label":")");
  return out.append(label).append("\"}");
}
}  // namespace

Task<void> post_token_login(const Visit& visit) {
  const DjoserSettings& settings = visit.djoser.settings;
  const std::optional<Form> form = read_good_form(visit, with_email(sign_in_rules(settings), settings, visit.request));
  if (!form) co_return;
  if (!identifier_of(*form) || !form->values.get("password")) co_return send_unable(visit);
  const std::string token = drf::new_token(visit.site.random);
  const core::CredentialDraft draft{
      .kind = core::CredentialKind::auth_token, .digest = sha256(token), .life = settings.token_life};
  const core::Result<core::SignedIn> signed_in =
      co_await core::sign_in_with_password(attempt(visit, *form, draft), visit.request.caller, visit.djoser.sign_in);
  if (signed_in) co_return send_json(visit, 200, R"({"auth_token":")" + token + "\"}");
  if (signed_in.error().why == core::Refusal::bad_credentials) co_return send_unable(visit);
  send_refusal(visit, signed_in.error());
}

Task<void> options_token_login(const Visit& visit) {
  const bool by_email = visit.djoser.settings.profile == Profile::email;
  std::string actions(R"(,"actions":{"POST":{)");
  actions.append(field_metadata("password", "Password")).append(",");
  actions.append(by_email ? field_metadata("email", "Email") : field_metadata("username", "Username")).append("}}");
  drf::send_metadata(visit, actions);
  co_return;
}

Task<void> post_jwt_create(const Visit& visit) {
  const DjoserSettings& settings = visit.djoser.settings;
  const std::optional<Form> form =
      read_good_form(visit, with_email(jwt_create_rules(settings), settings, visit.request));
  if (!form) co_return;
  const NewPair pair = draw_pair(visit.site.random);
  const core::Result<core::SignedIn> signed_in = co_await core::sign_in_with_password(
      attempt(visit, *form, pair.draft(settings)), visit.request.caller, visit.djoser.sign_in);
  if (!signed_in && signed_in.error().why == core::Refusal::bad_credentials) co_return send_no_active_account(visit);
  if (!signed_in) co_return send_refusal(visit, signed_in.error());
  const WrittenPair tokens = write_pair(visit.djoser, pair, signed_in->account);
  send_json(visit, 200, R"({"refresh":")" + tokens.refresh + R"(","access":")" + tokens.access + "\"}");
}

}  // namespace propusk::djoser
