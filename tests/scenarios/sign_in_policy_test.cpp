// What sign-in promises beyond the happy path: places it knows, costs it raises, sessions it bounds, failures it
// admits.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* password = "slojniypass1";
constexpr const char* token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

Answer sign_in(TestServer& server, const std::string& username, const std::string& secret,
               const std::string& from = "") {
  Fields headers{{"Cookie", std::string("csrftoken=") + token}};
  if (!from.empty()) headers.emplace_back("X-Forwarded-For", from);
  return post_form(server.port(), "/mobile/login/",
                   {{"username", username}, {"password", secret}, {"csrfmiddlewaretoken", token}}, headers);
}
Answer register_person(TestServer& server, const std::string& username) {
  return post_form(server.port(), "/mobile/registration/",
                   {{"username", username}, {"password", password}, {"again_pass", password}, {"mail", "a@b.co"}});
}

config::Settings behind_a_proxy() {
  config::Settings settings = test_settings();
  settings.server.trusted_proxies.push_back(*Network::parse("127.0.0.1"));
  settings.limits.failures_per_account.burst = 5;
  return settings;
}

TEST(SignInPolicy, StrangersCannotLockTheOwnerOutOfAKnownPlaceNotEvenOverARestart) {
  TestServer server(behind_a_proxy());
  server.create_account("ann", password);
  ASSERT_EQ(sign_in(server, "ann", password, "203.0.113.1").status, 200);
  for (int i = 1; i <= 5; ++i) sign_in(server, "ann", "wrong-password", "198.51.100." + std::to_string(i));
  ASSERT_TRUE(sign_in(server, "ann", password, "198.51.100.9").header("retry-after"));

  EXPECT_EQ(sign_in(server, "ann", password, "203.0.113.1").status, 200);
  for (int i = 11; i <= 15; ++i) sign_in(server, "ann", "wrong-password", "198.51.100." + std::to_string(i));
  server.restart();

  EXPECT_EQ(sign_in(server, "ann", password, "203.0.113.1").status, 200);
}

TEST(SignInPolicy, AnotherSpellingDoesNotTellWhetherANameExists) {
  TestServer server;
  server.create_account("alice", password);
  for (int i = 0; i < 10; ++i) {
    sign_in(server, "ALICE", "wrong-password");
    sign_in(server, "NOBODY", "wrong-password");
  }
  EXPECT_FALSE(sign_in(server, "alice", "wrong-password").header("retry-after"));
  EXPECT_FALSE(sign_in(server, "nobody", "wrong-password").header("retry-after"));
}

TEST(SignInPolicy, APasswordIsHashedAnewAtSignInWhenTheCostHasChanged) {
  config::Settings settings = test_settings();
  TestServer server(settings);
  server.create_account("ann", password);
  settings.passwords.argon2_memory_kib = 16;
  server.restart_with(settings);
  ASSERT_NE(server.account("ann").password_hash.find("m=8,"), std::string::npos);

  server.clock().advance(1s);
  EXPECT_EQ(sign_in(server, "ann", password).status, 200);

  const std::string hash = server.account("ann").password_hash;
  EXPECT_NE(hash.find("m=16,"), std::string::npos) << hash;
  EXPECT_EQ(server.audit("ann").front().detail, "dialect=mobile rehashed=yes");
  server.clock().advance(1s);
  EXPECT_EQ(sign_in(server, "ann", password).status, 200);
  EXPECT_EQ(server.account("ann").password_hash, hash);
  EXPECT_EQ(server.audit("ann").front().detail, "dialect=mobile");
}

TEST(SignInPolicy, AnAccountKeepsAHundredSessionsAndTheOldestEnds) {
  config::Settings settings = test_settings();
  settings.limits.enabled = false;
  TestServer server(settings);
  server.create_account("ann", password);
  const std::string first = sign_in(server, "ann", password).cookie("sessionid").value();
  for (int i = 0; i < 100; ++i) {
    server.clock().advance(1s);
    sign_in(server, "ann", password);
  }
  EXPECT_EQ(server.live_sessions("ann"), 100U);
  EXPECT_EQ(ask(server.port(), "GET", "/mobile/start/", {{"Cookie", "sessionid=" + first}}).status, 405);
}

TEST(SignInPolicy, AnIdentifierOfAnyLengthCostsNoMoreThanAWrongOne) {
  TestServer server;
  std::string marks = "a";
  for (int i = 0; i < 8'000; ++i) marks += "\xcc\x81\xcc\xa3";  // combining marks: normalising them is quadratic
  EXPECT_EQ(sign_in(server, marks.substr(0, 20'001), "wrong-password").status, 405);
}

/// Draws the same id for ever.
class StuckRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{0x55}); }
};

TEST(SignInPolicy, ARegistrationThatFindsNoFreeIdSaysSomethingWentWrong) {
  TestServer server(test_settings(), std::make_unique<StuckRandom>());
  server.clock().advance(1s);  // events of one moment have ids of their own, and the start has left one
  EXPECT_EQ(register_person(server, "ann").body, "user is successfully created");
  server.clock().advance(1s);

  const Answer failed = register_person(server, "bob");

  EXPECT_EQ(failed.status, 200);
  EXPECT_EQ(failed.body, "something went wrong");
  EXPECT_THROW(server.account("bob"), std::exception);
}

TEST(SignInPolicy, TheStatusOfSomethingWentWrongIsASetting) {
  config::Settings settings = test_settings();
  settings.mobile.create_failure_status = 503;
  TestServer server(settings, std::make_unique<StuckRandom>());
  server.clock().advance(1s);
  register_person(server, "ann");
  server.clock().advance(1s);
  EXPECT_EQ(register_person(server, "bob").status, 503);
}

}  // namespace
}  // namespace propusk::testing
