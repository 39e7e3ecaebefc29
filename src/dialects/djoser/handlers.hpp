// The handlers of the djoser dialect, one file per capability, as the views in routes.cpp name them.
#pragma once
#include "core/accounts/profile_card.hpp"
#include "dialects/djoser/visit.hpp"

namespace propusk::djoser {

// registration.cpp
Task<void> post_users(const Visit& visit);
// activation.cpp
Task<void> post_activation(const Visit& visit);
Task<void> post_resend_activation(const Visit& visit);
// profile.cpp
Task<void> get_root(const Visit& visit);
Task<void> get_users(const Visit& visit);
Task<void> get_me(const Visit& visit);
Task<void> put_me(const Visit& visit);
Task<void> patch_me(const Visit& visit);
Task<void> delete_me(const Visit& visit);
Task<void> get_detail(const Visit& visit);
Task<void> put_detail(const Visit& visit);
Task<void> patch_detail(const Visit& visit);
Task<void> delete_detail(const Visit& visit);
/// The card of the token's owner; nullptr if the account is gone.
Task<core::SharedCard> own_card(const Visit& visit);
/// GET me from memory alone: anything else waits for the view.
http::Next get_me_from_memory(Djoser& djoser, const http::Request& request, http::Reply& reply);
// passwords.cpp
Task<void> post_set_password(const Visit& visit);
// usernames.cpp
Task<void> post_set_username(const Visit& visit);
Task<void> post_reset_username(const Visit& visit);
Task<void> post_reset_username_confirm(const Visit& visit);
// recovery.cpp
Task<void> post_reset_password(const Visit& visit);
Task<void> post_reset_password_confirm(const Visit& visit);
// sign_in.cpp
Task<void> post_token_login(const Visit& visit);
/// The metadata, with the fields of a sign-in.
Task<void> options_token_login(const Visit& visit);
Task<void> post_jwt_create(const Visit& visit);
// provider_sign_in.cpp
Task<void> get_provider(const Visit& visit);
Task<void> post_provider(const Visit& visit);
// tokens.cpp
Task<void> post_jwt_refresh(const Visit& visit);
Task<void> post_jwt_verify(const Visit& visit);
// sign_out.cpp
Task<void> post_token_logout(const Visit& visit);

extern const View me_view;  ///< routes.cpp; the answer from memory carries its headers

}  // namespace propusk::djoser
