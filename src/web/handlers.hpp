// The handlers of the pages, one file per capability, as the table in routes.cpp names them.
#pragma once
#include "core/refusal.hpp"
#include "web/page.hpp"
#include "web/web.hpp"

namespace propusk::web {

// recovery.cpp
http::Next get_reset(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_reset(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_reset_sent(Web& web, const http::Request& request, http::Reply& reply);
Task<void> get_restore(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_restore(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_restore_done(Web& web, const http::Request& request, http::Reply& reply);
// account_password.cpp
http::Next get_change_password(Web& web, const http::Request& request, http::Reply& reply);
// profile.cpp
Task<void> get_email_change(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_email_change(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_email_change_done(Web& web, const http::Request& request, http::Reply& reply);
// activation.cpp
Task<void> get_activation(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_activation(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_activated(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_disowned(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_resend(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_resend(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_resent(Web& web, const http::Request& request, http::Reply& reply);
// username_reset.cpp
Task<void> get_username_reset(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_username_reset(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_username_reset_done(Web& web, const http::Request& request, http::Reply& reply);
// email_replacement.cpp
Task<void> get_email_undo(Web& web, const http::Request& request, http::Reply& reply);
Task<void> post_email_undo(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_email_undone(Web& web, const http::Request& request, http::Reply& reply);
// inbox.cpp
http::Next get_inbox(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_letter(Web& web, const http::Request& request, http::Reply& reply);
http::Next get_letter_html(Web& web, const http::Request& request, http::Reply& reply);

// errors.cpp
/// What a refusal looks like: a sentence beside the field (400), or a page of its own.
struct PageError {
  int status;
  Text title;
  std::optional<Text> lead;
  [[nodiscard]] bool is_of_field() const { return status == 400; }
};
PageError to_page(core::Refusal refusal);
/// What a dead link leads to.
enum class DeadEnd : unsigned char { recovery, email_change, activation, username_reset, email_undo, sign_in };
/// The page of a refusal that is not a field's.
void send_refusal(const Visit& visit, const core::Refused& refused, DeadEnd dead_end = DeadEnd::recovery);
void write_failure(Web& web, http::Failure failure, const http::Request& request, http::Reply& reply);

}  // namespace propusk::web
