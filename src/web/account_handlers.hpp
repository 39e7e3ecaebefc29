// The handlers of the pages for who signs in and for one's own account, one file per capability, as the table in
// routes.cpp names them.
#pragma once
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/task.hpp"
#include "http/form.hpp"
#include "web/form_page.hpp"
#include "web/session.hpp"

namespace propusk::web {

inline constexpr std::string_view username_path = "/accounts/username/", password_path = "/accounts/password/",
                                  connections_path = "/accounts/connections/";

// sign_in.cpp
Task<void> get_sign_in(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_sign_in(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_login(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_signup(Web& web, const http::Request& request, http::Reply& reply);
// sign_up.cpp
Task<void> get_sign_up(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_sign_up(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_signed_up(Web& web, const http::Request& request, http::Reply& reply);
// sign_out.cpp
Task<void> get_sign_out(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_sign_out(Web& web, const http::Request& request, http::Reply& reply);
// provider_sign_in.cpp
Task<void> get_provider_login(Web& web, const http::Request& request, http::Reply& reply);
Task<void> get_provider_complete(Web& web, const http::Request& request, http::Reply& reply);
// authorization.cpp
Task<void> get_authorize(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_authorize(Web& web, const http::Request& request, http::Reply& reply);
// account_overview.cpp
Task<void> get_account(Web& web, const http::Request& request, http::Reply& reply);
// account_profile.cpp
Task<void> get_profile(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_profile(Web& web, const http::Request& request, http::Reply& reply);
Task<void> get_username(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_username(Web& web, const http::Request& request, http::Reply& reply);
// account_email.cpp
Task<void> get_email(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_email(Web& web, const http::Request& request, http::Reply& reply);
// account_password.cpp
Task<void> get_password(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_password(Web& web, const http::Request& request, http::Reply& reply);
// account_sessions.cpp
Task<void> get_sessions(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_sessions(Web& web, const http::Request& request, http::Reply& reply);
// account_connections.cpp
Task<void> get_connections(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_connections(Web& web, const http::Request& request, http::Reply& reply);
/// What people call a provider; its name where it is not offered any more.
std::string label_of(const Web& web, std::string_view provider);
/// What people know a client by: its name; the id of one that is gone.
std::string client_name(const Web& web, const std::string& id);
// account_apps.cpp
Task<void> get_apps(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_apps(Web& web, const http::Request& request, http::Reply& reply);
// account_activity.cpp
Task<void> get_activity(Web& web, const http::Request& request, http::Reply& reply);
// account_data.cpp
Task<void> get_data(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_data(Web& web, const http::Request& request, http::Reply& reply);
// account_deletion.cpp
Task<void> get_deletion(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_deletion(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_deleted(Web& web, const http::Request& request, http::Reply& reply);

/// Asks for the password once more, where the account has one; else the sign-in has to be fresh (reauthentication.hpp).
inline void ask_current_password(FormPage& form, const Owner& owner) {
  if (owner.account.has_password)
    form.inputs.push_back({.name = current_password_field,
                           .label = Text::current_password,
                           .type = "password",
                           .token = "current-password"});
}
/// Whoever cannot show who they are in a form is told so before they fill it in; true: that page is written.
inline bool sends_stale(const Web& web, const Visit& visit, const Owner& owner) {
  if (owner.account.has_password || owner.account.is_fresh) return false;
  refuse_owner(web, visit, core::Refused(core::Refusal::not_fresh));
  return true;
}
/// A field that must not stay in memory; "" if it was not sent.
inline Secret<> secret_field(const http::Form& form, std::string_view name) {
  return Secret<>(std::string(form.field(name).value_or("")));
}

}  // namespace propusk::web
