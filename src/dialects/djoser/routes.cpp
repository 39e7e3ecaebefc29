// The views of the djoser dialect and where they stand.
#include <string>

#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"
#include "dialects/djoser/wire.hpp"

namespace propusk::djoser {
namespace {
using http::Method;
using Row = http::Route<Djoser>;
constexpr std::string_view post_alone = "POST, OPTIONS";

constexpr Action root_actions[] = {{Method::get, Door::open, get_root}};
constexpr View root_view{
    {"Api Root", "The default basic root view for DefaultRouter", "GET, HEAD, OPTIONS"}, Door::open, root_actions};

constexpr Action users_actions[] = {{Method::get, Door::bearer, get_users}, {Method::post, Door::open, post_users}};
constexpr View users_view{{"User List", "", "GET, POST, HEAD, OPTIONS"}, Door::bearer, users_actions};

constexpr Action me_actions[] = {{Method::get, Door::bearer, get_me},
                                 {Method::put, Door::bearer, put_me},
                                 {Method::patch, Door::bearer, patch_me},
                                 {Method::del, Door::bearer, delete_me}};
constexpr Action detail_actions[] = {{Method::get, Door::bearer, get_detail},
                                     {Method::put, Door::bearer, put_detail},
                                     {Method::patch, Door::bearer, patch_detail},
                                     {Method::del, Door::bearer, delete_detail}};
constexpr std::string_view whole = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
constexpr View detail_view{{"User Instance", "", whole}, Door::bearer, detail_actions};

/// A view that takes POST alone.
template <Handler handler, Door door>
constexpr Action post_action[] = {{Method::post, door, handler}};

constexpr View activation_view{{"Activation", "", post_alone}, Door::bearer, post_action<post_activation, Door::open>};
constexpr View resend_view{
    {"Resend activation", "", post_alone}, Door::bearer, post_action<post_resend_activation, Door::open>};
constexpr View set_password_view{
    {"Set password", "", post_alone}, Door::bearer, post_action<post_set_password, Door::bearer>};
constexpr View reset_password_view{
    {"Reset password", "", post_alone}, Door::bearer, post_action<post_reset_password, Door::open>};
constexpr View reset_password_confirm_view{
    {"Reset password confirm", "", post_alone}, Door::bearer, post_action<post_reset_password_confirm, Door::open>};
constexpr View set_username_view{
    {"Set username", "", post_alone}, Door::bearer, post_action<post_set_username, Door::bearer>};
constexpr View reset_username_view{
    {"Reset username", "", post_alone}, Door::bearer, post_action<post_reset_username, Door::open>};
constexpr View reset_username_confirm_view{
    {"Reset username confirm", "", post_alone}, Door::bearer, post_action<post_reset_username_confirm, Door::open>};

constexpr Action token_login_actions[] = {{Method::post, Door::open, post_token_login},
                                          {Method::options, Door::open, options_token_login}};
constexpr View token_login_view{{"Token Create", "Use this endpoint to obtain user authentication token.", post_alone},
                                Door::open,
                                token_login_actions};
constexpr View token_logout_view{
    {"Token Destroy", "Use this endpoint to logout user (remove user authentication token).", post_alone},
    Door::bearer,
    post_action<post_token_logout, Door::bearer>};

constexpr View jwt_create_view{{"Token Obtain Pair",
                                "Takes a set of user credentials and returns an access and refresh JSON web\n"
                                "token pair to prove the authentication of those credentials.",
                                post_alone},
                               Door::unwatched,
                               post_action<post_jwt_create, Door::unwatched>};
constexpr Action provider_actions[] = {{Method::get, Door::open, get_provider},
                                       {Method::post, Door::open, post_provider}};
constexpr View provider_view{{"Provider Auth", "", "GET, POST, HEAD, OPTIONS"}, Door::open, provider_actions};
constexpr View jwt_refresh_view{{"Token Refresh",
                                 "Takes a refresh type JSON web token and returns an access type JSON web\n"
                                 "token if the refresh token is valid.",
                                 post_alone},
                                Door::unwatched,
                                post_action<post_jwt_refresh, Door::unwatched>};
constexpr View jwt_verify_view{{"Token Verify",
                                "Takes a token and indicates if it is valid.  This view provides no\n"
                                "information about a token's fitness for a particular use.",
                                post_alone},
                               Door::unwatched,
                               post_action<post_jwt_verify, Door::unwatched>};

/// The public keys behind the JWTs (RFC 7517 §5), for whoever wants to verify them.
http::Next get_jwks(Djoser& djoser, const http::Request&, http::Reply& reply) {
  reply.headers(
      "Content-Type: application/json\r\n"
      "Access-Control-Allow-Origin: *\r\n"         // public keys, no secrets
      "Cache-Control: public, max-age=3600\r\n");  // the next key is published an hour before it signs (core/keys)
  reply.body(djoser.site.keys.published(djoser.site.clock.now()));
  return http::Next::send;
}
constexpr Row fixed[] = {
    {.method = Method::get, .path = "/.well-known/jwks.json", .body_limit = 4 * 1024, .plain = get_jwks},
};
}  // namespace

constexpr View me_view{{"User Me", "", whole}, Door::bearer, me_actions};

void mount(http::Router& router, Djoser& djoser) {
  const std::string login(login_field(djoser.settings));
  drf::Rows<Visit, Djoser> rows(djoser.settings.prefix);
  rows.add<root_view>("")
      .add<root_view>("/.json")
      .add_suffixed<users_view>("/users")
      .add_suffixed<me_view>("/users/me", get_me_from_memory)
      .add_suffixed<activation_view>("/users/activation")
      .add_suffixed<resend_view>("/users/resend_activation")
      .add_suffixed<set_password_view>("/users/set_password")
      .add_suffixed<reset_password_view>("/users/reset_password")
      .add_suffixed<reset_password_confirm_view>("/users/reset_password_confirm")
      .add_suffixed<set_username_view>("/users/set_" + login)
      .add_suffixed<reset_username_view>("/users/reset_" + login)
      .add_suffixed<reset_username_confirm_view>("/users/reset_" + login + "_confirm")
      .add<detail_view>("/users/{id}")
      .add<token_login_view>("/token/login")
      .add<token_logout_view>("/token/logout")
      .add<jwt_create_view>("/jwt/create")
      .add<provider_view>("/o/{provider}")
      .add<jwt_refresh_view>("/jwt/refresh")
      .add<jwt_verify_view>("/jwt/verify")
      .mount(router, djoser, write_failure);
  router.mount(fixed, djoser, write_failure);
}

}  // namespace propusk::djoser
