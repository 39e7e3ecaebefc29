// Changing and resetting the name that signs in: set_username, reset_username and their `email` twins.
#include "core/profile/username_reset.hpp"

#include "base/text.hpp"
#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"

namespace propusk::djoser {
namespace {
bool by_email(const Visit& visit) { return visit.djoser.settings.profile == Profile::email; }

std::string new_name(const Visit& visit, const Form& form) {
  std::string name = form.text(new_login_field(visit.djoser.settings));
  if (by_email(visit)) return normal_email(name);
  return visit.djoser.settings.profile == Profile::stock ? nfkc(name).value_or(name) : name;
}

/// The seed's model lets the name be left out, and the recorded server fails then; here it is asked for.
void require_name(const Visit& visit, Form& form) {
  const std::string_view field = new_login_field(visit.djoser.settings);
  if (!form.errors.has(field) && form.text(field).empty()) form.errors.add(field, visit.say(Sentence::required));
}

/// A name that cannot be had, beside its field; a link that does nothing; or another refusal.
void send_name_refusal(const Visit& visit, const core::Refused& refused) {
  const std::string_view field = new_login_field(visit.djoser.settings);
  const WireError error = to_wire(refused.why);
  if (error.place == Place::current_password)
    return send_field_error(visit, "current_password", visit.say(error.sentence));
  const bool is_of_name = error.place == Place::username || error.place == Place::email;
  if (!is_of_name) return send_link_refusal(visit, refused);
  const bool is_taken = error.sentence == Sentence::already_exists;
  send_field_error(visit, field, is_taken ? taken_sentence(visit, error.place) : visit.say(error.sentence));
}

/// A reset without a name: what is wrong with the link comes first.
Task<void> send_nameless(const Visit& visit, Form& form) {
  const auto link = co_await core::look_at_username_reset_link(uid_of(form), Secret<>(form.raw("token")),
                                                               visit.request.caller, visit.djoser.profile.outbox);
  if (!link) co_return send_link_refusal(visit, as_unknown(link.error()));
  require_name(visit, form);
  send_errors(visit, form.errors);
}

Task<core::Result<void>> change_name(const Visit& visit, const Form& form) {
  const Secret<> current = form.secret("current_password");
  std::string name = new_name(visit, form);
  if (!by_email(visit)) {
    core::UsernameChange change{.bearer = visit.owner(), .current = current, .username = std::move(name)};
    co_return co_await core::change_username(std::move(change), visit.request.caller, visit.djoser.profile);
  }
  core::ProfileUpdate update{.bearer = visit.owner(),
                             .current = current,
                             .email = std::move(name),
                             .rule = email_rule(visit.djoser.settings),
                             .same_is_taken = true,
                             .fields = {}};
  const core::Result<core::Account> updated =
      co_await core::update_profile(std::move(update), visit.request.caller, visit.djoser.profile);
  if (!updated) co_return std::unexpected(updated.error());
  co_return core::Result<void>{};
}
}  // namespace

Task<void> post_set_username(const Visit& visit) {
  std::optional<Form> form = read_form(visit, set_username_rules(visit.djoser.settings));
  if (!form) co_return;
  if (form->errors.empty()) require_name(visit, *form);
  if (!form->errors.empty()) {
    if (co_await check_current_password(visit, *form)) send_errors(visit, form->errors);
    co_return;
  }
  const core::Result<void> changed = co_await change_name(visit, *form);
  if (!changed) co_return send_name_refusal(visit, changed.error());
  send_nothing(visit, 204);
}

Task<void> post_reset_username(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "email", .type = FieldType::email}});
  if (!form) co_return;
  core::RecoveryDeps deps = visit.djoser.recovery;
  deps.letter = core::MailKind::username_reset;
  const core::Result<void> begun = co_await core::begin_recovery(form->text("email"), core::EmailShape::any,
                                                                 visit.language, visit.request.caller, deps);
  if (!begun) co_return send_refusal(visit, begun.error());
  send_nothing(visit, 204);
}

Task<void> post_reset_username_confirm(const Visit& visit) {
  const DjoserSettings& settings = visit.djoser.settings;
  std::optional<Form> form = read_form(visit, username_reset_confirm_rules(settings));
  if (!form) co_return;
  if (!form->errors.empty()) co_return send_errors(visit, form->errors);
  if (form->text(new_login_field(settings)).empty()) co_return co_await send_nameless(visit, *form);
  core::UsernameReset reset{.link = {uid_of(*form), Secret<>(form->raw("token"))}, .name = new_name(visit, *form)};
  if (by_email(visit)) reset.as_email = email_rule(settings);
  const core::Result<void> done =
      co_await core::complete_username_reset(std::move(reset), visit.request.caller, visit.djoser.profile.outbox);
  if (done) co_return send_nothing(visit, 204);
  send_name_refusal(visit, as_unknown(done.error()));
}

}  // namespace propusk::djoser
