// The views of the oauth dialect and where they stand.
#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
namespace {
using drf::Door;
using http::Method;
using Action = drf::Action<Visit>;
using View = drf::View<Visit>;
using Row = http::Route<Oauth>;

constexpr std::string_view post_alone = "POST, OPTIONS";

/// A view that takes POST alone.
template <Task<void> (*handler)(const Visit&), Door door>
constexpr Action post_action[] = {{Method::post, door, handler}};

constexpr View convert_token_view{
    {"Convert Token",
     "Implements an endpoint to convert a provider token to an access token\n\n"
     "The endpoint is used in the following flows:\n\n* Authorization code\n* Client credentials",
     post_alone},
    Door::open,
    post_action<post_convert_token, Door::open>};
constexpr View token_view{
    {"Token",
     "Implements an endpoint to provide access tokens\n\n"
     "The endpoint is used in the following flows:\n\n* Authorization code\n* Password\n* Client credentials",
     post_alone},
    Door::open,
    post_action<post_token, Door::open>};
constexpr View revoke_token_view{
    {"Revoke Token", "Implements an endpoint to revoke access or refresh tokens", post_alone},
    Door::open,
    post_action<post_revoke_token, Door::open>};
constexpr View revoke_view{
    {"Revoke", "Ends a token (RFC 7009).", post_alone}, Door::open, post_action<post_revoke, Door::open>};
constexpr View invalidate_sessions_view{
    {"Invalidate Sessions", "Delete all access tokens associated with a client id.", post_alone},
    Door::bearer,
    post_action<post_invalidate_sessions, Door::bearer>};
constexpr View invalidate_refresh_tokens_view{
    {"Invalidate Refresh Tokens", "Invalidate all refresh tokens associated with a client id.", post_alone},
    Door::bearer,
    post_action<post_invalidate_refresh_tokens, Door::bearer>};
constexpr View disconnect_backend_view{
    {"Disconnect Backend", "An endpoint for disconnect social auth backend providers such as Facebook.", post_alone},
    Door::bearer,
    post_action<post_disconnect_backend, Door::bearer>};
}  // namespace

void mount(http::Router& router, Oauth& oauth) {
  drf::Rows<Visit, Oauth> rows(oauth.settings.prefix);
  rows.add<convert_token_view>("/convert-token")
      .add<token_view>("/token")
      .add<revoke_token_view>("/revoke-token")
      .add<revoke_view>("/revoke")
      .add<invalidate_sessions_view>("/invalidate-sessions")
      .add<invalidate_refresh_tokens_view>("/invalidate-refresh-tokens")
      .add<disconnect_backend_view>("/disconnect-backend")
      .mount(router, oauth, write_failure);
  const std::string plain = oauth.settings.prefix + "/introspect", slashed = plain + "/";
  constexpr std::size_t question_limit = 16 * 1024;  // bytes: a client and a token
  const Row beside[] = {{.method = Method::post,
                         .path = slashed,
                         .body_limit = question_limit,
                         .plain = introspect_from_memory,
                         .waiting = post_introspect},
                        {.method = Method::post,
                         .path = plain,
                         .body_limit = question_limit,
                         .plain = introspect_from_memory,
                         .waiting = post_introspect},
                        {.method = Method::get,
                         .path = "/.well-known/oauth-authorization-server",
                         .body_limit = 4 * 1024,
                         .plain = get_metadata}};
  router.mount(std::span<const Row>(beside), oauth, write_failure);
}

}  // namespace propusk::oauth
