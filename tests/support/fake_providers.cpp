// One function for each provider, in the words of its own documentation.
#include "tests/support/fake_providers.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "providers/request.hpp"

namespace propusk::testing {
namespace {
namespace json = boost::json;

/// Ours at each provider. Secrets have what must be encoded on the way.
struct Registration {
  std::string_view backend, folder, client_id, client_secret, domain;
};
constexpr std::array registrations{
    Registration{"google-oauth2", "google", "client-of-google", "s:c r/o+g&o=o%25\"", "gmail.test"},
    Registration{"yandex-oauth2", "yandex", "client-of-yandex", "s:c r/y+a&n=d%25\"", "yandex.ru"},
    Registration{"vk-oauth2", "vk", "51000001", "", "example.org"},
    Registration{"mailru", "mailru", "client-of-mailru", "s:c r/m+a&i=l%25\"", "mail.ru"},
    Registration{"github", "github", "client-of-github", "0123456789abcdef", "example.org"},
    Registration{"oidc", "oidc", "client:of/oidc%", "s:c r/o+i&d=c%25\"", "example.org"}};
constexpr std::string_view service_token = "service-token-of-vk", vk_id = "vkid-";

const Registration& registration_of(std::string_view backend) {
  return *std::ranges::find(registrations, backend, &Registration::backend);
}

UpstreamAnswer answer_of(const json::object& body, int status = 200) {
  return json_answer(json::serialize(body), status);
}
UpstreamAnswer error_of(std::string_view error, int status) {
  return answer_of({{"error", error}, {"error_description", "upstream-secret words"}}, status);
}
UpstreamAnswer vk_error(int number) {
  return answer_of({{"error", {{"error_code", number}, {"error_msg", "upstream-secret words"}}}});
}

std::string after(std::string_view start, std::string_view text) {
  return text.starts_with(start) ? std::string(text.substr(start.size())) : "";
}
void put(json::object& body, std::string_view name, const std::string& value) {
  if (!value.empty()) body.emplace(name, value);
}
std::string basic_of(const Registration& own) {
  return "Basic " + providers::basic_credentials(own.client_id, Secret<>(std::string(own.client_secret))).reveal();
}
}  // namespace

FakeProviders::FakeProviders() = default;
FakeProviders::~FakeProviders() = default;

void FakeProviders::set_origin(std::string origin) {
  origin_ = std::move(origin);
  issuer_.set_name(origin_ + "/oidc");
}

providers::ProviderSettings FakeProviders::settings_of(std::string_view backend) const {
  using providers::Place;
  const Registration& own = registration_of(backend);
  const std::string base = origin_ + "/" + std::string(own.folder);
  providers::ProviderSettings out{.name = std::string(own.backend),
                                  .client_id = std::string(own.client_id),
                                  .client_secret = Secret<>(std::string(own.client_secret))};
  if (backend == "oidc") {
    out.issuer = base;
    return out;
  }
  const auto place = [&](Place at) -> std::string& { return out.places[static_cast<std::size_t>(at)]; };
  place(Place::authorization) = base + "/authorize";
  place(Place::token) = base + "/token";
  place(Place::user_info) = base + "/user_info";
  place(Place::token_info) = base + "/token_info";
  place(Place::api) = base + "/api";
  if (backend == "vk-oauth2") out.service_token = Secret<>(std::string(service_token));
  return out;
}

std::vector<providers::ProviderSettings> FakeProviders::settings() const {
  std::vector<providers::ProviderSettings> out;
  for (const Registration& each : registrations) out.push_back(settings_of(each.backend));
  return out;
}

void FakeProviders::issue(const std::string& backend, const std::string& token, FakeToken meaning) {
  const std::lock_guard lock(mutex_);
  issued_.insert_or_assign({backend, token}, std::move(meaning));
}
void FakeProviders::set_visitor(std::string token) {
  const std::lock_guard lock(mutex_);
  visitor_ = std::move(token);
}

std::map<std::string, std::string> FakeProviders::visit(const std::string& url) {
  const UpstreamAnswer sent_back = answer({.method = "GET", .target = url.substr(origin_.size())});
  const UpstreamRequest brought{.method = "GET", .target = sent_back.headers.at(0).second};
  std::map<std::string, std::string> out;
  for (const char* name : {"code", "state", "device_id"}) out[name] = brought.query(name);
  return out;
}

std::size_t FakeProviders::requests_to(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = requests_.find(path);
  return found == requests_.end() ? 0 : found->second.size();
}
std::optional<UpstreamRequest> FakeProviders::last_request_to(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = requests_.find(path);
  return found == requests_.end() ? std::nullopt : std::optional(found->second.back());
}

std::optional<FakeToken> FakeProviders::find(const std::string& backend, const std::string& token) const {
  if (const auto found = issued_.find({backend, token}); found != issued_.end()) return found->second;
  const Registration& own = registration_of(backend);
  const bool is_of_vk_id = backend == "vk-oauth2" && token.starts_with(vk_id);
  return token_by_name(is_of_vk_id ? after(vk_id, token) : token, std::string(own.client_id), std::string(own.domain));
}

UpstreamAnswer FakeProviders::answer(const UpstreamRequest& request) {
  const std::lock_guard lock(mutex_);
  requests_[request.path()].push_back(request);
  return dispatch(request);
}

UpstreamAnswer FakeProviders::dispatch(const UpstreamRequest& request) {
  const std::string path = request.path();
  const std::size_t slash = std::min(path.find('/', 1), path.size());
  const std::string folder = path.substr(1, slash - 1), rest = path.substr(slash);
  if (rest == "/authorize") return authorize(request, folder == "vk");
  if (folder == "google") return google(request, rest);
  if (folder == "yandex") return yandex(request, rest);
  if (folder == "vk") return vk(request, rest);
  if (folder == "mailru") return mailru(request, rest);
  if (folder == "github") return github(request, rest);
  if (folder == "oidc") return oidc(request, rest);
  return {.status = 404};
}

UpstreamAnswer FakeProviders::authorize(const UpstreamRequest& request, bool is_vk) {
  const std::string code = "code-" + std::to_string(++codes_) + "-" + visitor_;
  consents_[code] = {.client_id = request.query("client_id"),
                     .redirect_uri = request.query("redirect_uri"),
                     .code_challenge = request.query("code_challenge"),
                     .nonce = request.query("nonce"),
                     .visitor = visitor_};
  std::string target = request.query("redirect_uri") + "?code=" + providers::percent_encoded(code) +
                       "&state=" + providers::percent_encoded(request.query("state"));
  if (is_vk) target += "&device_id=device-1";
  return {.status = 302, .headers = {{"Location", target}}};
}

/// RFC 6749 §4.1.3, RFC 7636 §4.6: the secret in one place, the code once, and for whom and with what it was asked.
FakeProviders::Exchanged FakeProviders::exchange(const UpstreamRequest& request, const std::string& backend) {
  const Registration& own = registration_of(backend);
  const std::string authorization = request.header("Authorization"), secret = request.form("client_secret");
  const bool is_in_head = authorization == basic_of(own) && secret.empty();
  const bool is_in_body = authorization.empty() && secret == own.client_secret;
  if (request.method != "POST" || (!is_in_head && !is_in_body) || request.form("client_id") != own.client_id)
    return {.token = "", .nonce = "", .error = "invalid_client"};
  if (request.form("grant_type") != "authorization_code")
    return {.token = "", .nonce = "", .error = "unsupported_grant_type"};
  const auto found = consents_.extract(request.form("code"));
  const Exchanged refused{.token = "", .nonce = "", .error = "invalid_grant"};
  if (!found || found.mapped().client_id != own.client_id) return refused;
  const Consent& consent = found.mapped();
  const std::string verifier = request.form("code_verifier");
  if (request.form("redirect_uri") != consent.redirect_uri) return refused;
  const bool is_bound = consent.code_challenge.empty() ? verifier.empty()
                                                       : to_base64url(sha256(verifier).bytes) == consent.code_challenge;
  if (!is_bound) return refused;
  return {.token = consent.visitor, .nonce = consent.nonce, .error = ""};
}

UpstreamAnswer FakeProviders::token_answer(const UpstreamRequest& request, const std::string& backend) {
  const Exchanged exchanged = exchange(request, backend);
  if (backend == "github" && !exchanged.error.empty())  // its errors have status 200, and words of their own
    return error_of(exchanged.error == "invalid_client" ? "incorrect_client_credentials" : "bad_verification_code",
                    200);
  if (!exchanged.error.empty()) return error_of(exchanged.error, exchanged.error == "invalid_client" ? 401 : 400);
  if (exchanged.token == "down") return *misbehaviour("down");
  return answer_of({{"access_token", exchanged.token}, {"token_type", "bearer"}, {"expires_in", 3'600}});
}

UpstreamAnswer FakeProviders::google(const UpstreamRequest& request, std::string_view rest) {
  if (rest == "/token") return token_answer(request, "google-oauth2");
  const std::string token = after("Bearer ", request.header("Authorization"));
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = find("google-oauth2", token);
  if (rest == "/token_info") {
    if (request.method != "POST" || !issued) return error_of("invalid_token", 400);
    return answer_of({{"azp", issued->client},
                      {"aud", issued->client},
                      {"sub", issued->person.id},
                      {"expires_in", "3599"},
                      {"email_verified", issued->person.is_verified ? "true" : "false"}});
  }
  if (rest != "/user_info" || !issued) return error_of("invalid_request", 401);
  const FakePerson& person = issued->person;
  json::object body{{"sub", person.id}, {"picture", "https://pictures.test/1"}};
  put(body, "given_name", person.first_name);
  put(body, "family_name", person.last_name);
  put(body, "hd", person.hosted_domain);
  put(body, "email", person.email);
  if (!person.email.empty()) body["email_verified"] = person.is_verified;
  return answer_of(body);
}

UpstreamAnswer FakeProviders::yandex(const UpstreamRequest& request, std::string_view rest) {
  if (rest == "/token") return token_answer(request, "yandex-oauth2");
  const std::string token = after("OAuth ", request.header("Authorization"));
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = find("yandex-oauth2", token);
  if (rest != "/user_info" || !issued || request.query("format") != "json")
    return {.status = 401, .body = "upstream-secret"};
  const FakePerson& person = issued->person;
  json::object body{{"id", person.id}, {"login", person.username}, {"client_id", issued->client}};
  put(body, "display_name", person.username);
  put(body, "real_name", person.first_name + " " + person.last_name);
  put(body, "default_email", person.email);
  if (!person.email.empty()) body["emails"] = json::array{json::value(person.email)};
  return answer_of(body);
}

UpstreamAnswer FakeProviders::vk(const UpstreamRequest& request, std::string_view rest) {
  if (rest.starts_with("/api/")) return vk_method(request, rest.substr(5));
  if (rest == "/user_info") return vk_user_info(request);
  return vk_token(request);
}

UpstreamAnswer FakeProviders::vk_token(const UpstreamRequest& request) {
  if (request.form("device_id") != "device-1") return error_of("invalid_request", 200);
  const Exchanged exchanged = exchange(request, "vk-oauth2");
  if (!exchanged.error.empty()) return error_of(exchanged.error, 200);
  if (exchanged.token == "down") return *misbehaviour("down");
  const std::string state = exchanged.token == "otherstate" ? "of-somebody-else" : request.form("state");
  return answer_of({{"access_token", std::string(vk_id) + exchanged.token}, {"state", state}, {"expires_in", 3'600}});
}

UpstreamAnswer FakeProviders::vk_user_info(const UpstreamRequest& request) {
  const std::string token = request.form("access_token");
  if (auto mishap = misbehaviour(after(vk_id, token))) return *mishap;
  const auto issued = token.starts_with(vk_id) ? find("vk-oauth2", token) : std::nullopt;
  if (!issued || request.form("client_id") != issued->client) return error_of("invalid_token", 200);
  const FakePerson& person = issued->person;
  json::object user{{"user_id", person.id}, {"first_name", person.first_name}, {"last_name", person.last_name}};
  put(user, "email", person.email);
  return answer_of({{"user", std::move(user)}});
}

UpstreamAnswer FakeProviders::vk_method(const UpstreamRequest& request, std::string_view method) {
  if (request.method != "POST" || request.form("v").empty()) return vk_error(8);
  const bool is_check = method == "secure.checkToken";
  if (is_check && request.form("access_token") != service_token) return vk_error(5);
  const std::string token = request.form(is_check ? "token" : "access_token");
  if (token == "code15") return vk_error(15);
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = token.starts_with(vk_id) ? std::nullopt : find("vk-oauth2", token);
  if (!issued) return vk_error(5);
  const std::int64_t id = std::stoll(issued->person.id);
  if (is_check && issued->client != registration_of("vk-oauth2").client_id) return vk_error(15);
  if (is_check) return answer_of({{"response", {{"success", 1}, {"user_id", id}, {"expire", 1}}}});
  json::object user{{"id", id}, {"first_name", issued->person.first_name}, {"last_name", issued->person.last_name}};
  if (request.form("fields") == "screen_name") put(user, "screen_name", issued->person.username);
  json::array people;
  people.push_back(std::move(user));
  return answer_of({{"response", std::move(people)}});
}

UpstreamAnswer FakeProviders::mailru(const UpstreamRequest& request, std::string_view rest) {
  if (rest == "/token") return token_answer(request, "mailru");
  const std::string token = request.query("access_token");
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = find("mailru", token);
  if (rest != "/user_info" || !issued) return error_of("token not found", 200);
  const FakePerson& person = issued->person;
  json::object body{{"id", person.id}, {"first_name", person.first_name}, {"last_name", person.last_name}};
  put(body, "nickname", person.username);
  put(body, "email", person.email);
  return answer_of(body);
}

UpstreamAnswer FakeProviders::github(const UpstreamRequest& request, std::string_view rest) {
  if (rest == "/token")  // urlencoded, unless it is asked for JSON
    return request.header("Accept") == "application/json" ? token_answer(request, "github")
                                                          : UpstreamAnswer{.body = "access_token=good1"};
  if (request.header("User-Agent").empty()) return {.status = 403, .body = "Request forbidden by administrative rules"};
  if (rest.starts_with("/api/applications/")) return github_check(request);
  const std::string token = after("Bearer ", request.header("Authorization"));
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = find("github", token);
  if (!issued) return answer_of({{"message", "Bad credentials"}}, 401);
  const FakePerson& person = issued->person;
  if (rest == "/api/user/emails") {
    json::array list;
    list.push_back(json::object{{"email", "old@example.org"}, {"primary", false}, {"verified", true}});
    if (!person.email.empty())
      list.push_back(json::object{{"email", person.email}, {"primary", true}, {"verified", person.is_verified}});
    return json_answer(json::serialize(list));
  }
  return answer_of({{"id", std::stoll(person.id)},
                    {"login", person.username},
                    {"name", person.first_name + " " + person.last_name}});
}

/// https://docs.github.com/en/rest/apps/oauth-applications#check-a-token
UpstreamAnswer FakeProviders::github_check(const UpstreamRequest& request) {
  const Registration& own = registration_of("github");
  if (request.header("Authorization") != basic_of(own)) return answer_of({{"message", "Bad credentials"}}, 401);
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error || request.header("Content-Type") != "application/json") return answer_of({{"message", "Problems"}}, 422);
  const std::string token(body.as_object().at("access_token").as_string());
  const auto issued = find("github", token);
  if (!issued || issued->client != own.client_id) return answer_of({{"message", "Not Found"}}, 404);
  return answer_of({{"id", 1},
                    {"app", {{"client_id", issued->client}}},
                    {"user", {{"id", std::stoll(issued->person.id)}, {"login", issued->person.username}}}});
}

UpstreamAnswer FakeProviders::oidc(const UpstreamRequest& request, std::string_view rest) {
  if (rest == "/.well-known/openid-configuration") return json_answer(issuer_.metadata());
  if (rest == "/jwks") return json_answer(issuer_.key_set());
  if (rest == "/token") return oidc_token(request);
  const std::string token = after("Bearer ", request.header("Authorization"));
  if (auto mishap = misbehaviour(token)) return *mishap;
  const auto issued = find("oidc", token);
  if (rest != "/userinfo" || !issued) return error_of("invalid_token", 401);
  return answer_of(issuer_.claims(issued->person, issued->client, issuer_.now()));
}

/// The id_token says who it is and no more; the rest is at the user info (OpenID Connect Core §5.4).
UpstreamAnswer FakeProviders::oidc_token(const UpstreamRequest& request) {
  const Exchanged exchanged = exchange(request, "oidc");
  if (!exchanged.error.empty()) return error_of(exchanged.error, exchanged.error == "invalid_client" ? 401 : 400);
  if (auto mishap = misbehaviour(exchanged.token)) return *mishap;
  const auto issued = find("oidc", exchanged.token);
  if (!issued) return error_of("invalid_grant", 400);
  json::object claims = issuer_.claims(issued->person, issued->client, issuer_.now());
  claims["nonce"] = exchanged.nonce;
  const Digest hash = sha256(exchanged.token);
  claims["at_hash"] = to_base64url(std::span(hash.bytes).first(16));
  for (const char* name : {"email", "email_verified", "given_name", "family_name", "preferred_username"})
    claims.erase(name);
  return answer_of({{"access_token", exchanged.token}, {"token_type", "Bearer"}, {"id_token", issuer_.sign(claims)}});
}

}  // namespace propusk::testing
