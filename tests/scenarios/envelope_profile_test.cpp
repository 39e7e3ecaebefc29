// What /auth/edit promises: the password first, all or nothing, truthful booleans, old cookies dead and a fresh one
// alive.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/scenarios/envelope_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

class EnvelopeProfile : public ::testing::Test {
 protected:
  EnvelopeProfile() {
    client.register_person("ann", "ann@example.com");
    client.register_person("bob", "bob@example.com");
    session = client.session_of("ann");
  }
  Answer edit(Fields fields) {
    fields.emplace_back("password", password);
    return client.edit(session, fields);
  }
  TestServer server{settings_with_mail()};
  EnvelopeClient client{server};
  Mailbox mailbox{server.directory()};
  std::string session;
};

TEST_F(EnvelopeProfile, ANewUsernameHoldsAtOnceAndTheOldOneIsFree) {
  EXPECT_EQ(edit({{"username", "anna"}}).body, R"({"status": 1, "result": {"username": true}, "error": 0})");
  EXPECT_TRUE(client.sign_in("anna").cookie("sessionid"));
  EXPECT_FALSE(client.sign_in("ann").cookie("sessionid"));
  EXPECT_TRUE(client.is_live(session));
  EXPECT_EQ(client.register_person("ann", "new@example.com").body, R"({"status": 1, "error": 0})");
}

TEST_F(EnvelopeProfile, ANewPasswordEndsEverySessionButTheFreshOne) {
  const std::string elsewhere = client.session_of("ann");
  const Answer edited = edit({{"new_password", other_password}});

  EXPECT_EQ(edited.body, R"({"status": 1, "result": {"new_password": true}, "error": 0})");
  const std::string fresh = edited.cookie("sessionid").value();
  EXPECT_EQ(edited.cookie("csrftoken").value().size(), 64U);
  EXPECT_TRUE(client.is_live(fresh));
  EXPECT_FALSE(client.is_live(session));
  EXPECT_FALSE(client.is_live(elsewhere));
  EXPECT_EQ(server.live_sessions("ann"), 1U);
  EXPECT_FALSE(client.sign_in("ann").cookie("sessionid"));
  EXPECT_TRUE(client.sign_in("ann", other_password).cookie("sessionid"));
  server.restart();
  EXPECT_TRUE(client.is_live(fresh));
  EXPECT_FALSE(client.is_live(session));
  EXPECT_EQ(mailbox.wait_for("ann@example.com", "").size(), 1U);  // the notice
}

TEST_F(EnvelopeProfile, WithoutANewPasswordNoCookieIsSetAndAllSessionsStay) {
  const std::string elsewhere = client.session_of("ann");
  EXPECT_FALSE(edit({{"username", "anna"}}).header("set-cookie"));
  EXPECT_TRUE(client.is_live(elsewhere));
}

TEST_F(EnvelopeProfile, OneBadPartAndNothingHappens) {
  const struct {
    Fields fields;
    std::string body;
  } cases[] = {
      {{{"username", "anna"}, {"email", "bob@example.com"}, {"new_password", other_password}},
       R"({"status": 0, "result": {"username": false, "new_password": false, "email": false}, "error": 32})"},
      {{{"username", "anna"}, {"email", "x"}},
       R"({"status": 0, "result": {"username": false, "email": false}, "error": 31})"},
      {{{"username", "bob"}, {"email", "x"}},
       R"({"status": 0, "result": {"username": false, "email": false}, "error": 12})"},
      {{{"username", "a b"}, {"email", "bob@example.com"}},
       R"({"status": 0, "result": {"username": false, "email": false}, "error": 11})"},
      {{{"username", "anna"}, {"new_password", ""}},
       R"({"status": 0, "result": {"username": false, "new_password": false}, "error": 51})"},
      {{{"new_password", "password"}, {"email", "new@example.com"}},
       R"({"status": 0, "result": {"new_password": false, "email": false}, "error": 51})"},
      {{{"username", ""}}, R"({"status": 0, "result": {"username": false}, "error": 11})"},
      {{{"username", "carol@example.com"}}, R"({"status": 0, "result": {"username": false}, "error": 11})"},
  };
  for (const auto& [fields, body] : cases) {
    const Answer answer = edit(fields);
    EXPECT_EQ(answer.body, body);
    EXPECT_FALSE(answer.header("set-cookie"));
  }
  EXPECT_EQ(client.sign_in("ann").body, R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})");
  EXPECT_TRUE(client.is_live(session));
  EXPECT_THROW(server.account("anna"), std::exception);
}

