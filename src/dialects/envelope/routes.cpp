// The table of the envelope dialect. Whatever has no handler is the recorded 404 page, the slashed paths too.
#include "dialects/envelope/handlers.hpp"

namespace propusk::envelope {
namespace {
using http::Method;
constexpr std::size_t form_limit = 64 * 1024;  // bytes; the largest honest form is below 10 KiB
constexpr std::size_t no_body = 4 * 1024;      // bytes that a client may send in vain

http::Next not_found(Envelope&, const http::Request&, http::Reply& reply) {
  write_not_found(reply);
  return http::Next::send;
}

constexpr http::Route<Envelope> table[] = {
    {.method = Method::post, .path = register_path, .body_limit = form_limit, .waiting = post_register},
    {.method = {}, .path = register_path, .body_limit = form_limit, .plain = not_found},
    {.method = {}, .path = "/auth/register/", .body_limit = form_limit, .plain = not_found},

    {.method = Method::post, .path = "/auth/login", .body_limit = form_limit, .waiting = post_login},
    {.method = {}, .path = "/auth/login", .body_limit = form_limit, .plain = not_found},
    {.method = {}, .path = "/auth/login/", .body_limit = form_limit, .plain = not_found},

    {.method = Method::get, .path = "/auth/logout", .body_limit = no_body, .waiting = get_logout},
    {.method = Method::head, .path = "/auth/logout", .body_limit = no_body, .plain = not_found},
    {.method = Method::post, .path = "/auth/logout", .body_limit = form_limit, .waiting = post_logout},
    {.method = {}, .path = "/auth/logout", .body_limit = form_limit, .plain = not_found},
    {.method = {}, .path = "/auth/logout/", .body_limit = form_limit, .plain = not_found},

    {.method = Method::post, .path = "/auth/edit", .body_limit = form_limit, .waiting = post_edit},
    {.method = {}, .path = "/auth/edit", .body_limit = form_limit, .plain = not_found},
    {.method = {}, .path = "/auth/edit/", .body_limit = form_limit, .plain = not_found},

    {.method = Method::post, .path = "/auth/restore", .body_limit = form_limit, .waiting = post_restore},
    {.method = {}, .path = "/auth/restore", .body_limit = form_limit, .plain = not_found},
    {.method = {}, .path = "/auth/restore/", .body_limit = form_limit, .plain = not_found},
};
}  // namespace

void mount(http::Router& router, Envelope& envelope) { router.mount(table, envelope, write_failure); }

}  // namespace propusk::envelope
