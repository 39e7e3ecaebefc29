// POST users/activation/ and users/resend_activation/: the link of a mail, and another mail.
#include "core/activation/activation.hpp"

#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"

namespace propusk::djoser {

Task<void> post_activation(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "uid"}, {.name = "token"}});
  if (!form) co_return;
  const core::Result<void> activated = co_await core::activate_account(uid_of(*form), Secret<>(form->raw("token")),
                                                                       visit.request.caller, visit.djoser.activation);
  if (activated) co_return send_nothing(visit, 204);
  send_link_refusal(visit, activated.error());
}

Task<void> post_resend_activation(const Visit& visit) {
  const std::optional<Form> form = read_good_form(visit, {{.name = "email", .type = FieldType::email}});
  if (!form) co_return;
  if (!visit.djoser.settings.needs_activation) co_return send_nothing(visit, 400);
  const core::Result<void> asked = co_await core::request_activation(form->text("email"), visit.language,
                                                                     visit.request.caller, visit.djoser.activation);
  if (!asked) co_return send_refusal(visit, asked.error());
  send_nothing(visit, 204);
}

}  // namespace propusk::djoser
