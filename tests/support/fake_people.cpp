// Each provider's endpoints by host and path; whose a token is stands in the token itself.
#include "tests/support/fake_people.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include "http/form.hpp"

namespace propusk::testing {
namespace {
namespace json = boost::json;
using Answered = std::expected<providers::Fetched, providers::FetchFailure>;
constexpr const char *own_client = "the-app", *other_client = "another-app";

/// A token as it was shown, and what its beginning says.
struct Shown {
  std::string token, person;
  [[nodiscard]] bool is_foreign() const { return token != person; }
  [[nodiscard]] const char* client() const { return is_foreign() ? other_client : own_client; }
  [[nodiscard]] std::int64_t number() const { return std::stoll(FakePeople::subject(person)); }
};
Shown shown(std::string token) {
  constexpr std::string_view foreign = "foreign-";
  std::string person = token.starts_with(foreign) ? token.substr(foreign.size()) : token;
  return {std::move(token), std::move(person)};
}

providers::Fetched told(int status, const json::object& body) { return {status, json::serialize(body)}; }

Answered ask_google(const std::string& path, const Shown& of) {
  if (path.contains("tokeninfo"))
    return of.token == "bad"
               ? told(400, {{"error_description", "Invalid Value"}})
               : told(200, {{"aud", of.client()}, {"azp", of.client()}, {"sub", FakePeople::subject(of.person)}});
  if (of.token == "bad") return told(401, {{"error", "invalid_request"}});
  json::object person{{"sub", FakePeople::subject(of.person)}, {"name", of.person}};
  if (of.person != "noemail") {
    person["email"] = of.person + "@gmail.test";
    person["email_verified"] = true;
  }
  return told(200, person);
}

Answered ask_yandex(const Shown& of) {
  if (of.token == "bad") return told(401, {});
  json::object person{{"client_id", of.client()}, {"id", FakePeople::subject(of.person)}, {"login", of.person}};
  if (of.person != "noemail") person["default_email"] = of.person + "@yandex.ru";
  return told(200, person);
}

Answered ask_vk(const std::string& url, const Shown& of) {
  if (url.contains("id.vk.ru")) return told(200, {{"error", "invalid_token"}});  // none of these is of VK ID
  const bool is_denied = of.token == "code15" || of.is_foreign();
  if (is_denied || of.token == "bad")
    return told(200, {{"error", {{"error_code", is_denied ? 15 : 5}, {"error_msg", "Access denied"}}}});
  if (url.contains("secure.checkToken")) return told(200, {{"response", {{"success", 1}, {"user_id", of.number()}}}});
  return told(200, {{"response", json::array{json::object{{"id", of.number()}, {"screen_name", of.person}}}}});
}

Answered ask_github(const std::string& path, const Shown& of) {
  if (of.token == "bad" || (path.contains("/applications/") && of.is_foreign()))
    return told(404, {{"message", "Not Found"}});
  const json::object user{{"id", of.number()}, {"login", of.person}};
  if (path.contains("/applications/")) return told(200, {{"app", {{"client_id", own_client}}}, {"user", user}});
  if (!path.contains("/emails")) return told(200, user);
  return providers::Fetched{200, json::serialize(json::array{json::object{
                                     {"email", of.person + "@github.test"}, {"primary", true}, {"verified", true}}})};
}

/// Where a question shows the token that it is about: in its head, else in its form or JSON.
std::string token_in(const providers::FetchRequest& request) {
  if (request.form) {
    const std::string& body = request.form->reveal();
    boost::system::error_code error;
    const json::value value = json::parse(body, error);
    if (!error && value.is_object())
      if (const json::value* token = value.as_object().if_contains("access_token"))
        return std::string(token->as_string());
    const auto form = http::parse_urlencoded(body);
    for (const char* name : {"code", "token", "access_token"})
      if (form && form->has(name)) return std::string(*form->field(name));
  }
  for (const auto& [name, value] : request.headers)
    if (name == "Authorization") return value.reveal().substr(value.reveal().find(' ') + 1);
  return "bad";
}
}  // namespace

FakePeople::FakePeople() {
  const std::filesystem::path secret = directory_.path() / "secret";
  std::ofstream(secret) << "the-secret-of-the-app";
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void FakePeople::offer(config::Settings& settings) const {
  for (const char* name : {google, yandex, vk, github}) {
    const auto index = std::ranges::find(config::provider_names, name) - config::provider_names.begin();
    config::Settings::Provider& provider = settings.providers.at(static_cast<std::size_t>(index));
    provider.client_id = own_client;
    if (std::string_view(name) == vk)
      provider.service_token_file = directory_.path() / "secret";
    else
      provider.client_secret_file = directory_.path() / "secret";
  }
}

std::string FakePeople::subject(const std::string& person) {
  return std::to_string(1'000'000'000U + static_cast<std::uint32_t>(std::hash<std::string>{}(person)));
}

Task<Answered> FakePeople::fetch(providers::FetchRequest request, Deadline) {
  const Shown of = shown(token_in(request));
  if (of.token == "down") co_return std::unexpected(providers::FetchFailure::unreachable);
  if (of.token == "garbage") co_return providers::Fetched{200, "<html>"};
  const std::string& url = request.url;
  if (request.form && (url.contains("/token") || url.contains("/access_token")) && !url.contains("tokeninfo") &&
      !url.contains("/applications/"))
    co_return told(200, {{"access_token", of.token}});  // a code becomes the token of the same name
  if (url.contains("googleapis.com")) co_return ask_google(url, of);
  if (url.contains("yandex.ru")) co_return ask_yandex(of);
  if (url.contains("vk.ru")) co_return ask_vk(url, of);
  if (url.contains("github.com")) co_return ask_github(url, of);
  co_return std::unexpected(providers::FetchFailure::unreachable);
}

}  // namespace propusk::testing
