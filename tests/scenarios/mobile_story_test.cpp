// The stories of the mobile dialect over HTTP: what a client may rely on, and what nobody may do.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* password = "slojniypass1";
constexpr const char* token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

class MobileStory : public ::testing::Test {
 protected:
  Answer register_person(const std::string& username, const std::string& secret = password, Fields headers = {}) {
    return post_form(
        server.port(), "/mobile/registration/",
        {{"username", username}, {"password", secret}, {"again_pass", secret}, {"mail", username + "@example.test"}},
        std::move(headers));
  }
  Answer sign_in(const std::string& username, const std::string& secret = password, const std::string& session = "") {
    return post_form(
        server.port(), "/mobile/login/", {{"username", username}, {"password", secret}, {"csrfmiddlewaretoken", token}},
        {{"Cookie", std::string("csrftoken=") + token + (session.empty() ? "" : "; sessionid=" + session)}});
  }
  Answer start(const std::string& session) {
    return ask(server.port(), "GET", "/mobile/start/", {{"Cookie", "sessionid=" + session}});
  }
  Answer sign_out(const std::string& session) {
    return ask(server.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + session}});
  }

  TestServer server;
};

TEST_F(MobileStory, RegistersSignsInChecksAndSignsOut) {
  EXPECT_EQ(register_person("ann").body, "user is successfully created");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  EXPECT_EQ(start(session).body, "Yes");
  EXPECT_EQ(sign_out(session).body, "200");
  EXPECT_EQ(start(session).status, 405);
  EXPECT_EQ(server.live_sessions("ann"), 0U);
}

TEST_F(MobileStory, AcknowledgedStateSurvivesARestart) {
  register_person("ann");
  const std::string kept = sign_in("ann").cookie("sessionid").value();
  const std::string ended = sign_in("ann").cookie("sessionid").value();
  sign_out(ended);

  server.restart();

  EXPECT_EQ(start(kept).body, "Yes");
  EXPECT_EQ(start(ended).status, 405);
  EXPECT_EQ(sign_in("ann").status, 200);
}

TEST_F(MobileStory, ASessionLivesFourteenDays) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.clock().advance(14 * 24h - 1s);
  EXPECT_EQ(start(session).status, 200);
  server.clock().advance(1s);
  EXPECT_EQ(start(session).status, 405);
}

TEST_F(MobileStory, SigningInAgainKeepsTheKeyAndRenewsIt) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.clock().advance(10 * 24h);
  EXPECT_EQ(sign_in("ann", password, session).cookie("sessionid").value(), session);
  server.clock().advance(10 * 24h);
  EXPECT_EQ(start(session).status, 200);
  EXPECT_EQ(server.live_sessions("ann"), 1U);
}

TEST_F(MobileStory, SigningInAsSomebodyElseEndsTheFirstSession) {
  register_person("ann");
  register_person("bob");
  const std::string ann = sign_in("ann").cookie("sessionid").value();
  const std::string bob = sign_in("bob", password, ann).cookie("sessionid").value();
  EXPECT_NE(ann, bob);
  EXPECT_EQ(start(ann).status, 405);
  EXPECT_EQ(start(bob).status, 200);
}

TEST_F(MobileStory, AKeyChosenByTheClientIsNeverAdopted) {
  register_person("ann");
  const std::string chosen(32, 'x');
  EXPECT_NE(sign_in("ann", password, chosen).cookie("sessionid").value(), chosen);
  EXPECT_EQ(start(chosen).status, 405);
}

TEST_F(MobileStory, DisablingEndsEverySessionAndEnablingBringsNoneBack) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.disable_account("ann");
  EXPECT_EQ(start(session).status, 405);
  EXPECT_EQ(sign_in("ann").status, 405);
  server.enable_account("ann");
  EXPECT_EQ(start(session).status, 405);
  EXPECT_EQ(sign_in("ann").status, 200);
}

