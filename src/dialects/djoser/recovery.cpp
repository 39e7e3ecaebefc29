// POST users/reset_password/ and its confirmation: never tells who has the address; the new password comes with the
// link.
#include "core/recovery/recovery.hpp"

#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"

namespace propusk::djoser {

Task<void> post_reset_password(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "email", .type = FieldType::email}});
  if (!form) co_return;
  const core::Result<void> begun = co_await core::begin_recovery(
      form->text("email"), core::EmailShape::any, visit.language, visit.request.caller, visit.djoser.recovery);
  if (!begun) co_return send_refusal(visit, begun.error());
  send_nothing(visit, 204);
}

Task<void> post_reset_password_confirm(const Visit& visit) {
  const std::optional<Form> form =
      read_good_form(visit, {{.name = "uid"}, {.name = "token"}, {.name = "new_password"}});
  if (!form) co_return;
  // The password is judged before the link is looked at (PasswordSerializer.validate runs first).
  const Secret<> password = form->secret("new_password");
  const auto weak = password_sentences(visit, visit.djoser.recovery.policy.judge(password), "");
  if (!weak.empty()) co_return send_weak_password(visit, "new_password", weak);
  const core::Result<void> completed = co_await core::complete_recovery(
      uid_of(*form), Secret<>(form->raw("token")), password, visit.request.caller, visit.djoser.recovery);
  if (completed) co_return send_nothing(visit, 204);
  send_link_refusal(visit, as_unknown(completed.error()));
}

}  // namespace propusk::djoser
