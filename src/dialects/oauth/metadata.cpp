// GET /.well-known/oauth-authorization-server (RFC 8414): where everything is.
#include "dialects/drf/fields.hpp"
#include "dialects/oauth/handlers.hpp"

namespace propusk::oauth {

http::Next get_metadata(Oauth& oauth, const http::Request&, http::Reply& reply) {
  const OauthSettings& settings = oauth.settings;
  const auto url = [&](std::string_view path) {
    return drf::json_text(settings.origin + settings.prefix + std::string(path));
  };
  constexpr std::string_view by_secret = R"(["client_secret_basic","client_secret_post"])";
  std::string body = R"({"issuer":)" + drf::json_text(settings.origin);
  body.append(R"(,"authorization_endpoint":)").append(url("/authorize/"));
  body.append(R"(,"token_endpoint":)").append(url("/token/"));
  body.append(R"(,"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"])");
  body.append(R"(,"revocation_endpoint":)").append(url("/revoke/"));
  body.append(R"(,"revocation_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"])");
  body.append(R"(,"introspection_endpoint":)").append(url("/introspect/"));
  body.append(R"(,"introspection_endpoint_auth_methods_supported":)").append(by_secret);
  body.append(R"(,"scopes_supported":["read","write"])");  // those that every client may have; there may be others
  body.append(R"(,"response_types_supported":["code"],"response_modes_supported":["query"])");
  body.append(R"(,"grant_types_supported":["authorization_code","refresh_token","client_credentials")");
  if (settings.takes_passwords) body.append(R"(,"password")");
  body.append(R"(],"code_challenge_methods_supported":["S256"])");
  body.append(R"(,"authorization_response_iss_parameter_supported":true})");
  reply.headers(
      "Content-Type: application/json\r\n"
      "Access-Control-Allow-Origin: *\r\n"  // no secrets
      "Cache-Control: public, max-age=3600\r\n");
  reply.body(body);
  return http::Next::send;
}

}  // namespace propusk::oauth
