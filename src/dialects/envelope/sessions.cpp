// Who asks: the session that the cookie names.
#include "base/digest.hpp"
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {

Task<core::Result<core::SessionOwner>> session_owner(Envelope& envelope, const http::Request& request) {
  const std::string_view key = sent_session_key(request).value_or("");
  if (!is_session_key(key)) co_return core::refuse(core::Refusal::not_signed_in);
  co_return co_await core::find_session_owner(sha256(key), core::CredentialKind::browser_session, request.caller,
                                              envelope.sign_in.sessions);
}

void write_no_session(const Envelope& envelope, const core::Refused& refused, const http::Request& request,
                      std::string_view result, http::Reply& reply) {
  write_refusal(refused, result, reply);
  const bool is_dead = refused.why == core::Refusal::not_signed_in && sent_session_key(request);
  if (is_dead) remove_session_cookie(envelope, request, reply);
}

}  // namespace propusk::envelope
