// What people tell of themselves, and the name by which they sign in.
#include <algorithm>

#include "base/text.hpp"
#include "base/written_date.hpp"
#include "core/profile/changes.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"
#include "web/typed_name.hpp"

namespace propusk::web {
namespace {
struct FieldWords {
  core::ProfileField field;
  Text label;
  std::string_view type, token;  ///< as Input has them
};
/// By the order of the registry.
constexpr FieldWords field_words[] = {
    {core::ProfileField::first_name, Text::first_name, "text", "given-name"},
    {core::ProfileField::last_name, Text::last_name, "text", "family-name"},
    {core::ProfileField::middle_name, Text::middle_name, "text", "additional-name"},
    {core::ProfileField::phone, Text::phone, "tel", "tel"},
};
static_assert(std::size(field_words) == core::profile_fields.size());

std::string_view name_of(core::ProfileField field) {
  return core::profile_fields.at(static_cast<std::size_t>(field)).name;
}

/// Where people sign in by address, the username is mostly the address, and changes with it.
bool has_name_of_its_own(const Web& web, const Owner& owner) {
  return web.sign_up.asks_username || owner.account.username != owner.account.email;
}

void send_profile(const Web& web, const Visit& visit, const Owner& owner, const core::ProfileFields& typed,
                  std::vector<Mistake> mistakes) {
  FormPage form{
      .title = Text::profile_title,
      .button = std::nullopt,
      .sentences = {filled(Text::account_since, visit.language, written_day(owner.account.created_at, visit.language))},
      .username = owner.account.username,
      .mistakes = std::move(mistakes),
      .form_token = owner.form_token,
      .done = done_text(visit.request),
      .is_of_account = true};
  for (const core::ProfileField field : web.fields) {
    const FieldWords& words = field_words[static_cast<std::size_t>(field)];
    form.inputs.push_back({.name = name_of(field),
                           .label = words.label,
                           .type = words.type,
                           .token = words.token,
                           .value = typed.at(static_cast<std::size_t>(field)),
                           .is_optional = true,
                           .is_name = field != core::ProfileField::phone});
  }
  if (!web.fields.empty()) form.button = Text::save;
  if (has_name_of_its_own(web, owner)) form.ways.push_back({username_path, Text::change_username});
  send_form(visit, form);
}

void send_username(const Visit& visit, const Owner& owner, const std::string& typed, std::vector<Mistake> mistakes) {
  FormPage form{
      .title = Text::change_username,
      .button = Text::rename_button,
      .sentences = {visit.say(Text::rename_lead)},
      .username = owner.account.username,
      .inputs =
          {{.name = new_username_field, .label = Text::new_username, .type = "text", .token = "off", .value = typed}},
      .mistakes = std::move(mistakes),
      .form_token = owner.form_token,
      .is_of_account = true};
  ask_current_password(form, owner);
  send_form(visit, form);
}
}  // namespace

Task<void> get_profile(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (owner) send_profile(web, visit, *owner, owner->account.fields, {});
}

Task<void> post_profile(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  core::ProfileUpdate update;
  update.bearer = posted->owner.account.bearer;
  core::ProfileFields typed = posted->owner.account.fields;
  std::vector<Mistake> mistakes;
  for (const core::ProfileField field : web.fields) {
    const auto sent = posted->form.field(name_of(field));
    if (!sent) continue;
    std::string& told = typed.at(static_cast<std::size_t>(field));
    told = stripped(*sent);
    if (code_points(told) > core::profile_fields.at(static_cast<std::size_t>(field)).limit)
      mistakes.push_back({name_of(field), Text::too_long});
    update.fields.emplace_back(field, told);
  }
  if (!mistakes.empty()) co_return send_profile(web, visit, posted->owner, typed, std::move(mistakes));
  const auto updated = co_await core::update_profile(std::move(update), request.caller, web.profile);
  if (!updated) co_return refuse_owner(web, visit, updated.error());
  send_elsewhere(visit, 303, "/accounts/profile/?done=saved");
}

Task<void> get_username(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<Owner> owner = co_await admit_owner(web, visit);
  if (!owner) co_return;
  if (!has_name_of_its_own(web, *owner)) co_return send_elsewhere(visit, 302, "/accounts/email/");
  if (!sends_stale(web, visit, *owner)) send_username(visit, *owner, "", {});
}

Task<void> post_username(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<OwnedForm> posted = co_await admit_owned_form(web, visit);
  if (!posted) co_return;
  const std::string name = normal_name(posted->form.field(new_username_field).value_or(""), false);
  if (!has_name_of_its_own(web, posted->owner)) co_return send_elsewhere(visit, 303, "/accounts/email/");
  if (!is_written_well(name))
    co_return send_username(visit, posted->owner, name, {{new_username_field, Text::username_malformed}});
  const core::Result<void> changed =
      co_await core::change_username({.bearer = posted->owner.account.bearer,
                                      .current = secret_field(posted->form, current_password_field),
                                      .username = name},
                                     request.caller, web.profile);
  if (changed) co_return send_elsewhere(visit, 303, "/accounts/profile/?done=username");
  const core::Refusal why = changed.error().why;
  std::vector<Mistake> mistakes = mistakes_of(changed.error());
  const bool is_of_name = why == core::Refusal::username_malformed || why == core::Refusal::username_taken;
  if (const auto what = name_mistake(why, name, false); what && is_of_name)
    mistakes = {{new_username_field, name == posted->owner.account.username ? Text::same_already : *what}};
  if (mistakes.empty()) co_return refuse_owner(web, visit, changed.error());
  send_username(visit, posted->owner, name, std::move(mistakes));
}

}  // namespace propusk::web
