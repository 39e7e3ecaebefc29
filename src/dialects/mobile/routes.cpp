// The table of the mobile dialect. Paths answer with and without the slash (CONTRACTS.md §1, recommendations 6 and 7).
#include "dialects/mobile/handlers.hpp"

namespace propusk::mobile {
namespace {
using http::Method;
using Row = http::Route<Mobile>;
constexpr std::size_t form_limit = 64 * 1024;  // bytes; the largest honest form is below 10 KiB
constexpr std::size_t no_body = 4 * 1024;      // bytes that a client may send in vain

constexpr Row table[] = {
    {.method = Method::post, .path = "/mobile/registration/", .body_limit = form_limit, .waiting = post_registration},
    {.method = Method::post, .path = "/mobile/registration", .body_limit = form_limit, .waiting = post_registration},
    {.method = Method::options, .path = "/mobile/registration/", .body_limit = no_body, .plain = options_registration},
    {.method = Method::options, .path = "/mobile/registration", .body_limit = no_body, .plain = options_registration},
    {.method = {}, .path = "/mobile/registration/", .body_limit = form_limit, .plain = refuse_registration_method},
    {.method = {}, .path = "/mobile/registration", .body_limit = form_limit, .plain = refuse_registration_method},

    {.method = Method::get, .path = "/mobile/login/", .body_limit = no_body, .plain = get_login},
    {.method = Method::get, .path = "/mobile/login", .body_limit = no_body, .plain = get_login},
    {.method = Method::post, .path = "/mobile/login/", .body_limit = form_limit, .waiting = post_login},
    {.method = Method::post, .path = "/mobile/login", .body_limit = form_limit, .waiting = post_login},
    {.method = Method::options, .path = "/mobile/login/", .body_limit = no_body, .plain = options_login},
    {.method = Method::options, .path = "/mobile/login", .body_limit = no_body, .plain = options_login},
    {.method = {}, .path = "/mobile/login/", .body_limit = form_limit, .plain = refuse_login_method},
    {.method = {}, .path = "/mobile/login", .body_limit = form_limit, .plain = refuse_login_method},

    {.method = Method::get,
     .path = "/mobile/start/",
     .body_limit = no_body,
     .plain = get_start,
     .waiting = get_start_from_store},
    {.method = Method::get,
     .path = "/mobile/start",
     .body_limit = no_body,
     .plain = get_start,
     .waiting = get_start_from_store},
    {.method = Method::options, .path = "/mobile/start/", .body_limit = no_body, .plain = options_start},
    {.method = Method::options, .path = "/mobile/start", .body_limit = no_body, .plain = options_start},
    {.method = {}, .path = "/mobile/start/", .body_limit = no_body, .plain = refuse_start_method},
    {.method = {}, .path = "/mobile/start", .body_limit = no_body, .plain = refuse_start_method},

    {.method = Method::get, .path = "/mobile/logout", .body_limit = no_body, .waiting = get_logout},
    {.method = Method::get, .path = "/mobile/logout/", .body_limit = no_body, .waiting = get_logout},
    {.method = Method::post, .path = "/mobile/logout", .body_limit = form_limit, .waiting = post_logout},
    {.method = Method::post, .path = "/mobile/logout/", .body_limit = form_limit, .waiting = post_logout},
    {.method = Method::options, .path = "/mobile/logout", .body_limit = no_body, .plain = options_logout},
    {.method = Method::options, .path = "/mobile/logout/", .body_limit = no_body, .plain = options_logout},
    {.method = {}, .path = "/mobile/logout", .body_limit = no_body, .plain = refuse_logout_method},
    {.method = {}, .path = "/mobile/logout/", .body_limit = no_body, .plain = refuse_logout_method},
};
}  // namespace

void mount(http::Router& router, Mobile& mobile) { router.mount(table, mobile, write_failure); }

}  // namespace propusk::mobile
