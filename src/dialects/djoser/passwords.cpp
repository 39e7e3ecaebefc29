// POST users/set_password/: the current password first, then the new one; the token that asked stays.
#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"

namespace propusk::djoser {
Task<void> post_set_password(const Visit& visit) {
  const DjoserSettings& settings = visit.djoser.settings;
  std::optional<Form> form = read_form(visit, set_password_rules(settings));
  if (!form) co_return;
  const Secret<> next = form->secret("new_password");
  const bool is_retyped = settings.profile == Profile::stock || form->text("re_new_password") == next.reveal();
  std::vector<std::string> weak;
  if (form->errors.empty()) {
    const auto card = co_await own_card(visit);
    if (!card) co_return send_unauthorized(visit, Sentence::token_unknown);
    weak =
        password_sentences(visit, visit.djoser.profile.policy.judge(next), similar_name(visit, next.reveal(), *card));
  }
  if (!form->errors.empty() || !weak.empty() || !is_retyped) {
    if (!co_await check_current_password(visit, *form)) co_return;
    if (!form->errors.empty()) co_return send_errors(visit, form->errors);
    if (!weak.empty()) co_return send_weak_password(visit, "new_password", weak);
    form->errors.add_to_all(visit.say(Sentence::passwords_differ));
    co_return send_errors(visit, form->errors);
  }
  core::PasswordChange change{.bearer = visit.owner(), .current = form->secret("current_password"), .next = next};
  const core::Result<void> changed =
      co_await core::change_password(std::move(change), visit.request.caller, visit.djoser.profile);
  if (changed) co_return send_nothing(visit, 204);
  if (changed.error().why == core::Refusal::bad_credentials)
    co_return send_field_error(visit, "current_password", visit.say(Sentence::password_wrong));
  send_refusal(visit, changed.error());
}

}  // namespace propusk::djoser
