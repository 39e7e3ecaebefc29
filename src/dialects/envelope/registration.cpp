// POST /auth/register: username, password and e-mail in, a code out. No cookie follows.
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {

Task<void> post_register(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  if (refuses_sender(envelope, request, reply)) co_return;
  const http::Form form = read_fields(request);
  std::optional<std::string> username = field(form, "username"), email = field(form, "email"),
                             password = field(form, "password");
  if (!username || !email || !password) co_return write_not_found(reply);

  core::RegistrationDraft draft{.username = std::move(*username),
                                .shape = core::UsernameShape::handle,
                                .email = std::move(*email),
                                .email_shape = core::EmailShape::short_tld,
                                .claims_email = true,
                                .password = Secret<>(std::move(*password)),
                                .tells_taken_first = true,
                                .language = language_of(request)};
  const core::Result<core::AccountId> registered =
      co_await core::register_account(std::move(draft), request.caller, envelope.registration);
  const std::string_view result = nothing_told(envelope.settings, request);
  if (!registered) co_return write_refusal(registered.error(), result, reply);
  write_envelope(success, result, reply);
}

}  // namespace propusk::envelope
