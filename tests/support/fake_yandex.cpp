// Two questions are answered: whose a token is, and what token a code becomes.
#include "tests/support/fake_yandex.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <utility>

#include "http/form.hpp"

namespace propusk::testing {
namespace {
constexpr const char* own_client = "the-app";

providers::Fetched nobody() { return {401, ""}; }

providers::Fetched person_of(std::string token) {
  if (token.empty() || token.contains('!')) return nobody();
  constexpr std::string_view foreign = "foreign-";
  const bool is_foreign = token.starts_with(foreign);
  if (is_foreign) token.erase(0, foreign.size());
  return {200, boost::json::serialize(boost::json::object{{"client_id", is_foreign ? "another-app" : own_client},
                                                          {"id", FakeYandex::subject(token)},
                                                          {"login", token},
                                                          {"display_name", token},
                                                          {"default_email", token + "@yandex.ru"},
                                                          {"emails", {token + "@yandex.ru"}}})};
}
}  // namespace

FakeYandex::FakeYandex() {
  const std::filesystem::path secret = directory_.path() / "secret";
  std::ofstream(secret) << "the-secret-of-the-app";
  std::filesystem::permissions(secret, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void FakeYandex::offer(config::Settings& settings) const {
  const auto index = std::ranges::find(config::provider_names, provider) - config::provider_names.begin();
  config::Settings::Provider& yandex = settings.providers.at(static_cast<std::size_t>(index));
  yandex.client_id = own_client;
  yandex.client_secret_file = directory_.path() / "secret";
}

Task<std::expected<providers::Fetched, providers::FetchFailure>> FakeYandex::fetch(providers::FetchRequest request,
                                                                                   Deadline) {
  if (request.form) {
    const auto form = http::parse_urlencoded(request.form->reveal());
    const std::string code(form ? form->field("code").value_or("") : "");
    co_return providers::Fetched{200, boost::json::serialize(boost::json::object{{"access_token", code}})};
  }
  constexpr std::string_view scheme = "OAuth ";
  for (const auto& [name, value] : request.headers)
    if (name == "Authorization" && value.reveal().starts_with(scheme))
      co_return person_of(value.reveal().substr(scheme.size()));
  co_return nobody();
}

}  // namespace propusk::testing
