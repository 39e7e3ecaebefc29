// Sources: UX.md §5a, CONTRACTS.md §3.3, and the documentation of each provider.
#include "providers/catalogue.hpp"

#include <array>

namespace propusk::providers {
namespace {
constexpr Parameter usual_authorization[] = {{"response_type", "code"},
                                             {"client_id", "{client_id}"},
                                             {"redirect_uri", "{redirect_uri}"},
                                             {"scope", "{scopes}"},
                                             {"state", "{state}"},
                                             {"code_challenge", "{code_challenge}"},
                                             {"code_challenge_method", "S256"}};
constexpr Parameter usual_exchange[] = {{"grant_type", "authorization_code"}, {"code", "{code}"},
                                        {"redirect_uri", "{redirect_uri}"},   {"client_id", "{client_id}"},
                                        {"client_secret", "{client_secret}"}, {"code_verifier", "{code_verifier}"}};
constexpr Parameter plain_authorization[] = {{"response_type", "code"},
                                             {"client_id", "{client_id}"},
                                             {"redirect_uri", "{redirect_uri}"},
                                             {"scope", "{scopes}"},
                                             {"state", "{state}"}};
constexpr Parameter plain_exchange[] = {{"grant_type", "authorization_code"},
                                        {"code", "{code}"},
                                        {"redirect_uri", "{redirect_uri}"},
                                        {"client_id", "{client_id}"},
                                        {"client_secret", "{client_secret}"}};
constexpr Parameter open_id_authorization[] = {{"response_type", "code"},
                                               {"client_id", "{client_id}"},
                                               {"redirect_uri", "{redirect_uri}"},
                                               {"scope", "{scopes}"},
                                               {"state", "{state}"},
                                               {"nonce", "{nonce}"},
                                               {"code_challenge", "{code_challenge}"},
                                               {"code_challenge_method", "S256"}};
/// id.vk.ru documents the method in lower case.
constexpr Parameter vk_authorization[] = {{"response_type", "code"},
                                          {"client_id", "{client_id}"},
                                          {"redirect_uri", "{redirect_uri}"},
                                          {"scope", "{scopes}"},
                                          {"state", "{state}"},
                                          {"code_challenge", "{code_challenge}"},
                                          {"code_challenge_method", "s256"}};
constexpr Parameter vk_exchange[] = {{"grant_type", "authorization_code"},
                                     {"code", "{code}"},
                                     {"redirect_uri", "{redirect_uri}"},
                                     {"client_id", "{client_id}"},
                                     {"code_verifier", "{code_verifier}"},
                                     {"device_id", "{device_id}"},
                                     {"state", "{state}"}};

constexpr std::string_view google_mail[] = {"gmail.com", "googlemail.com"};
constexpr PersonQuestion google_person{
    .question = {.place = Place::user_info, .authorization = "Bearer {token}"},
    .fields = {"/sub", "/email", "/email", "/given_name", "/family_name", "/name", true},
    .email = {.verified_at = "/email_verified", .own_domains = google_mail, .own_domain_at = "/hd"}};
constexpr TokenKind google_tokens[] = {
    {.person = &google_person,
     .check = {.place = Place::token_info, .authorization = "Bearer {token}", .body = Body::form},
     .has_check = true,
     .audience = "/aud /azp",
     .subject = "/sub"}};

constexpr std::string_view yandex_mail[] = {"yandex.ru", "ya.ru", "yandex.com", "yandex.by", "yandex.kz"};
constexpr PersonQuestion yandex_person{
    .question = {.place = Place::user_info, .path = "?format=json", .authorization = "OAuth {token}"},
    .fields = {"/id", "/default_email|/emails/0", "/display_name|/login", "/first_name", "/last_name", "/real_name"},
    .email = {.own_domains = yandex_mail}};
constexpr TokenKind yandex_tokens[] = {{.person = &yandex_person, .audience = "/client_id"}};

constexpr Parameter vk_id_user_info[] = {{"client_id", "{client_id}"}, {"access_token", "{token}"}};
constexpr PersonQuestion vk_id_person{
    .question = {.place = Place::user_info, .body = Body::form, .parameters = vk_id_user_info},
    .root = "/user",
    .fields = {"/user_id", "/email", "", "/first_name", "/last_name", ""}};
constexpr Parameter vk_users_get[] = {{"access_token", "{token}"}, {"fields", "screen_name"}, {"v", "5.131"}};
constexpr PersonQuestion vk_person{
    .question = {.place = Place::api, .path = "/users.get", .body = Body::form, .parameters = vk_users_get},
    .root = "/response/0",
    .fields = {"/id", "", "/screen_name", "/first_name", "/last_name", ""}};
constexpr Parameter vk_check_token[] = {{"token", "{token}"}, {"access_token", "{service_token}"}, {"v", "5.131"}};
/// A token of VK ID is asked about in our client's name; one of the old flow is verified with the app's service token.
constexpr TokenKind vk_tokens[] = {
    {.person = &vk_id_person, .proves_itself = true},
    {.person = &vk_person,
     .check = {.place = Place::api, .path = "/secure.checkToken", .body = Body::form, .parameters = vk_check_token},
     .has_check = true,
     .proves_itself = true,
     .subject = "/response/user_id",
     .needs = "{service_token}"}};

constexpr std::string_view mailru_mail[] = {"mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "xmail.ru"};
constexpr Parameter mailru_user_info[] = {{"access_token", "{token}"}};
constexpr PersonQuestion mailru_person{
    .question = {.place = Place::user_info, .parameters = mailru_user_info},
    .fields = {"/id", "/email", "/nickname", "/first_name", "/last_name", "/name", true},
    .email = {.own_domains = mailru_mail}};

constexpr PersonQuestion github_person{
    .question = {.place = Place::api, .path = "/user", .authorization = "Bearer {token}"},
    .fields = {"/id", "/email", "/login", "", "", "/name"},
    .addresses = {.place = Place::api, .path = "/user/emails", .authorization = "Bearer {token}"},
    .has_addresses = true};
constexpr Parameter github_check[] = {{"access_token", "{token}"}};
constexpr TokenKind github_tokens[] = {{.person = &github_person,
                                        .check = {.place = Place::api,
                                                  .path = "/applications/{client_id}/token",
                                                  .authorization = "Basic {basic}",
                                                  .body = Body::json,
                                                  .parameters = github_check},
                                        .has_check = true,
                                        .audience = "/app/client_id",
                                        .subject = "/user/id",
                                        .needs = "{client_secret}"}};

constexpr PersonQuestion open_id_person{
    .question = {.place = Place::user_info, .authorization = "Bearer {token}"},
    .fields = {"/sub", "/email", "/preferred_username|/email", "/given_name", "/family_name", "/name"},
    .email = {.verified_at = "/email_verified", .needs_trust = true}};

constexpr Question exchange_of(std::span<const Parameter> parameters, std::string_view authorization = "") {
  return {.place = Place::token, .authorization = authorization, .body = Body::form, .parameters = parameters};
}
constexpr Provider open_id(std::string_view name) {
  return {.name = name,
          .label = "OpenID",
          .places = {},
          .scopes = "openid email profile",
          .authorization = open_id_authorization,
          .exchange = exchange_of(usual_exchange, "Basic {basic}"),
          .takes_secret = false,  // the issuer says how
          .person = &open_id_person,
          .is_open_id = true};
}

constexpr std::array rows{
    Provider{.name = "google-oauth2",
             .label = "Google",
             .places = {"https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
                        "https://www.googleapis.com/oauth2/v3/userinfo", "https://oauth2.googleapis.com/tokeninfo", ""},
             .scopes = "openid email profile",
             .authorization = usual_authorization,
             .exchange = exchange_of(usual_exchange),
             .person = &google_person,
             .tokens = google_tokens},
    Provider{.name = "yandex-oauth2",
             .label = "Яндекс",
             .places = {"https://oauth.yandex.ru/authorize", "https://oauth.yandex.ru/token",
                        "https://login.yandex.ru/info", "", ""},
             .scopes = "login:info login:email",
             .authorization = usual_authorization,
             .exchange = exchange_of(usual_exchange),
             .person = &yandex_person,
             .tokens = yandex_tokens},
    Provider{.name = "vk-oauth2",
             .label = "VK ID",
             .places = {"https://id.vk.ru/authorize", "https://id.vk.ru/oauth2/auth",
                        "https://id.vk.ru/oauth2/user_info", "", "https://api.vk.ru/method"},
             .scopes = "email",
             .authorization = vk_authorization,
             .exchange = exchange_of(vk_exchange),
             .takes_secret = false,
             .person = &vk_id_person,
             .tokens = vk_tokens,
             .revoked_at = "/error/error_code",
             .revoked_is = "5"},
    Provider{.name = "mailru",
             .label = "Mail.ru",
             .places = {"https://oauth.mail.ru/login", "https://oauth.mail.ru/token", "https://oauth.mail.ru/userinfo",
                        "", ""},
             .scopes = "userinfo",
             .authorization = plain_authorization,
             .exchange = exchange_of(plain_exchange),
             .person = &mailru_person},
    Provider{.name = "github",
             .label = "GitHub",
             .places = {"https://github.com/login/oauth/authorize", "https://github.com/login/oauth/access_token", "",
                        "", "https://api.github.com"},
             .scopes = "read:user user:email",
             .authorization = usual_authorization,
             .exchange = exchange_of(usual_exchange),
             .person = &github_person,
             .tokens = github_tokens},
    open_id("oidc"),
    open_id("oidc-2"),
    open_id("oidc-3"),
};
}  // namespace

std::span<const Provider> catalogue() { return rows; }

}  // namespace propusk::providers