TEST_F(EnvelopeProfile, AWrongPasswordIsToldBeforeAnythingElse) {
  const std::string refused = R"({"status": 0, "result": {"username": false, "email": false}, "error": 41})";
  for (const char* email : {"bob@example.com", "free@example.com", "x"})
    for (const char* username : {"bob", "free", "a b"})
      EXPECT_EQ(client.edit(session, {{"password", "wrong-password"}, {"username", username}, {"email", email}}).body,
                refused);
}

TEST_F(EnvelopeProfile, TheSessionIsLookedAtBeforeTheForm) {
  EXPECT_EQ(client.edit("", {}).body, R"({"status": 0, "result": {}, "error": 41})");
  EXPECT_EQ(client.edit(session, {}).status, 404);
  EXPECT_EQ(client.edit(session, {{"username", "anna"}}).status, 404);
  EXPECT_EQ(client.edit(session, {{"password", "wrong-password"}}).status, 404);
}

TEST_F(EnvelopeProfile, WrongPasswordsCountAsFailedSignIns) {
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(client.edit(session, {{"password", "wrong-password"}, {"username", "anna"}}).header("retry-after"));
  const Answer limited = edit({{"username", "anna"}});
  EXPECT_EQ(limited.body, R"({"status": 0, "result": {"username": false}, "error": 41})");
  EXPECT_TRUE(limited.header("retry-after"));
  EXPECT_TRUE(client.sign_in("ann").header("retry-after"));
  EXPECT_FALSE(client.sign_in("bob").header("retry-after"));
  server.clock().advance(60s);
  EXPECT_EQ(edit({{"username", "anna"}}).body, R"({"status": 1, "result": {"username": true}, "error": 0})");
}

TEST_F(EnvelopeProfile, ANewAddressWaitsForItsLinkAndTheOldOneIsTold) {
  EXPECT_EQ(edit({{"email", "new@example.com"}}).body, R"({"status": 1, "result": {"email": true}, "error": 0})");
  EXPECT_TRUE(client.sign_in_by_cookie(session).body.contains("ann@example.com"));
  EXPECT_FALSE(client.sign_in("new@example.com").cookie("sessionid"));
  const std::vector<std::string> links = mailbox.wait_for_links("new@example.com", "/auth/email/");
  ASSERT_EQ(links.size(), 1U);

  ask(server.port(), "GET", links[0]);  // a mail scanner
  ask(server.port(), "HEAD", links[0]);
  EXPECT_TRUE(client.sign_in_by_cookie(session).body.contains("ann@example.com"));

  client.follow(links[0]);
  EXPECT_EQ(client.sign_in_by_cookie(session).body,
            R"({"status": 1, "result": {"email": "new@example.com"}, "error": 0})");
  EXPECT_TRUE(client.sign_in("new@example.com").cookie("sessionid"));
  EXPECT_FALSE(client.sign_in("ann@example.com").cookie("sessionid"));
  EXPECT_TRUE(server.account("ann").email_verified);
  EXPECT_FALSE(mailbox.wait_for("ann@example.com", "new@example.com").empty());
}

TEST_F(EnvelopeProfile, AnAddressThatWaitsIsNotTaken) {
  edit({{"email", "new@example.com"}});
  const std::string link = mailbox.wait_for_links("new@example.com", "/auth/email/").front();
  EXPECT_EQ(client.register_person("newcomer", "new@example.com").body, R"({"status": 1, "error": 0})");

  client.follow(link);  // who proves the address has it, and the claim of the other one goes

  EXPECT_EQ(client.sign_in("new@example.com").body,
            R"({"status": 1, "result": {"email": "new@example.com"}, "error": 0})");
  EXPECT_EQ(server.account("ann").email, "new@example.com");
  EXPECT_FALSE(server.account("newcomer").email_claimed);
}

TEST_F(EnvelopeProfile, APasswordChangeKillsTheLinkThatWaits) {
  edit({{"email", "new@example.com"}});
  const std::string link = mailbox.wait_for_links("new@example.com", "/auth/email/").front();
  edit({{"new_password", other_password}});
  client.follow(link);
  EXPECT_EQ(server.account("ann").email, "ann@example.com");
}

TEST_F(EnvelopeProfile, AskingAgainBeyondTheCapsKeepsTheLinkThatWasMailed) {
  edit({{"email", "new@example.com"}});
  const std::string link = mailbox.wait_for_links("new@example.com", "/auth/email/").front();
  EXPECT_TRUE(edit({{"email", "new@example.com"}}).body.contains("\"email\": true")) << "the answer never tells";
  EXPECT_EQ(client.follow(link).status, 303);
  EXPECT_TRUE(client.sign_in("ann").body.contains("new@example.com"));
}

