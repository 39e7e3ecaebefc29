// The current password as a field of a form: wrong ones are mistakes among others, but names are looked up only for a
// right one.
#include "dialects/djoser/forms.hpp"

namespace propusk::djoser {

Task<bool> check_current_password(const Visit& visit, Form& form) {
  const auto current = form.values.get("current_password");
  if (!current) co_return true;
  const core::Result<void> confirmed = co_await core::confirm_password(visit.owner(), Secret<>(std::string(*current)),
                                                                       visit.request.caller, visit.djoser.profile);
  if (confirmed) co_return true;
  if (confirmed.error().why != core::Refusal::bad_credentials) {
    send_refusal(visit, confirmed.error());
    co_return false;
  }
  form.errors.add("current_password", visit.say(Sentence::password_wrong));
  co_return true;
}

}  // namespace propusk::djoser
