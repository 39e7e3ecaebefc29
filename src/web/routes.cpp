// The table of the pages. Paths answer with and without the slash: the recorded links end with one, people do not.
#include "http/accept.hpp"
#include "web/account_handlers.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {
using http::Method;
using Row = http::Route<Web>;
constexpr std::size_t form_limit = 64 * 1024;  // bytes; the largest honest form is below 10 KiB
constexpr std::size_t no_body = 4 * 1024;      // bytes that a client may send in vain

/// Methods that a page has no work for.
void write_other_method(const Visit& visit, std::string_view allow) {
  if (visit.request.method == Method::options) {
    begin_answer(visit, 204);
  } else {
    send_notice(visit, {.status = 405,
                        .title = Text::method_title,
                        .sentences = {visit.say(Text::method_lead)},
                        .way = Way{visit.request.path, Text::open_page}});
  }
  visit.reply.header("Allow", allow);
}
http::Next other_than_get(Web& web, const http::Request& request, http::Reply& reply) {
  write_other_method(begin_visit(web, request, reply), "GET, HEAD, OPTIONS");
  return http::Next::send;
}
http::Next other_than_form(Web& web, const http::Request& request, http::Reply& reply) {
  write_other_method(begin_visit(web, request, reply), "GET, HEAD, POST, OPTIONS");
  return http::Next::send;
}

http::Next get_asset(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_visit(web, request, reply);
  const Asset* asset = web.assets.find(request.path);
  if (!asset) {
    begin_answer(visit, 404);
    return http::Next::send;
  }
  reply.headers(
      "Cache-Control: public, max-age=31536000, immutable\r\n"  // RFC 9111 §1.2.2: a year is for ever
      "Cross-Origin-Resource-Policy: same-origin\r\n"
      "Referrer-Policy: no-referrer\r\n"
      "X-Content-Type-Options: nosniff\r\n"
      "Vary: Accept-Encoding\r\n");
  reply.header("Content-Type", asset->type);
  constexpr std::string_view gzip_name[] = {"gzip"};
  const std::string_view accepted = request.header("Accept-Encoding").value_or("");
  // The same grammar as Accept's (RFC 9110 §12.5.3); who does not name gzip gets the bytes as they are.
  const bool takes_gzip = !accepted.empty() && http::best_media_type(accepted, gzip_name).has_value();
  if (takes_gzip) reply.headers("Content-Encoding: gzip\r\n");
  reply.body(takes_gzip ? std::string_view(asset->gzipped) : asset->bytes);
  return http::Next::send;
}

