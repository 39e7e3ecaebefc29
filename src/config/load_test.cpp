// Where settings come from, which one wins, and what is refused with which words.
#include "config/load.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "config/schema.hpp"

namespace propusk::config {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Sources file(std::string text) { return {File{"propusk.toml", std::move(text)}, {}, {}}; }
Sources set(std::vector<std::pair<std::string, std::string>> values) {
  Sources sources;
  for (auto& [key, value] : values) sources.flags.push_back({key, value, "--set"});
  return sources;
}
std::vector<std::string> problems(const Sources& sources) {
  std::vector<std::string> texts;
  if (const auto loaded = load(sources); !loaded)
    for (const Problem& problem : loaded.error()) texts.push_back(problem.to_string());
  return texts;
}
std::string value_of(const Loaded& loaded, std::string_view key) {
  const auto values = effective_values(loaded);
  return std::ranges::find(values, key, &Effective::key)->value;
}

TEST(ConfigLoad, NothingIsRequired) {
  const auto loaded = load({});

  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->settings.server.listen.to_string(), "127.0.0.1:8080");
  EXPECT_EQ(origin_of(loaded->settings.server, 8080), "http://127.0.0.1:8080");
  EXPECT_EQ(site_name_of(loaded->settings.server, 8080), "127.0.0.1:8080");
  EXPECT_EQ(loaded->settings.passwords.argon2_memory_kib, 19'456u);
  EXPECT_EQ(loaded->settings.limits.failures_per_prefix.refill, 2s);
  EXPECT_EQ(loaded->settings.store.file("/srv"), "/srv/propusk.db");
}

TEST(ConfigLoad, EveryFormOfValueIsReadFromTheFile) {
  const auto loaded = load(
      file("[server]\nlisten = \"[::1]:9\"\ntrusted_proxies = [\"10.0.0.0/8\", \"fd00::1\"]\nthreads = 3\n"
           "metrics_listen = \"\"\n[limits]\nenabled = false\nidle_deadline = \"2m\"\n"
           "unknown_secrets_per_prefix_refill = \"20ms\"\n[mail]\ntransport = \"log\"\n"
           "[store]\nurl = \"sqlite:other.db\"\n[mobile]\ncreate_failure_status = 503\n[log]\nlevel = \"error\"\n"));

  ASSERT_TRUE(loaded);
  const Settings& s = loaded->settings;
  EXPECT_EQ(s.server.listen.host, "::1");
  EXPECT_EQ(s.server.listen.port, 9);
  EXPECT_EQ(value_of(*loaded, "server.trusted_proxies"), "10.0.0.0/8,fd00::1/128");
  EXPECT_EQ(s.server.threads, 3u);
  EXPECT_FALSE(s.server.metrics_listen);
  EXPECT_FALSE(s.limits.enabled);
  EXPECT_EQ(s.limits.idle_deadline, 120s);
  EXPECT_EQ(s.limits.unknown_secrets_per_prefix.refill, 20ms);
  EXPECT_EQ(s.mail.transport, MailTransport::log);
  EXPECT_EQ(s.store.file("/srv"), "/srv/other.db");
  EXPECT_EQ(s.mobile.create_failure_status, 503u);
  EXPECT_EQ(s.log.level, LogLevel::error);
}

TEST(ConfigLoad, FlagsWinOverEnvironmentOverFileOverDefault) {
  Sources sources = file("[server]\nsite_name = \"file\"\nthreads = 2\n[log]\nlevel = \"debug\"\n");
  sources.environment = {"PROPUSK_SERVER__SITE_NAME=environment", "PROPUSK_SERVER__THREADS=4", "PATH=/bin",
                         "PROPUSK_DATA=x"};
  sources.flags = {{"server.site_name", "flag", "--set"}};

  const auto loaded = load(sources);

  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->settings.server.site_name, "flag");
  EXPECT_EQ(loaded->settings.server.threads, 4u);
  EXPECT_EQ(loaded->settings.log.level, LogLevel::debug);
  std::vector<std::string> origins;
  for (const Effective& value : effective_values(*loaded))
    if (value.key == "server.site_name" || value.key == "server.threads" || value.key == "log.level" ||
        value.key == "store.url")
      origins.push_back(value.origin);
  EXPECT_THAT(origins, ElementsAre("--set", "environment PROPUSK_SERVER__THREADS", "default", "propusk.toml:5:1"));
}

