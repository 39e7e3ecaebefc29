// The handlers of the mobile dialect, one file per capability, as the table in routes.cpp names them.
#pragma once
#include "dialects/mobile/mobile.hpp"

namespace propusk::mobile {

// registration.cpp
Task<void> post_registration(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next options_registration(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next refuse_registration_method(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sign_in.cpp
http::Next get_login(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> post_login(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next options_login(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next refuse_login_method(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sessions.cpp
http::Next get_start(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> get_start_from_store(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next options_start(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next refuse_start_method(Mobile& mobile, const http::Request& request, http::Reply& reply);
// sign_out.cpp
Task<void> get_logout(Mobile& mobile, const http::Request& request, http::Reply& reply);
Task<void> post_logout(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next options_logout(Mobile& mobile, const http::Request& request, http::Reply& reply);
http::Next refuse_logout_method(Mobile& mobile, const http::Request& request, http::Reply& reply);
// errors.cpp
void write_failure(Mobile& mobile, http::Failure failure, const http::Request& request, http::Reply& reply);

}  // namespace propusk::mobile
