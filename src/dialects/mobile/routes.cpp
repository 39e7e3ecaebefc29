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
    {.method = {}, .path = "/mobile/registration/", .body_limit = form_limit, .plain = other_method<registration>},

    {.method = Method::get, .path = "/mobile/login/", .body_limit = no_body, .plain = get_login},
    {.method = Method::post, .path = "/mobile/login/", .body_limit = form_limit, .waiting = post_login},
    // Django's form view reads PUT as a POST that fails.
    {.method = Method::put, .path = "/mobile/login/", .body_limit = form_limit, .plain = other_method<failed_login>},
    {.method = {}, .path = "/mobile/login/", .body_limit = form_limit, .plain = other_method<login>},

    {.method = Method::get,
     .path = "/mobile/start/",
     .body_limit = no_body,
     .plain = get_start,
     .waiting = get_start_from_store},
    {.method = {}, .path = "/mobile/start/", .body_limit = form_limit, .plain = other_method<start>},

    {.method = Method::get, .path = "/mobile/logout/", .body_limit = no_body, .waiting = get_logout},
    {.method = Method::post, .path = "/mobile/logout/", .body_limit = form_limit, .waiting = post_logout},
    {.method = {}, .path = "/mobile/logout/", .body_limit = form_limit, .plain = other_method<logout>},
};

constexpr auto slashless = http::without_slashes(table);
}  // namespace

void mount(http::Router& router, Mobile& mobile) {
  router.mount(table, mobile, write_failure);
  router.mount(slashless.rows, mobile, write_failure);
}

}  // namespace propusk::mobile
