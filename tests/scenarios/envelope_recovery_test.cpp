// What /auth/restore and the link in its letter promise: nobody is told who exists, and a link works once.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <thread>
#include <vector>

#include "core/admin/mail_administration.hpp"
#include "tests/scenarios/envelope_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* recovered = "Rec0vered-Pass-99";
constexpr const char* restored = R"({"status": 1, "result": {}, "error": 0})";

class EnvelopeRecovery : public ::testing::Test {
 protected:
  explicit EnvelopeRecovery(const config::Settings& settings = settings_with_mail()) : server(settings) {
    client.register_person("ann", "ann@example.com");
  }
  std::string link_for(const std::string& email) {
    EXPECT_EQ(client.restore(email).body, restored);
    return mailbox.wait_for_links(email, "/auth/restore/").front();
  }
  /// How many letters were posted to an address, delivered or not. Requests are worked off in their order: once a last
  /// one has been answered, all are.
  std::size_t posted_to(const std::string& recipient) {
    client.register_person("last", "last@example.com");
    link_for("last@example.com");
    cli::Application& application = server.application();
    const auto mails = application.wait_for(core::list_mail(
        {}, {}, 100, {.name = "test", .deadline = server.clock().monotonic() + 20s}, application.administration()));
    return static_cast<std::size_t>(std::ranges::count(mails.value(), recipient, &core::Mail::recipient));
  }
  TestServer server;
  EnvelopeClient client{server};
  Mailbox mailbox{server.directory()};
};

class EnvelopeRecoveryUnlimited : public EnvelopeRecovery {
 protected:
  EnvelopeRecoveryUnlimited() : EnvelopeRecovery(unlimited_settings()) {}
};

TEST_F(EnvelopeRecovery, AsksFollowsTheLinkAndEverythingElseEnds) {
  const std::string session = client.session_of("ann"), elsewhere = client.session_of("ann");
  const std::string link = link_for("ann@example.com");

  const Answer page = ask(server.port(), "GET", link);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains("new_password"));
  const Answer done = client.follow(link, {{"new_password", recovered}});

  EXPECT_LT(done.status, 400);
  EXPECT_FALSE(done.cookie("sessionid"));  // never signs in by itself
  EXPECT_FALSE(client.is_live(session));
  EXPECT_FALSE(client.is_live(elsewhere));
  EXPECT_FALSE(client.sign_in("ann").cookie("sessionid"));
  EXPECT_TRUE(client.sign_in("ann", recovered).cookie("sessionid"));
  EXPECT_TRUE(server.account("ann").email_verified);
}

TEST_F(EnvelopeRecovery, KnownUnknownAndDisabledAddressesReadTheSame) {
  client.register_person("sleepy", "sleepy@example.com");
  server.disable_account("sleepy");
  const std::string known = whole(client.restore("ann@example.com"));
  EXPECT_EQ(whole(client.restore("ghost@example.com")), known);
  EXPECT_EQ(whole(client.restore("sleepy@example.com")), known);
  EXPECT_EQ(whole(client.restore("ANN@EXAMPLE.COM")), known);
  EXPECT_EQ(client.restore("x").body, R"({"status": 0, "result": {}, "error": 31})");
}

TEST_F(EnvelopeRecovery, NobodyIsMailedButThePeopleOfAnAddress) {
  client.register_person("sleepy", "sleepy@example.com");
  server.disable_account("sleepy");
  client.restore("ghost@example.com");
  client.restore("sleepy@example.com");
  EXPECT_EQ(posted_to("ghost@example.com"), 0U);
  EXPECT_EQ(posted_to("sleepy@example.com"), 0U);
}

TEST_F(EnvelopeRecovery, AnotherSpellingOfTheAddressFindsItsAccountAndMailsTheStoredOne) {
  client.restore("ANN@Example.com");
  EXPECT_EQ(mailbox.wait_for_links("ann@example.com", "/auth/restore/").size(), 1U);
}

TEST_F(EnvelopeRecovery, LookingAtALinkDoesNotUseItAndUsingItDoes) {
  const std::string link = link_for("ann@example.com");
  for (const char* method : {"GET", "HEAD", "GET"}) EXPECT_EQ(ask(server.port(), method, link).status, 200);
  client.follow(link, {{"new_password", recovered}});
  ASSERT_TRUE(client.sign_in("ann", recovered).cookie("sessionid"));
  client.follow(link, {{"new_password", other_password}});
  EXPECT_FALSE(client.sign_in("ann", other_password).cookie("sessionid"));
  EXPECT_TRUE(client.sign_in("ann", recovered).cookie("sessionid"));
}

TEST_F(EnvelopeRecovery, ARefusedPasswordDoesNotUseTheLink) {
  const std::string link = link_for("ann@example.com");
  for (const char* weak : {"", "short", "password", "1234567890123"}) client.follow(link, {{"new_password", weak}});
  EXPECT_TRUE(client.sign_in("ann").cookie("sessionid"));
  client.follow(link, {{"new_password", recovered}});
  EXPECT_TRUE(client.sign_in("ann", recovered).cookie("sessionid"));
}

TEST_F(EnvelopeRecovery, ALinkDiesAfterAnHour) {
  const std::string link = link_for("ann@example.com");
  server.clock().advance(1h);
  client.follow(link, {{"new_password", recovered}});
  EXPECT_FALSE(client.sign_in("ann", recovered).cookie("sessionid"));
}