TEST_F(MobileStory, ADeletedAccountLeavesNoSessionAndFreesItsName) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.delete_account("ann");
  EXPECT_EQ(start(session).status, 405);
  EXPECT_EQ(sign_in("ann").status, 405);
  EXPECT_EQ(register_person("ann").status, 200);
  EXPECT_EQ(start(session).status, 405);
}

TEST_F(MobileStory, AnOperatorsPasswordEndsSessionsEvenAfterARestart) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.set_password("ann", "another-pass-9");
  server.restart();
  EXPECT_EQ(start(session).status, 405);
  EXPECT_EQ(sign_in("ann").status, 405);
  EXPECT_EQ(sign_in("ann", "another-pass-9").status, 200);
}

TEST_F(MobileStory, FiftyParallelRegistrationsOfOneNameMakeOneAccount) {
  config::Settings settings = test_settings();
  settings.limits.enabled = false;
  TestServer open(settings);
  std::vector<std::thread> threads;
  std::atomic<int> created{0}, taken{0};
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&] {
      const int status =
          post_form(open.port(), "/mobile/registration/",
                    {{"username", "ann"}, {"password", password}, {"again_pass", password}, {"mail", "a@b.co"}})
              .status;
      created += status == 200 ? 1 : 0;
      taken += status == 410 ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(taken, 49);
}

TEST_F(MobileStory, WrongUnknownDisabledAndMalformedReadTheSame) {
  register_person("ann");
  register_person("sleepy");
  server.disable_account("sleepy");
  const auto shape = [](const Answer& answer) {
    std::string text = std::to_string(answer.status) + answer.body;
    for (const auto& [name, value] : answer.headers) text += name + value;
    return text;
  };
  const std::string wrong = shape(sign_in("ann", "wrong-password"));
  EXPECT_EQ(shape(sign_in("nobody", "wrong-password")), wrong);
  EXPECT_EQ(shape(sign_in("sleepy")), wrong);
  EXPECT_EQ(shape(sign_in("ann\xff")), wrong);
  EXPECT_EQ(shape(sign_in("ann", "")), wrong);
}

TEST_F(MobileStory, TenMistakesThenTheClientMustWaitAndIsTold) {
  register_person("ann");
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(sign_in("ann", "wrong-password").header("retry-after"));
  const Answer limited = sign_in("ann");
  EXPECT_EQ(limited.status, 405);
  EXPECT_EQ(limited.header("retry-after"), "60");
  server.clock().advance(60s);
  EXPECT_EQ(sign_in("ann").status, 200);
}

TEST_F(MobileStory, FailedSignInsReachTheRowAndTheAuditTrailAsOneSummary) {
  register_person("ann");
  server.clock().advance(1s);
  for (int i = 0; i < 3; ++i) sign_in("ann", "wrong-password");
  server.restart();
  EXPECT_EQ(server.account("ann").failed_sign_ins, 3);
  const auto events = server.audit("ann");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].action, core::AuditAction::sign_in_failed);
  EXPECT_EQ(events[0].detail, "count=3");
}

TEST_F(MobileStory, EveryActionLeavesItsAuditEvent) {
  register_person("ann");
  server.clock().advance(1s);
  const std::string session = sign_in("ann").cookie("sessionid").value();
  server.clock().advance(1s);
  sign_out(session);
  server.clock().advance(1s);
  server.set_password("ann", "another-pass-9");
  std::vector<core::AuditAction> actions;
  for (const auto& event : server.audit("ann")) actions.push_back(event.action);
  EXPECT_EQ(actions, (std::vector{core::AuditAction::password_set, core::AuditAction::signed_out,
                                  core::AuditAction::signed_in, core::AuditAction::account_created}));
}

