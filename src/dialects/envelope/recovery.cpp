// POST /auth/restore: asks for a recovery mail, and never tells who has the address.
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {

Task<void> post_restore(Envelope& envelope, const http::Request& request, http::Reply& reply) {
  if (refuses_sender(envelope, request, reply)) co_return;
  std::optional<std::string> email = field(read_fields(request), "email");
  if (!email) co_return write_not_found(reply);
  const core::Result<void> begun =
      co_await core::begin_recovery(std::move(*email), core::EmailShape::short_tld,
                                    language_of(request).value_or(Language::en), request.caller, envelope.recovery);
  const std::string_view result = nothing_told(envelope.settings, request);
  if (!begun) co_return write_refusal(begun.error(), result, reply);
  write_envelope(success, result, reply);
}

}  // namespace propusk::envelope
