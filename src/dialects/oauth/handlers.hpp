// The handlers of the oauth dialect, one file per capability, as the views in routes.cpp name them.
#pragma once
#include "dialects/oauth/visit.hpp"

namespace propusk::oauth {

// convert_token.cpp
Task<void> post_convert_token(const Visit& visit);
// token.cpp
Task<void> post_token(const Visit& visit);
// revocation.cpp
Task<void> post_revoke_token(const Visit& visit);
/// The same by the book, where the recorded route says 204 and its own errors (RFC 7009 section 2.2).
Task<void> post_revoke(const Visit& visit);
Task<void> post_invalidate_sessions(const Visit& visit);
Task<void> post_invalidate_refresh_tokens(const Visit& visit);
// connections.cpp
Task<void> post_disconnect_backend(const Visit& visit);
// introspection.cpp: no view: RFC 7662 knows no content negotiation
http::Next introspect_from_memory(Oauth& oauth, const http::Request& request, http::Reply& reply);
Task<void> post_introspect(Oauth& oauth, const http::Request& request, http::Reply& reply);
// metadata.cpp
http::Next get_metadata(Oauth& oauth, const http::Request& request, http::Reply& reply);

}  // namespace propusk::oauth