TEST_F(MobileStory, ACrossSiteBrowserNeitherSignsOutNorInNorRegisters) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  const Fields evil{{"Cookie", "sessionid=" + session + std::string("; csrftoken=") + token},
                    {"Sec-Fetch-Site", "cross-site"}};
  EXPECT_EQ(ask(server.port(), "GET", "/mobile/logout", evil).status, 200);
  EXPECT_EQ(start(session).status, 200);
  EXPECT_EQ(post_form(server.port(), "/mobile/login/",
                      {{"username", "ann"}, {"password", password}, {"csrfmiddlewaretoken", token}}, evil)
                .status,
            403);
  EXPECT_EQ(register_person("eve", password, {{"Origin", "http://evil.test"}}).status, 403);
  EXPECT_EQ(sign_in("eve").status, 405);
}

TEST_F(MobileStory, APrefetchSignsNobodyOut) {
  register_person("ann");
  const std::string session = sign_in("ann").cookie("sessionid").value();
  ask(server.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + session}, {"Sec-Purpose", "prefetch"}});
  EXPECT_EQ(start(session).status, 200);
}

TEST_F(MobileStory, CredentialsInTheQueryAreNeverRead) {
  register_person("ann");
  EXPECT_EQ(ask(server.port(), "POST",
                "/mobile/registration/?username=eve&password=slojniypass1&again_pass=slojniypass1&mail=a@b.co")
                .status,
            406);
  EXPECT_EQ(ask(server.port(), "POST",
                "/mobile/login/?username=ann&password=" + std::string(password) +
                    "&csrfmiddlewaretoken=" + std::string(token),
                {{"Cookie", std::string("csrftoken=") + token}})
                .status,
            403);
}

TEST_F(MobileStory, BadInputGetsTheContractsAnswer) {
  EXPECT_EQ(register_person("ann", std::string("nul\0nul-pass", 12)).status, 200);
  EXPECT_EQ(register_person("bob", "slojniy\xff\xfe").status, 406);           // not UTF-8: as if it were missing
  EXPECT_EQ(register_person("carol", std::string(5'000, 'x')).status, 408);   // beyond 4,096 bytes
  EXPECT_EQ(register_person("dave", std::string(1 << 20, 'x')).status, 413);  // beyond the body limit
  EXPECT_EQ(post_form(server.port(), "/mobile/registration/",
                      {{"username", "a"},
                       {"username", "erin"},
                       {"password", password},
                       {"again_pass", password},
                       {"mail", "a@b.co"}})
                .status,
            200);  // the last of two fields counts
  EXPECT_EQ(server.account("erin").username, "erin");
  EXPECT_EQ(ask(server.port(), "POST", "/mobile/registration/", {{"Content-Type", "application/json"}},
                R"({"username": {"a": 1}, "password": ["x"], "again_pass": null, "mail": 7})")
                .status,
            406);
  EXPECT_EQ(
      ask(server.port(), "POST", "/mobile/registration/", {{"Content-Type", "application/json"}}, "{\"a\":").status,
      406);
  EXPECT_EQ(ask(server.port(), "POST", "/mobile/registration/", {{"Content-Type", "multipart/form-data; boundary=x"}},
                "--y\r\n")
                .status,
            406);
  EXPECT_EQ(ask(server.port(), "POST", "/mobile/registration/", {{"Content-Type", "text/plain"}}, "username=x").status,
            406);
}

TEST_F(MobileStory, AThousandAnonymousRequestsLeaveNoRow) {
  for (int i = 0; i < 100; ++i) {
    start(std::string(31, 'z') + std::to_string(i % 10));
    sign_out(std::string(32, 'q'));
    ask(server.port(), "GET", "/mobile/login/");
  }
  register_person("ann");
  EXPECT_EQ(server.live_sessions("ann"), 0U);
  EXPECT_EQ(server.audit("ann").size(), 1U);
}

TEST_F(MobileStory, ADrainFinishesWhatWasAcceptedAndRefusesTheRest) {
  register_person("ann");
  const std::uint16_t port = server.port();
  EXPECT_TRUE(server.application().stop());
  EXPECT_THROW(RawClient{port}, std::exception);
}

}  // namespace
}  // namespace propusk::testing