TEST_F(EnvelopeRecovery, ALinkDiesWithThePasswordThatItWasToReplace) {
  const std::string link = link_for("ann@example.com");
  client.edit(client.session_of("ann"), {{"password", password}, {"new_password", other_password}});
  client.follow(link, {{"new_password", recovered}});
  EXPECT_FALSE(client.sign_in("ann", recovered).cookie("sessionid"));
  EXPECT_TRUE(client.sign_in("ann", other_password).cookie("sessionid"));
}

TEST_F(EnvelopeRecovery, ALinkDiesWithTheAddressThatItWasMailedTo) {
  const std::string link = link_for("ann@example.com");
  client.edit(client.session_of("ann"), {{"password", password}, {"email", "new@example.com"}});
  client.follow(mailbox.wait_for_links("new@example.com", "/auth/email/").front());
  ASSERT_EQ(server.account("ann").email, "new@example.com");
  client.follow(link, {{"new_password", recovered}});
  EXPECT_FALSE(client.sign_in("ann", recovered).cookie("sessionid"));
}

TEST_F(EnvelopeRecovery, ALinkOpensOnlyWhatItIsForAndOnlyItsAccount) {
  client.register_person("bob", "bob@example.com");
  const std::string anns = link_for("ann@example.com"), bobs = link_for("bob@example.com");
  const std::string anns_secret = anns.substr(anns.rfind('/', anns.size() - 2));
  const std::string bobs_uid = bobs.substr(0, bobs.rfind('/', bobs.size() - 2));
  client.follow(bobs_uid + anns_secret, {{"new_password", recovered}});
  std::string as_email_change = anns;
  client.follow(as_email_change.replace(0, std::string("/auth/restore/").size(), "/auth/email/"));
  EXPECT_FALSE(client.sign_in("bob", recovered).cookie("sessionid"));
  EXPECT_FALSE(client.sign_in("ann", recovered).cookie("sessionid"));
  client.follow(anns, {{"new_password", recovered}});  // the control: neither try has used it
  EXPECT_TRUE(client.sign_in("ann", recovered).cookie("sessionid"));
}

TEST_F(EnvelopeRecoveryUnlimited, NothingThatARequestSaysOfItsHostReachesTheLetter) {
  const std::string own = "Host: 127.0.0.1:" + std::to_string(server.port());
  const std::string foreign[] = {
      "POST /auth/restore HTTP/1.1\r\nHost: evil.test",
      "POST /auth/restore HTTP/1.1\r\n" + own + "\r\nX-Forwarded-Host: evil.test",
      "POST /auth/restore HTTP/1.1\r\n" + own + "\r\nX-Forwarded-Proto: https",
      "POST /auth/restore HTTP/1.1\r\n" + own + "\r\nForwarded: host=evil.test;proto=https",
      "POST http://evil.test/auth/restore HTTP/1.1\r\nHost: evil.test",
  };
  client.restore("ann@example.com");
  for (const std::string& head : foreign) {
    RawClient raw(server.port());
    raw.send(head +
             "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 23\r\n\r\n"
             "email=ann%40example.com");
    EXPECT_EQ(raw.receive().body, restored) << head;
  }
  std::set<std::string> letters;
  for (const Received& letter : mailbox.wait_for("ann@example.com", "/auth/restore/", std::size(foreign) + 1))
    letters.insert(
        std::regex_replace(std::regex_replace(letter.text, std::regex("/auth/restore/[^/]+/[^/]{43}/"), "LINK"),
                           std::regex("[0-9a-f]{16}"), "ID"));
  EXPECT_EQ(letters.size(), 1U) << "all are the same but for their ids and secrets";
  EXPECT_TRUE(letters.begin()->contains("http://127.0.0.1:" + std::to_string(server.port()) + "LINK"));
}

TEST_F(EnvelopeRecovery, AskingIsRationedForKnownAndUnknownAlike) {
  Answer known, unknown;
  for (int i = 0; i < 20 && !known.header("retry-after"); ++i) known = client.restore("ann@example.com");
  unknown = client.restore("ghost@example.com");
  EXPECT_EQ(known.body, R"({"status": 0, "result": {}, "error": 41})");
  EXPECT_EQ(whole(unknown), whole(known));
}

TEST_F(EnvelopeRecovery, AnAddressGetsThreeLettersAnHourAndTheAnswerNeverTells) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.restore("ann@example.com").body, restored);
  EXPECT_EQ(posted_to("ann@example.com"), 3U);
}

TEST_F(EnvelopeRecoveryUnlimited, OfFiftyParallelUsesOfOneLinkOneSucceeds) {
  const std::string link = link_for("ann@example.com");
  const auto choice = [](int i) { return "Ch0sen-Pass-" + std::to_string(100 + i); };
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) threads.emplace_back([&, i] { client.follow(link, {{"new_password", choice(i)}}); });
  for (auto& thread : threads) thread.join();
  int working = 0;
  for (int i = 0; i < 50; ++i) working += client.sign_in("ann", choice(i)).cookie("sessionid") ? 1 : 0;
  EXPECT_EQ(working, 1);
}

}  // namespace
}  // namespace propusk::testing