TEST(ConfigLoad, AnUnknownKeyOfTheFileNamesPlaceAndNearest) {
  EXPECT_THAT(
      problems(file("[server]\nlisten = \"127.0.0.1:1\"\n  lisen = \"x\"\n")),
      ElementsAre(AllOf(HasSubstr("propusk.toml:3:3: server.lisen: "), HasSubstr("did you mean server.listen ("))));
  EXPECT_THAT(problems(file("[server]\nmin_length = 9\n")),
              ElementsAre(HasSubstr("did you mean passwords.min_length ")));
  EXPECT_THAT(problems(file("[serverr]\nlisten = \"127.0.0.1:1\"\n")),
              ElementsAre(HasSubstr("did you mean server.listen ")));
  EXPECT_THAT(problems(file("[nothing]\n")), ElementsAre(HasSubstr("propusk.toml:1:")));
  EXPECT_THAT(problems(file("listen = 1\n")), ElementsAre(HasSubstr("did you mean server.listen ")));
}

TEST(ConfigLoad, AnUnknownVariableOrFlagNamesTheNearest) {
  EXPECT_THAT(problems({{}, {"PROPUSK_SERVER__LISTNE=1"}, {}}),
              ElementsAre("environment: PROPUSK_SERVER__LISTNE: there is no such key; did you mean "
                          "PROPUSK_SERVER__LISTEN (ADDRESS:PORT)?"));
  EXPECT_THAT(problems({{}, {"PROPUSK_server__listen=127.0.0.1:1"}, {}}),
              ElementsAre(HasSubstr("PROPUSK_SERVER__LISTEN")));
  EXPECT_THAT(problems(set({{"log.levle", "info"}})), ElementsAre(HasSubstr("did you mean log.level ")));
}

TEST(ConfigLoad, TheFileMustBeTomlAndEachValueOfItsForm) {
  EXPECT_THAT(problems(file("[server\n")), ElementsAre(HasSubstr("propusk.toml:1:8: ")));
  EXPECT_THAT(problems(file("[server]\nthreads = 1\nthreads = 2\n")), ElementsAre(HasSubstr("propusk.toml:3:")));
  EXPECT_THAT(problems(file("[server]\nthreads = \"1\"\n")), ElementsAre(HasSubstr("a whole number without quotes")));
  EXPECT_THAT(problems(file("[limits]\nenabled = \"true\"\n")), ElementsAre(HasSubstr("true or false without quotes")));
  EXPECT_THAT(problems(file("[server]\ntrusted_proxies = \"10.0.0.1\"\n")), ElementsAre(HasSubstr("a list of texts")));
  EXPECT_THAT(problems(file("[server]\ntrusted_proxies = [\"\"]\n")), ElementsAre(HasSubstr("a list of texts")));
  EXPECT_THAT(problems(file("[server.listen]\nport = 1\n")), ElementsAre(HasSubstr("a text in quotes")));
}

TEST(ConfigLoad, ValuesOutsideTheirBoundsAreRefusedWithTheBounds) {
  const auto refused = [](const char* key, const char* value) { return problems(set({{key, value}})); };

  EXPECT_THAT(refused("passwords.min_length", "7"),
              ElementsAre("--set: passwords.min_length = \"7\": write a number from 8 to 64"));
  EXPECT_THAT(refused("passwords.min_length", "65"), ElementsAre(HasSubstr("from 8 to 64")));
  EXPECT_THAT(refused("passwords.min_length", "18446744073709551615"), ElementsAre(HasSubstr("from 8 to 64")));
  EXPECT_THAT(refused("passwords.min_length", "-8"), ElementsAre(HasSubstr("whole number")));
  EXPECT_THAT(refused("mobile.create_failure_status", "404"), ElementsAre(HasSubstr("200, 500 or 503")));
  EXPECT_THAT(refused("limits.header_deadline", "0s"), ElementsAre(HasSubstr("from 1s to 1h")));
  EXPECT_THAT(refused("limits.header_deadline", "1500ms"), ElementsAre(HasSubstr("whole seconds")));
  EXPECT_THAT(refused("limits.header_deadline", "15"), ElementsAre(HasSubstr("ms, s, m, h or d")));
  EXPECT_THAT(refused("log.level", "loud"), ElementsAre(HasSubstr("debug, info, warning or error")));
  EXPECT_THAT(refused("limits.enabled", "yes"), ElementsAre(HasSubstr("true or false")));
  EXPECT_THAT(refused("server.site_name", "a\nb"),
              ElementsAre(AllOf(HasSubstr("control characters"), HasSubstr("\\u000A"))));
  EXPECT_THAT(refused("server.listen", ""), ElementsAre(HasSubstr("ADDRESS:PORT")));
  EXPECT_THAT(refused("store.url", ""), ElementsAre(HasSubstr("empty")));
}