TEST_F(EnvelopeProfile, NobodyIsCalledByAnAddressThatTheyOnlyTyped) {
  const auto said = post_form(
      server.port(), "/mobile/registration/",
      {{"username", "squatter"}, {"password", password}, {"again_pass", password}, {"mail", "carol@example.com"}});
  ASSERT_EQ(said.status, 200);
  const std::string squatter = client.session_of("squatter");
  EXPECT_TRUE(client.edit(squatter, {{"password", password}, {"username", "carol@example.com"}}).body.ends_with("11}"));
  EXPECT_TRUE(client.register_person("carol@example.com", "carol@example.com").body.ends_with("0}"));
}

TEST_F(EnvelopeProfile, OfFiftyParallelUsesOfOneLinkOneSucceeds) {
  edit({{"email", "new@example.com"}});
  const std::string link = mailbox.wait_for_links("new@example.com", "/auth/email/").front();
  std::atomic<int> done{0}, used{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&] {
      const int status = client.follow(link).status;
      done += status == 303 ? 1 : 0;
      used += status == 410 ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(used, 49);
}

TEST_F(EnvelopeProfile, AskingForNamesIsRationedAsRegistrationsAre) {
  int limited = 0;
  for (int i = 0; i < 30; ++i) limited += edit({{"username", "bob"}}).header("retry-after").has_value() ? 1 : 0;
  EXPECT_GE(limited, 15) << "a password is no licence to ask for every name";
}

TEST_F(EnvelopeProfile, NoticesGoToTheAddressOfTheAccount) {
  edit({{"new_password", other_password}});
  EXPECT_EQ(mailbox.wait_for("ann@example.com", "assword").size(), 1U);
}

TEST_F(EnvelopeProfile, OneOfFiftyWinsANameForWhichAllAskAtOnce) {
  TestServer open(unlimited_settings());
  const EnvelopeClient crowd(open);
  std::vector<std::string> sessions;
  for (int i = 0; i < 50; ++i) {
    const std::string name = "p" + std::to_string(i);
    crowd.register_person(name, name + "@example.com");
    sessions.push_back(crowd.session_of(name));
  }
  std::vector<std::thread> threads;
  std::atomic<int> renamed{0}, taken{0};
  for (const std::string& own : sessions)
    threads.emplace_back([&] {
      const std::string body = crowd.edit(own, {{"password", password}, {"username", "prize"}}).body;
      renamed += body.ends_with("\"error\": 0}") ? 1 : 0;
      taken += body.ends_with("\"error\": 12}") ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(renamed, 1);
  EXPECT_EQ(taken, 49);
}

/// Draws as seeded until it is stuck; then every id is the same, and the second row of a kind cannot be written.
class FailingRandom final : public Random {
 public:
  explicit FailingRandom(std::atomic<bool>& is_stuck) : is_stuck_(is_stuck) {}
  void fill(std::span<std::byte> out) override {
    seeded_.fill(out);
    if (is_stuck_) std::ranges::fill(out, std::byte{0x55});
  }

 private:
  std::atomic<bool>& is_stuck_;
  SeededRandom seeded_;
};

TEST(EnvelopeProfileFaults, AFaultBetweenTheWritesOfAnEditLeavesNoneOfThem) {
  std::atomic<bool> is_stuck{false};
  TestServer server(unlimited_settings(), std::make_unique<FailingRandom>(is_stuck));
  const EnvelopeClient client(server);
  client.register_person("ann", "ann@example.com");
  const std::string session = client.session_of("ann");
  const Fields wanted{
      {"password", password}, {"username", "anna"}, {"new_password", other_password}, {"email", "new@example.com"}};
  const std::string before = server.account("ann").password_hash;

  is_stuck = true;
  const Answer failed = client.edit(session, wanted);
  is_stuck = false;

  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.body, R"({"status": 0, "result": {}, "error": 50})");
  EXPECT_FALSE(failed.header("set-cookie"));
  EXPECT_EQ(server.account("ann").password_hash, before);
  EXPECT_TRUE(client.is_live(session));
  EXPECT_EQ(client.edit(session, wanted).body,  // the control: the same edit without the fault
            R"({"status": 1, "result": {"username": true, "new_password": true, "email": true}, "error": 0})");
  EXPECT_EQ(server.account("anna").email, "ann@example.com");
}

}  // namespace
}  // namespace propusk::testing
