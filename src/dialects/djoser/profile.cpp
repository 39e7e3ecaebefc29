// users/me/, users/{id}/ and the list: the account as its owner sees and changes it. Nobody sees another's.
#include <charconv>

#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"
#include "http/accept.hpp"

namespace propusk::djoser {
namespace {
/// The `{id}` of the path, without a `.json`. Nothing if it is none that an account could have.
std::optional<core::AccountId> id_in_path(const http::Request& request) {
  if (request.path_parameters.empty()) return std::nullopt;
  std::string_view text = request.path_parameters.front().second;
  if (text.ends_with(".json")) text.remove_suffix(5);
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return core::AccountId{id};
}

bool is_own(const Visit& visit) { return id_in_path(visit.request) == visit.owner().account; }

/// What of the account a form wants to be otherwise.
core::ProfileUpdate update_of(const Visit& visit, const Form& form) {
  const DjoserSettings& settings = visit.djoser.settings;
  core::ProfileUpdate update{
      .bearer = visit.owner(), .current = {}, .email = {}, .rule = email_rule(settings), .fields = {}};
  if (const auto email = form.values.get("email")) update.email = *email;
  for (const core::ProfileField field : settings.fields)
    if (const auto text = form.values.get(core::profile_fields[static_cast<std::size_t>(field)].name))
      update.fields.emplace_back(field, *text);
  return update;
}

Task<void> update(const Visit& visit, bool is_partial) {
  const std::optional<Form> form = read_good_form(visit, profile_rules(visit.djoser.settings), is_partial);
  if (!form) co_return;
  const core::Result<core::Account> updated =
      co_await core::update_profile(update_of(visit, *form), visit.request.caller, visit.djoser.profile);
  if (updated) co_return send_json(visit, 200, card_json(visit.djoser.settings, core::card_of(*updated)));
  const core::Refusal why = updated.error().why;
  if (why == core::Refusal::email_taken)
    co_return send_field_error(visit, "email", taken_sentence(visit, Place::email));
  if (why == core::Refusal::email_malformed)
    co_return send_field_error(visit, "email", visit.say(Sentence::email_malformed));
  send_refusal(visit, updated.error());
}

Task<void> send_card(const Visit& visit) {
  const core::SharedCard card = co_await own_card(visit);
  if (!card) co_return send_unauthorized(visit, Sentence::token_unknown);
  send_json(visit, 200, card_json(visit.djoser.settings, *card));
}
}  // namespace

Task<core::SharedCard> own_card(const Visit& visit) {
  return core::find_card(visit.owner().account, visit.request.caller, visit.site.sessions);
}

Task<void> get_root(const Visit& visit) {
  const DjoserSettings& settings = visit.djoser.settings;
  const bool has_suffix = visit.request.path.find(".json") != visit.request.path.npos;
  const std::string users = settings.origin + settings.prefix + (has_suffix ? "/users.json" : "/users/");
  send_json(visit, 200, R"({"users":)" + drf::json_text(users) + "}");
  co_return;
}

Task<void> get_users(const Visit& visit) {
  const core::SharedCard card = co_await own_card(visit);
  if (!card) co_return send_unauthorized(visit, Sentence::token_unknown);
  send_json(visit, 200, "[" + card_json(visit.djoser.settings, *card) + "]");
}

Task<void> get_me(const Visit& visit) { return send_card(visit); }
Task<void> put_me(const Visit& visit) { return update(visit, false); }
Task<void> patch_me(const Visit& visit) { return update(visit, true); }

Task<void> delete_me(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "current_password"}});
  if (!form) co_return;
  const core::Result<void> deleted = co_await core::delete_own_account(visit.owner(), form->secret("current_password"),
                                                                       visit.request.caller, visit.djoser.profile);
  if (deleted) co_return send_nothing(visit, 204);
  if (deleted.error().why == core::Refusal::bad_credentials)
    co_return send_field_error(visit, "current_password", visit.say(Sentence::password_wrong));
  send_refusal(visit, deleted.error());
}

Task<void> get_detail(const Visit& visit) {
  if (is_own(visit)) co_return co_await send_card(visit);
  send_detail(visit, 404, Sentence::not_found);
}

Task<void> put_detail(const Visit& visit) {
  if (is_own(visit)) co_return co_await update(visit, false);
  send_detail(visit, 404, Sentence::not_found);
}

Task<void> patch_detail(const Visit& visit) {
  if (is_own(visit)) co_return co_await update(visit, true);
  send_detail(visit, 404, Sentence::not_found);
}

/// Whether the account of another id exists is not told: 403 for every number (CONTRACTS.md §3.1 "users/{id}").
Task<void> delete_detail(const Visit& visit) {
  if (is_own(visit)) co_return co_await delete_me(visit);
  if (!id_in_path(visit.request)) co_return send_detail(visit, 404, Sentence::not_found);
  send_detail(visit, 403, Sentence::permission_denied);
}

http::Next get_me_from_memory(Djoser& djoser, const http::Request& request, http::Reply& reply) {
  const DjoserSettings& settings = djoser.settings;
  const bool is_plain = request.method == http::Method::get && request.query.empty() &&
                        djoser.site.language != drf::TextLanguage::negotiate;
  const std::string_view accept = request.header("Accept").value_or("*/*");
  if (!is_plain || (accept != "*/*" && accept != "application/json")) return http::Next::wait;
  const auto secret = drf::plain_secret(request);
  if (!secret) return http::Next::wait;
  const auto [checked, card] = core::check_session_with_card(secret->digest, secret->kind, djoser.site.sessions);
  if (checked.standing != core::Standing::live || !card) return http::Next::wait;
  if (!core::permits(checked.terms.get(), core::Access::read)) return http::Next::wait;
  drf::send_json({djoser.site, me_view.label, request, reply, Language::en}, 200, card_json(settings, *card));
  return http::Next::send;
}

}  // namespace propusk::djoser
