// POST /mobile/registration/: four fields in, one of the contract's short texts out.
#include "dialects/mobile/handlers.hpp"
#include "http/accept.hpp"

namespace propusk::mobile {
namespace {
std::string field(const http::Form& form, std::string_view name) { return std::string(form.field(name).value_or("")); }
}  // namespace

Task<void> post_registration(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  const Instant now = mobile.clock.now();
  // No CSRF token is asked for: no session follows (CONTRACTS.md §1, recommendation 1).
  if (http::is_cross_site(mobile.gate, request)) co_return write_csrf_failure(reply, CsrfVerdict::rejected, now);
  const std::optional<http::Form> form = read_fields(request);
  if (!form) co_return write_bad_request(reply, now);

  const auto password = form->field("password");
  const auto again = form->field("again_pass");
  if (!password || !again || *password != *again) {
    begin(reply, 406, Caching::no_store, now);
    reply.body("bad password");
    co_return;
  }
  core::RegistrationDraft draft{.username = field(*form, "username"),
                                .shape = core::UsernameShape::slug,
                                .email = field(*form, "mail"),
                                .password = Secret<>(std::string(*password)),
                                .language = http::preferred_language(request.header("Accept-Language").value_or(""))};
  const core::Result<core::AccountId> registered =
      co_await core::register_account(std::move(draft), request.caller, mobile.registration);
  if (!registered && registered.error().why == core::Refusal::creation_failed) mobile.on_creation_failed();
  if (!registered) co_return write_refusal(mobile, registered.error(), reply, registration);
  begin(reply, 200, Caching::no_store, now);
  reply.body("user is successfully created");
}

}  // namespace propusk::mobile