TEST(ConfigLoad, AllProblemsAreToldAtOnce) {
  Sources sources = file("[server]\nlisen = \"x\"\nthreads = 9999\n");
  sources.environment = {"PROPUSK_LOG__LEVEL=loud"};
  sources.flags = {{"mail.transport", "smtp", "--set"}};

  EXPECT_THAT(problems(sources),
              ElementsAre(HasSubstr("server.lisen"), HasSubstr("server.threads"), HasSubstr("log.level"),
                          HasSubstr("mail.smtp_url"), HasSubstr("mail.from")));
}

TEST(ConfigLoad, APasswordInAUrlIsNeverShownAndNeverTakenFromAFlag) {
  const Sources environment{{}, {"PROPUSK_MAIL__SMTP_URL=smtps://robot:s3cr@t@mail.example.org?x=s3cr"}, {}};
  const auto loaded = load(environment);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(value_of(*loaded, "mail.smtp_url"), "smtps://***@mail.example.org?***");
  EXPECT_THAT(loaded->settings.mail.smtp_url, HasSubstr("s3cr"));

  EXPECT_TRUE(load(set({{"mail.smtp_url", "smtps://robot@mail.example.org"}}))) << "a user alone is no secret";
  const auto as_flag = problems(set({{"mail.smtp_url", "smtps://robot:s3cret@mail.example.org"}}));
  EXPECT_THAT(as_flag, ElementsAre(AllOf(HasSubstr("PROPUSK_MAIL__SMTP_URL"), Not(HasSubstr("s3cret")))));

  const auto refused = problems({{}, {"PROPUSK_STORE__URL=mysql://robot:s3cret@db/x"}, {}});
  EXPECT_THAT(refused, ElementsAre(AllOf(HasSubstr("postgresql://"), Not(HasSubstr("s3cret")))));
}

TEST(ConfigReference, ListsEveryKeyWithItsDefault) {
  const std::string page = reference();

  for (const Key& key : keys())
    EXPECT_THAT(page, HasSubstr("| `" + std::string(key.path.substr(key.path.rfind('.') + 1)) + "` | "));
  EXPECT_THAT(page, HasSubstr("## [server]\n"));
  EXPECT_THAT(page, HasSubstr("| `listen` | ADDRESS:PORT | `\"127.0.0.1:8080\"` | "));
  EXPECT_THAT(page, HasSubstr("| `min_length` | a number from 8 to 64 | `8` | "));
  EXPECT_THAT(page, HasSubstr("| `trusted_proxies` | a list of networks | `[]` | "));
  EXPECT_THAT(page, HasSubstr("## [providers.google-oauth2]\n"));
  EXPECT_THAT(page, HasSubstr("| `failures_per_account_refill` | a duration from 1ms to 1d | `\"1m\"` | "));
  EXPECT_THAT(page, Not(HasSubstr("at most 0 ")));  // every key can be set to something
}

TEST(ConfigSchema, EveryDefaultIsReadBackAsItIsShown) {
  for (const Key& key : keys()) {
    Settings settings;
    EXPECT_TRUE(assign(key, show(key, settings), settings)) << key.path;
    EXPECT_EQ(show(key, settings), show(key, Settings{})) << key.path;
  }
}

}  // namespace
}  // namespace propusk::config
