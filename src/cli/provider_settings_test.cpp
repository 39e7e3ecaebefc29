// Secrets of providers come from files that only the server reads, and each mistake there is told with its remedy.
#include "cli/provider_settings.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "base/outage.hpp"
#include "providers/catalogue.hpp"
#include "stores/contract/temporary_directory.hpp"

namespace propusk::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ProviderSettings : public ::testing::Test {
 protected:
  std::string file(const std::string& bytes, mode_t mode = 0600) {
    const std::filesystem::path path = directory.path() / ("secret" + std::to_string(++files));
    std::ofstream(path, std::ios::binary) << bytes;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path.string();
  }
  static std::string secret(const std::string& path) { return secret_in({"providers.x.secret_file", path}).reveal(); }
  /// What an operator reads; "" if the secret is taken.
  static std::string why_not(const std::string& path) {
    try {
      std::ignore = secret(path);
    } catch (const Outage& outage) {
      return outage.what();
    }
    return "";
  }
  static config::Settings::Provider& provider(config::Settings& settings, std::string_view name) {
    const auto place = std::ranges::find(config::provider_names, name) - config::provider_names.begin();
    return settings.providers.at(static_cast<std::size_t>(place));
  }

  stores::testing::TemporaryDirectory directory;
  int files = 0;
};

TEST_F(ProviderSettings, ASecretIsTheOnlyLineWithoutItsEnd) {
  for (const char* bytes : {"s3cret", "s3cret\n", "s3cret\r\n"}) EXPECT_EQ(secret(file(bytes)), "s3cret");
  EXPECT_EQ(secret(file(" s3 cret \n")), " s3 cret ") << "spaces are part of it";
  EXPECT_EQ(secret(""), "") << "no file is no secret";
}

TEST_F(ProviderSettings, ASecretHasUpTo4096Bytes) {
  const std::string longest(4096, 's');
  EXPECT_EQ(secret(file(longest)), longest);
  EXPECT_THAT(why_not(file(longest + "s")), HasSubstr("as its only line"));
  EXPECT_THAT(why_not(file(std::string(1'000'000, 's'))), HasSubstr("as its only line"));
}

TEST_F(ProviderSettings, TheLineEndOfTheLongestSecretIsNoByteOfIt) {
  const std::string longest(4096, 's');
  for (const char* end : {"\n", "\r\n"}) EXPECT_EQ(secret(file(longest + end)), longest);
  for (const char* more : {"\nmore", "\rmore", "\r\n\n", "\n\n"})
    EXPECT_THAT(why_not(file(longest + more)), HasSubstr("as its only line"));
}

TEST_F(ProviderSettings, AnEmptyFileOrOneOfSeveralLinesIsRefused) {
  for (const char* bytes : {"", "\n", "\r\n", "one\ntwo", "one\ntwo\n", "\ns3cret", "s3cret\n\n", "one\rtwo"})
    EXPECT_THAT(why_not(file(bytes)), HasSubstr("must hold the secret as its only line")) << bytes;
}

TEST_F(ProviderSettings, ASecretThatEverybodyMayReadOrWriteIsRefused) {
  for (const mode_t mode : {0604, 0602, 0644, 0666, 0601}) {
    const std::string path = file("s3cret", mode);
    EXPECT_THAT(why_not(path), AllOf(HasSubstr("open to every user"), HasSubstr("chmod 600 " + path))) << mode;
  }
  for (const mode_t mode : {0600, 0400, 0640, 0660}) EXPECT_EQ(why_not(file("s3cret", mode)), "") << mode;
}

