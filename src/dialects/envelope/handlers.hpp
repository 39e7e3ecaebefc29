// The handlers of the envelope dialect, one file per capability, as the table in routes.cpp names them.
#pragma once
#include "dialects/envelope/envelope.hpp"
#include "dialects/envelope/wire.hpp"

namespace propusk::envelope {

// registration.cpp
Task<void> post_register(Envelope& envelope, const http::Request& request, http::Reply& reply);
// sign_in.cpp
Task<void> post_login(Envelope& envelope, const http::Request& request, http::Reply& reply);
// sign_out.cpp
Task<void> get_logout(Envelope& envelope, const http::Request& request, http::Reply& reply);
Task<void> post_logout(Envelope& envelope, const http::Request& request, http::Reply& reply);
// profile.cpp
Task<void> post_edit(Envelope& envelope, const http::Request& request, http::Reply& reply);
// recovery.cpp
Task<void> post_restore(Envelope& envelope, const http::Request& request, http::Reply& reply);
// sessions.cpp
/// Whose live session the request's cookie names. Refuses what core::find_session_owner refuses.
Task<core::Result<core::SessionOwner>> session_owner(Envelope& envelope, const http::Request& request);
/// The answer to a request whose cookie names no live session; as recorded, a dead cookie is removed and that of a
/// disabled account stays.
void write_no_session(const Envelope& envelope, const core::Refused& refused, const http::Request& request,
                      std::string_view result, http::Reply& reply);
// errors.cpp
void write_failure(Envelope& envelope, http::Failure failure, const http::Request& request, http::Reply& reply);

}  // namespace propusk::envelope
