// All that is kept of a person, as a file.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/moment.hpp"

namespace propusk::web {
namespace {
namespace json = boost::json;

json::value written(const std::optional<Instant>& at) { return at ? json::value(stamp(*at)) : json::value(nullptr); }

json::object account_in(const core::OwnAccount& account) {
  json::object profile;
  for (const core::ProfileFieldRow& row : core::profile_fields)
    profile[row.name] = account.fields.at(static_cast<std::size_t>(row.field));
  return {{"username", account.username},
          {"email", account.email},
          {"email_verified", account.email_verified},
          {"pending_email", account.pending_email},
          {"has_password", account.has_password},
          {"password_changed_at",
           written(account.has_password ? std::optional(account.password_changed_at) : std::optional<Instant>())},
          {"profile", std::move(profile)},
          {"language", account.language},
          {"created_at", stamp(account.created_at)},
          {"last_sign_in_at", written(account.last_sign_in_at)}};
}

json::object credential_in(const core::Credential& credential) {
  return {{"id", core::credential_id(credential)},
          {"kind", core::row_of(credential.kind).name},
          {"client", credential.terms ? json::value(credential.terms->client) : json::value(nullptr)},
          {"network", credential.prefix},
          {"device", credential.label},
          {"created_at", stamp(credential.created_at)},
          {"seen_at", stamp(credential.seen_at)},
          {"expires_at", stamp(credential.expires_at)}};
}

json::object event_in(const core::AuditEvent& event) {
  return {{"at", stamp(event.at)},
          {"action", core::audit_action_name(event.action)},
          {"actor", event.actor},
          {"detail", event.detail}};
}

json::object link_in(const core::Link& link) {
  return {{"purpose", core::row_of(link.purpose).name},
          {"email", link.email},
          {"created_at", stamp(link.created_at)},
          {"expires_at", stamp(link.expires_at)}};
}

json::object connection_in(const core::SocialLink& link) {
  return {{"provider", link.provider},
          {"subject", link.subject},
          {"display", link.display},
          {"email", link.mailbox},
          {"created_at", stamp(link.created_at)},
          {"used_at", written(link.used_at)}};
}

json::object consent_in(const core::Consent& consent) {
  return {{"client", consent.client}, {"scope", consent.scope}, {"given_at", stamp(consent.given_at)}};
}

template <class T>
json::array all_of(const std::vector<T>& rows, json::object (*write)(const T&)) {
  json::array out;
  for (const T& row : rows) out.push_back(write(row));
  return out;
}

std::string written(const core::AccountExport& data) {
  return json::serialize(json::object{{"account", account_in(data.account)},
                                      {"connections", all_of(data.connections, connection_in)},
                                      {"consents", all_of(data.consents, consent_in)},
                                      {"credentials", all_of(data.credentials, credential_in)},
                                      {"events", all_of(data.events, event_in)},
                                      {"links", all_of(data.links, link_in)}});
}

void send_data_form(const Visit& visit, const Owner& owner, std::vector<Mistake> mistakes) {
  FormPage form{.title = Text::data_title,
                .button = Text::data_button,
                .sentences = {visit.say(Text::data_lead), visit.say(Text::data_without)},
                .username = owner.account.username,
                .mistakes = std::move(mistakes),
                .form_token = owner.form_token,
                .is_of_account = true};
  if (!owner.account.is_fresh) ask_current_password(form, owner);
  send_form(visit, form);
}
}  // namespace

Task<void> get_data(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (owner && !sends_stale(web, visit, *owner)) send_data_form(visit, *owner, {});
}

Task<void> post_data(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const core::Result<core::AccountExport> data = co_await core::export_own_data(
      posted->owner.account.bearer, secret_field(posted->form, current_password_field), request.caller, web.profile);
  if (!data) {
    std::vector<Mistake> mistakes = mistakes_of(data.error());
    if (mistakes.empty()) co_return refuse_owner(web, visit, data.error());
    co_return send_data_form(visit, posted->owner, std::move(mistakes));
  }
  begin_answer(visit, 200);
  reply.headers(
      "Content-Type: application/json\r\n"
      "Content-Disposition: attachment; filename=\"account.json\"\r\n");
  reply.body(written(*data));
}

}  // namespace propusk::web
