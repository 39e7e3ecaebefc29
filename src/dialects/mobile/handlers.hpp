// The handlers of the mobile dialect, one file per capability, as the table in routes.cpp names them.
#pragma once
#include "dialects/mobile/mobile.hpp"
#include "dialects/mobile/wire.hpp"

namespace propusk::mobile {

// registration.cpp
Task<void> post_registration(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sign_in.cpp
http::Next get_login(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> post_login(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sessions.cpp
http::Next get_start(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> get_start_from_store(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sign_out.cpp
Task<void> get_logout(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> post_logout(Mobile& mobile, const http::Request& request, http::Reply& reply);
// errors.cpp
void write_failure(Mobile& mobile, http::Failure failure, const http::Request& request, http::Reply& reply);

/// Methods that a path has no work for.
template <const Place& place>
http::Next other_method(Mobile& mobile, const http::Request& request, http::Reply& reply) {
  write_other_method(mobile, request, reply, place);
  return http::Next::send;
}

}  // namespace propusk::mobile