constexpr Row with_slash[] = {
    {.method = Method::get, .path = "/auth/reset/", .body_limit = no_body, .plain = get_reset},
    {.method = Method::post, .path = "/auth/reset/", .body_limit = form_limit, .waiting = post_reset},
    {.method = {}, .path = "/auth/reset/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/auth/reset/sent/", .body_limit = no_body, .plain = get_reset_sent},
    {.method = {}, .path = "/auth/reset/sent/", .body_limit = form_limit, .plain = other_than_get},

    {.method = Method::get, .path = recovery_link_path, .body_limit = no_body, .waiting = get_restore},
    {.method = Method::post, .path = recovery_link_path, .body_limit = form_limit, .waiting = post_restore},
    {.method = {}, .path = recovery_link_path, .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/auth/restore/done/", .body_limit = no_body, .plain = get_restore_done},
    {.method = {}, .path = "/auth/restore/done/", .body_limit = form_limit, .plain = other_than_get},

    {.method = Method::get, .path = email_change_link_path, .body_limit = no_body, .waiting = get_email_change},
    {.method = Method::post, .path = email_change_link_path, .body_limit = form_limit, .waiting = post_email_change},
    {.method = {}, .path = email_change_link_path, .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/auth/email/done/", .body_limit = no_body, .plain = get_email_change_done},
    {.method = {}, .path = "/auth/email/done/", .body_limit = form_limit, .plain = other_than_get},

    {.method = Method::get, .path = email_undo_link_path, .body_limit = no_body, .waiting = get_email_undo},
    {.method = Method::post, .path = email_undo_link_path, .body_limit = form_limit, .waiting = post_email_undo},
    {.method = {}, .path = email_undo_link_path, .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/auth/email/undo/done/", .body_limit = no_body, .plain = get_email_undone},
    {.method = {}, .path = "/auth/email/undo/done/", .body_limit = form_limit, .plain = other_than_get},
};
constexpr Row around_activation[] = {
    {.method = Method::get, .path = "/auth/activation/", .body_limit = no_body, .plain = get_resend},
    {.method = Method::post, .path = "/auth/activation/", .body_limit = form_limit, .waiting = post_resend},
    {.method = {}, .path = "/auth/activation/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/auth/activation/sent/", .body_limit = no_body, .plain = get_resent},
    {.method = {}, .path = "/auth/activation/sent/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/auth/activation/done/", .body_limit = no_body, .plain = get_activated},
    {.method = {}, .path = "/auth/activation/done/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/auth/activation/disowned/", .body_limit = no_body, .plain = get_disowned},
    {.method = {}, .path = "/auth/activation/disowned/", .body_limit = form_limit, .plain = other_than_get},
};
constexpr Row around_username_reset[] = {
    {.method = Method::get,
     .path = "/auth/username/reset/done/",
     .body_limit = no_body,
     .plain = get_username_reset_done},
    {.method = {}, .path = "/auth/username/reset/done/", .body_limit = form_limit, .plain = other_than_get},
};
constexpr Row of_account[] = {
    {.method = Method::get, .path = "/accounts/login/", .body_limit = no_body, .waiting = get_sign_in},
    {.method = Method::post, .path = "/accounts/login/", .body_limit = form_limit, .waiting = post_sign_in},
    {.method = {}, .path = "/accounts/login/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/signup/", .body_limit = no_body, .waiting = get_sign_up},
    {.method = Method::post, .path = "/accounts/signup/", .body_limit = form_limit, .waiting = post_sign_up},
    {.method = {}, .path = "/accounts/signup/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/signup/sent/", .body_limit = no_body, .plain = get_signed_up},
    {.method = {}, .path = "/accounts/signup/sent/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/accounts/logout/", .body_limit = no_body, .waiting = get_sign_out},
    {.method = Method::post, .path = "/accounts/logout/", .body_limit = form_limit, .waiting = post_sign_out},
    {.method = {}, .path = "/accounts/logout/", .body_limit = form_limit, .plain = other_than_form},

    {.method = Method::get, .path = "/accounts/", .body_limit = no_body, .waiting = get_account},
    {.method = {}, .path = "/accounts/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/accounts/connections/", .body_limit = no_body, .waiting = get_connections},
    {.method = Method::post, .path = "/accounts/connections/", .body_limit = form_limit, .waiting = post_connections},
    {.method = {}, .path = "/accounts/connections/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/apps/", .body_limit = no_body, .waiting = get_apps},
    {.method = Method::post, .path = "/accounts/apps/", .body_limit = form_limit, .waiting = post_apps},
    {.method = {}, .path = "/accounts/apps/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/profile/", .body_limit = no_body, .waiting = get_profile},
    {.method = Method::post, .path = "/accounts/profile/", .body_limit = form_limit, .waiting = post_profile},
    {.method = {}, .path = "/accounts/profile/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/username/", .body_limit = no_body, .waiting = get_username},
    {.method = Method::post, .path = "/accounts/username/", .body_limit = form_limit, .waiting = post_username},
    {.method = {}, .path = "/accounts/username/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/email/", .body_limit = no_body, .waiting = get_email},
    {.method = Method::post, .path = "/accounts/email/", .body_limit = form_limit, .waiting = post_email},
    {.method = {}, .path = "/accounts/email/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/password/", .body_limit = no_body, .waiting = get_password},
    {.method = Method::post, .path = "/accounts/password/", .body_limit = form_limit, .waiting = post_password},
    {.method = {}, .path = "/accounts/password/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/sessions/", .body_limit = no_body, .waiting = get_sessions},
    {.method = Method::post, .path = "/accounts/sessions/", .body_limit = form_limit, .waiting = post_sessions},
    {.method = {}, .path = "/accounts/sessions/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/activity/", .body_limit = no_body, .waiting = get_activity},
    {.method = {}, .path = "/accounts/activity/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/accounts/data/", .body_limit = no_body, .waiting = get_data},
    {.method = Method::post, .path = "/accounts/data/", .body_limit = form_limit, .waiting = post_data},
    {.method = {}, .path = "/accounts/data/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/delete/", .body_limit = no_body, .waiting = get_deletion},
    {.method = Method::post, .path = "/accounts/delete/", .body_limit = form_limit, .waiting = post_deletion},
    {.method = {}, .path = "/accounts/delete/", .body_limit = form_limit, .plain = other_than_form},
    {.method = Method::get, .path = "/accounts/delete/done/", .body_limit = no_body, .plain = get_deleted},
    {.method = {}, .path = "/accounts/delete/done/", .body_limit = form_limit, .plain = other_than_get},

    {.method = Method::get, .path = "/login/", .body_limit = no_body, .plain = get_login},
    {.method = {}, .path = "/login/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/signup/", .body_limit = no_body, .plain = get_signup},
    {.method = {}, .path = "/signup/", .body_limit = form_limit, .plain = other_than_get},
};
constexpr Row as_written[] = {
    {.method = Method::get,
     .path = "/.well-known/change-password",
     .body_limit = no_body,
     .plain = get_change_password},
    {.method = {}, .path = "/.well-known/change-password", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/-/assets/{name}", .body_limit = no_body, .plain = get_asset},
    {.method = {}, .path = "/-/assets/{name}", .body_limit = form_limit, .plain = other_than_get},
};
constexpr Row inbox_with_slash[] = {
    {.method = Method::get, .path = "/-/dev/mail/", .body_limit = no_body, .plain = get_inbox},
    {.method = {}, .path = "/-/dev/mail/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/-/dev/mail/{id}/", .body_limit = no_body, .plain = get_letter},
    {.method = {}, .path = "/-/dev/mail/{id}/", .body_limit = form_limit, .plain = other_than_get},
    {.method = Method::get, .path = "/-/dev/mail/{id}/html/", .body_limit = no_body, .plain = get_letter_html},
    {.method = {}, .path = "/-/dev/mail/{id}/html/", .body_limit = form_limit, .plain = other_than_get},
};

constexpr auto slashless = http::without_slashes(with_slash);
constexpr auto of_account_slashless = http::without_slashes(of_account);
constexpr auto around_activation_slashless = http::without_slashes(around_activation);
constexpr auto around_username_reset_slashless = http::without_slashes(around_username_reset);
constexpr auto inbox_slashless = http::without_slashes(inbox_with_slash);

/// The page of a link whose path is a setting, with and without the slash however the setting ends.
void mount_link_page(http::Router& router, Web& web, std::string path, Row::Waiting get, Row::Waiting post) {
  if (path.ends_with('/')) path.pop_back();
  for (const std::string& each : {path, path + "/"}) {
    const Row rows[] = {
        {.method = Method::get, .path = each, .body_limit = no_body, .waiting = get},
        {.method = Method::post, .path = each, .body_limit = form_limit, .waiting = post},
        {.method = {}, .path = each, .body_limit = form_limit, .plain = other_than_form},
    };
    router.mount(rows, web, write_failure);
  }
}

/// What lies beside the paths of the token dialect: apps and providers were told of it there.
void mount_beside_tokens(http::Router& router, Web& web) {
  mount_link_page(router, web, web.api_prefix + "/authorize", get_authorize, post_authorize);
  for (const char* slash : {"", "/"}) {
    const std::string login = web.api_prefix + "/login/{backend}" + slash,
                      complete = web.api_prefix + "/complete/{backend}" + slash;
    const Row rows[] = {
        {.method = Method::get, .path = login, .body_limit = no_body, .waiting = get_provider_login},
        {.method = {}, .path = login, .body_limit = form_limit, .plain = other_than_get},
        {.method = Method::get, .path = complete, .body_limit = no_body, .waiting = get_provider_complete},
        {.method = {}, .path = complete, .body_limit = form_limit, .plain = other_than_get},
    };
    router.mount(rows, web, write_failure);
  }
}

void mount_where_set(http::Router& router, Web& web) {
  const Paths& paths = web.paths;
  if (!paths.password_reset.empty()) mount_link_page(router, web, paths.password_reset, get_restore, post_restore);
  if (!paths.activation.empty()) {
    mount_link_page(router, web, paths.activation, get_activation, post_activation);
    router.mount(around_activation, web, write_failure);
    router.mount(around_activation_slashless.rows, web, write_failure);
  }
  if (!paths.username_reset.empty()) {
    mount_link_page(router, web, paths.username_reset, get_username_reset, post_username_reset);
    router.mount(around_username_reset, web, write_failure);
    router.mount(around_username_reset_slashless.rows, web, write_failure);
  }
}
}  // namespace

void mount(http::Router& router, Web& web) {
  router.mount(with_slash, web, write_failure);
  router.mount(slashless.rows, web, write_failure);
  router.mount(of_account, web, write_failure);
  router.mount(of_account_slashless.rows, web, write_failure);
  router.mount(as_written, web, write_failure);
  mount_where_set(router, web);
  mount_beside_tokens(router, web);
  if (!web.captured_mail) return;
  router.mount(inbox_with_slash, web, write_failure);
  router.mount(inbox_slashless.rows, web, write_failure);
}

}  // namespace propusk::web