TEST_F(ProviderSettings, WhatIsNoFileIsRefusedAndDoesNotHoldTheStart) {
  const std::string pipe = (directory.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(why_not(pipe), HasSubstr("not a regular file"));
  EXPECT_THAT(why_not(directory.path().string()), HasSubstr("not a regular file"));
  EXPECT_THAT(why_not("/dev/null"), HasSubstr("not a regular file"));
  EXPECT_THAT(why_not((directory.path() / "nothing").string()), HasSubstr("No such file"));
}

TEST_F(ProviderSettings, AMistakeNamesTheSettingAndTheFileAndNotWhatIsInIt) {
  const std::string path = file("s3cret\nanother");
  EXPECT_THAT(why_not(path), AllOf(HasSubstr("providers.x.secret_file"), HasSubstr(path), Not(HasSubstr("s3cret"))));
}

TEST_F(ProviderSettings, OnlyProvidersWithAClientIdAreSetUpAndInTheOrderOfTheirNames) {
  config::Settings settings;
  EXPECT_THAT(provider_settings(settings), IsEmpty());
  provider(settings, "oidc").client_id = "o";
  provider(settings, "google-oauth2").client_id = "g";
  provider(settings, "github").client_secret_file = "/nowhere";

  std::vector<std::string> names;
  for (const auto& each : provider_settings(settings)) names.push_back(each.name);

  EXPECT_THAT(names, ElementsAre("google-oauth2", "oidc")) << "and the file of the others is not even opened";
}

TEST_F(ProviderSettings, EverythingOfASectionReachesTheGateway) {
  config::Settings settings;
  config::Settings::Provider& from = provider(settings, "vk-oauth2");
  from = {.client_id = "7",
          .client_secret_file = file("secret\n"),
          .service_token_file = file("token\n"),
          .audiences = {"ios"},
          .scopes = {"email"},
          .authorization_url = "https://a.test/authorize",
          .token_url = "https://a.test/token",
          .user_info_url = "https://a.test/user",
          .token_info_url = "https://a.test/info",
          .api_url = "https://a.test/api",
          .label = "VK",
          .issuer = "https://a.test",
          .trust_email = true};

  const auto made = provider_settings(settings);

  ASSERT_EQ(made.size(), 1U);
  using providers::Place;
  const auto place = [&](Place at) { return made[0].places.at(static_cast<std::size_t>(at)); };
  EXPECT_EQ(made[0].name, "vk-oauth2");
  EXPECT_EQ(made[0].client_id, "7");
  EXPECT_EQ(made[0].client_secret.reveal(), "secret");
  EXPECT_EQ(made[0].service_token.reveal(), "token");
  EXPECT_EQ(place(Place::authorization), "https://a.test/authorize");
  EXPECT_EQ(place(Place::token), "https://a.test/token");
  EXPECT_EQ(place(Place::user_info), "https://a.test/user");
  EXPECT_EQ(place(Place::token_info), "https://a.test/info");
  EXPECT_EQ(place(Place::api), "https://a.test/api");
  EXPECT_THAT(made[0].audiences, ElementsAre("ios"));
  EXPECT_THAT(made[0].scopes, ElementsAre("email"));
  EXPECT_EQ(made[0].label, "VK");
  EXPECT_EQ(made[0].issuer, "https://a.test");
  EXPECT_TRUE(made[0].trusts_email);
}

TEST_F(ProviderSettings, AMistakeNamesTheKeyOfTheProvider) {
  config::Settings settings;
  provider(settings, "github").client_id = "id";
  provider(settings, "github").client_secret_file = file("");
  try {
    std::ignore = provider_settings(settings);
    FAIL() << "an empty file was taken";
  } catch (const Outage& outage) {
    EXPECT_THAT(outage.what(), HasSubstr("providers.github.client_secret_file"));
  }
}

TEST_F(ProviderSettings, PeopleAreSentBackOnlyWhereAClientCouldHaveThemSent) {
  config::Settings settings;
  settings.social.redirect_uris = {"https://app.example/in", "http://localhost:3000/in", "com.example.app:/in"};
  EXPECT_EQ(social_redirect_uris(settings), settings.social.redirect_uris);
  for (const char* wrong : {"", "app.example", "http://app.example/in", "javascript:alert(1)", "https://a b.example/",
                            "https://app.example/#in"}) {
    settings.social.redirect_uris[1] = wrong;
    EXPECT_THROW(std::ignore = social_redirect_uris(settings), Outage) << wrong;
  }
}

}  // namespace
}  // namespace propusk::cli
