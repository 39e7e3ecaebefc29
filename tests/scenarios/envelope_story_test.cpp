// The stories of the envelope dialect over HTTP: signing up, in and out, in exact bytes; what browsers of other sites
// and guessers may not do.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "tests/scenarios/envelope_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr std::string_view removed_cookie = "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";

bool removes_cookie(const Answer& answer) {
  return answer.header("set-cookie").value_or("").starts_with(removed_cookie);
}

class EnvelopeStory : public ::testing::Test {
 protected:
  TestServer server{settings_with_mail()};
  EnvelopeClient client{server};
};

TEST_F(EnvelopeStory, RegistersSignsInChecksAndSignsOut) {
  const Answer registered = client.register_person("ann", "ann@example.com");
  EXPECT_EQ(registered.body, R"({"status": 1, "error": 0})");
  EXPECT_FALSE(registered.header("set-cookie"));

  const Answer signed_in = client.sign_in("ann");
  EXPECT_EQ(signed_in.body, R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})");
  const std::string session = signed_in.cookie("sessionid").value();

  const Answer by_cookie = client.sign_in_by_cookie(session);
  EXPECT_EQ(by_cookie.body, R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})");
  EXPECT_FALSE(by_cookie.header("set-cookie"));

  const Answer signed_out = client.sign_out(session);
  EXPECT_EQ(signed_out.body, R"({"status": 1, "result": {}, "error": 0})");
  EXPECT_TRUE(removes_cookie(signed_out));
  EXPECT_EQ(server.live_sessions("ann"), 0U);
  const Answer after = client.sign_in_by_cookie(session);
  EXPECT_EQ(after.body, R"({"status": 0, "result": {}, "error": 41})");
  EXPECT_TRUE(removes_cookie(after));
}

TEST_F(EnvelopeStory, OnlyTheNamedMethodsAndPathsAreThereAndTheRestIsOnePage) {
  const std::string page = ask(server.port(), "GET", "/auth/register").body;
  EXPECT_EQ(page.size(), 179U);
  for (const char* path : {"register", "login", "logout", "edit", "restore"}) {
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
      const std::string name = std::string(method) + " /auth/" + path;
      const bool is_there = name == "POST /auth/logout" || name == "GET /auth/logout" || name == "POST /auth/edit";
      const Answer answer = ask(server.port(), method, std::string("/auth/") + path);
      EXPECT_EQ(answer.status, is_there ? 200 : 404) << name;
      const Answer slashed = ask(server.port(), method, std::string("/auth/") + path + "/");
      EXPECT_EQ(slashed.status, 404) << name << "/";
      EXPECT_EQ(slashed.header("content-type"), "text/html") << name << "/";
      if (std::string_view(method) != "HEAD") EXPECT_EQ(slashed.body, page) << name << "/";
    }
  }
}

TEST_F(EnvelopeStory, JsonBodiesAndTheQueryAreMissingParameters) {
  client.register_person("ann", "ann@example.com");
  const std::string query = "?username=ann&password=Str0ng-Pass-77&email=ann%40example.com&cookies=true";
  const Fields json{{"Content-Type", "application/json"}};
  for (const char* path : {"/auth/register", "/auth/login", "/auth/restore"}) {
    EXPECT_EQ(ask(server.port(), "POST", path + query).status, 404) << path;
    EXPECT_EQ(ask(server.port(), "POST", path, json,
                  R"({"username": "ann", "password": "Str0ng-Pass-77", "email": "a@b.co", "cookies": "true"})")
                  .status,
              404)
        << path;
    EXPECT_EQ(ask(server.port(), "POST", path, {{"Content-Type", "multipart/form-data"}}, "--x\r\n").status, 404);
  }
}

TEST_F(EnvelopeStory, TheFirstProblemInTheOrderOfTheContractIsTold) {
  client.register_person("ann", "ann@example.com");
  const auto code = [&](const std::string& username, const std::string& email, const std::string& secret) {
    const std::string body = client.register_person(username, email, secret).body;
    return body.substr(body.rfind(' ') + 1);
  };
  EXPECT_EQ(code("a b", "x", ""), "11}");
  EXPECT_EQ(code("bob", "x", ""), "31}");
  EXPECT_EQ(code("bob", "bob@example.com", ""), "51}");
  EXPECT_EQ(code("bob", "bob@example.com", "password"), "51}");
  EXPECT_EQ(code("ann", "ann@example.com", password), "12}");
  EXPECT_EQ(code("ann", "x", ""), "12}") << "a taken name comes before a malformed address";
  EXPECT_EQ(code("bob", "ann@example.com", password), "32}");
  EXPECT_EQ(code("bob", "ANN@EXAMPLE.com", password), "32}");
  EXPECT_EQ(code("bob", "bob@example.com", password), "0}");
}

TEST_F(EnvelopeStory, SignsInByAnySpellingOfNameOrAddressThatIsNoTie) {
  client.register_person("ann", "ann@example.com");
  client.register_person("Bob.B", "bob@example.com");
  for (const char* identifier : {"ann", "ANN", "ann@example.com", "Ann@Example.COM"})
    EXPECT_EQ(client.sign_in(identifier).body, R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})")
        << identifier;
  EXPECT_EQ(client.register_person("ANN", "other@example.com").body, R"({"status": 1, "error": 0})");
  EXPECT_TRUE(client.sign_in("ANN").body.contains("other@example.com"));
  EXPECT_EQ(client.sign_in("Ann").body, R"({"status": 0, "result": {}, "error": 41})");
}

TEST_F(EnvelopeStory, AUsernameShapedLikeAnAddressIsOnesOwnAddress) {
  EXPECT_EQ(client.register_person("ann@example.com", "ann@example.com").body, R"({"status": 1, "error": 0})");
  EXPECT_TRUE(client.sign_in("ann@example.com").cookie("sessionid"));
  EXPECT_EQ(client.register_person("carol@example.com", "bob@example.com").body, R"({"status": 0, "error": 11})");
  EXPECT_EQ(client.register_person("ANN@example.com", "ann@example.com").body, R"({"status": 0, "error": 12})");
  EXPECT_EQ(client.register_person("bob", "ann@example.com").body, R"({"status": 0, "error": 32})");
}

TEST_F(EnvelopeStory, AnAddressBeyondAsciiIsWrittenAsJsonDumpsDoes) {
  client.register_person("ann", "ann@пример.com");
  EXPECT_EQ(client.sign_in("ann").body,
            R"({"status": 1, "result": {"email": "ann@\u043f\u0440\u0438\u043c\u0435\u0440.com"}, "error": 0})");
}

TEST_F(EnvelopeStory, DeadCookiesAreRemovedAndThoseOfADisabledAccountStay) {
  client.register_person("ann", "ann@example.com");
  const std::string session = client.session_of("ann");
  for (const std::string& dead : {std::string(32, 'q'), std::string("short"), std::string("\"\"")}) {
    const Answer answer = client.sign_in_by_cookie(dead);
    EXPECT_EQ(answer.body, R"({"status": 0, "result": {}, "error": 41})") << dead;
    EXPECT_TRUE(removes_cookie(answer)) << dead;
  }

  server.disable_account("ann");

  for (const Answer& answer :
       {client.sign_in_by_cookie(session), client.edit(session, {{"password", password}, {"username", "bob"}})}) {
    EXPECT_TRUE(answer.body.ends_with("\"error\": 42}")) << answer.body;
    EXPECT_FALSE(answer.header("set-cookie"));
  }
}

TEST_F(EnvelopeStory, ADisabledAccountIsToldOnlyToWhoKnowsItsPassword) {
  client.register_person("ann", "ann@example.com");
  client.register_person("sleepy", "sleepy@example.com");
  server.disable_account("sleepy");

  EXPECT_EQ(client.sign_in("sleepy").body, R"({"status": 0, "result": {}, "error": 42})");
  const std::string wrong = whole(client.sign_in("ann", "wrong-password"));
  EXPECT_EQ(whole(client.sign_in("sleepy", "wrong-password")), wrong);
  EXPECT_EQ(whole(client.sign_in("nobody", "wrong-password")), wrong);
  EXPECT_EQ(whole(client.sign_in("nobody@example.com", "wrong-password")), wrong);
  EXPECT_EQ(whole(client.sign_in("ann@example.com", "")), wrong);
}

TEST_F(EnvelopeStory, AGuesserMustWaitAndLearnsNothingFromIt) {
  client.register_person("ann", "ann@example.com");
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(client.sign_in(i % 2 == 0 ? "ann" : "ann@example.com", "wrong-password").header("retry-after"));
    EXPECT_FALSE(client.sign_in("nobody", "wrong-password").header("retry-after"));
  }
  const Answer limited = client.sign_in("ann");
  EXPECT_EQ(limited.status, 200);
  EXPECT_EQ(limited.body, R"({"status": 0, "result": {}, "error": 41})");
  EXPECT_EQ(limited.header("retry-after"), "60");
  EXPECT_EQ(whole(client.sign_in("nobody")), whole(limited));
  server.clock().advance(60s);
  EXPECT_TRUE(client.sign_in("ann").cookie("sessionid"));
}

TEST_F(EnvelopeStory, RegistrationsAreRationed) {
  config::Settings settings = settings_with_mail();
  settings.limits.registrations_per_prefix = {.burst = 10, .refill = 1h};
  server.restart_with(settings);
  for (int i = 0; i < 10; ++i) {
    const std::string name = "p" + std::to_string(i);
    EXPECT_EQ(client.register_person(name, name + "@example.com").body, R"({"status": 1, "error": 0})");
  }
  const Answer limited = client.register_person("p10", "p10@example.com");
  EXPECT_EQ(limited.body, R"({"status": 0, "error": 41})");
  EXPECT_TRUE(limited.header("retry-after"));
}

TEST_F(EnvelopeStory, ABrowserOfAnotherSiteNeitherWritesNorSignsOut) {
  client.register_person("ann", "ann@example.com");
  const std::string session = client.session_of("ann");
  const std::vector<std::pair<std::string, Fields>> writes{
      {"register", {{"username", "eve"}, {"password", password}, {"email", "eve@example.com"}}},
      {"login", {{"username", "ann"}, {"password", password}}},
      {"login", {{"cookies", "true"}}},
      {"edit", {{"password", password}, {"username", "eve"}}},
      {"restore", {{"email", "ann@example.com"}}},
      {"logout", {}}};
  for (const auto& [path, fields] : writes) {
    const bool has_result = path != "register";
    for (const Fields& evil : {Fields{{"Sec-Fetch-Site", "cross-site"}}, Fields{{"Sec-Fetch-Site", "same-site"}},
                               Fields{{"Origin", "https://evil.test"}}, Fields{{"Origin", "null"}},
                               Fields{{"Referer", "https://evil.test/page"}}}) {
      const Answer answer = client.post(path, fields, session, evil);
      EXPECT_EQ(answer.status, 403) << path << " " << evil[0].second;
      EXPECT_EQ(answer.body,
                has_result ? R"({"status": 0, "result": {}, "error": 52})" : R"({"status": 0, "error": 52})");
      EXPECT_FALSE(answer.header("set-cookie"));
    }
  }
  for (const Fields& evil : {Fields{{"Sec-Fetch-Site", "cross-site"}}, Fields{{"Sec-Purpose", "prefetch"}}}) {
    Fields headers{{"Cookie", "sessionid=" + session}};
    headers.insert(headers.end(), evil.begin(), evil.end());
    const Answer answer = ask(server.port(), "GET", "/auth/logout", headers);
    EXPECT_EQ(answer.body, R"({"status": 1, "result": {}, "error": 0})");
    EXPECT_FALSE(answer.header("set-cookie"));
  }
  EXPECT_TRUE(client.is_live(session));
  EXPECT_EQ(server.account("ann").username, "ann");
  EXPECT_THROW(server.account("eve"), std::exception);

  const Fields own{{"Origin", "http://127.0.0.1:" + std::to_string(server.port())}, {"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(client.post("logout", {}, session, own).status, 200);  // the control: the same request from our own page
  EXPECT_FALSE(client.is_live(session));
}

TEST_F(EnvelopeStory, SigningInAgainKeepsTheKeyAndSomebodyElseEndsIt) {
  client.register_person("ann", "ann@example.com");
  client.register_person("bob", "bob@example.com");
  const std::string session = client.session_of("ann");
  const Fields as_ann{{"username", "ann"}, {"password", password}}, as_bob{{"username", "bob"}, {"password", password}};
  EXPECT_EQ(client.post("login", as_ann, session).cookie("sessionid"), session);
  const std::string bobs = client.post("login", as_bob, session).cookie("sessionid").value();
  EXPECT_NE(bobs, session);
  EXPECT_FALSE(client.is_live(session));
  const std::string chosen(32, 'x');
  EXPECT_NE(client.post("login", as_ann, chosen).cookie("sessionid"), chosen);
}

TEST_F(EnvelopeStory, TheLanguageOfTheRequestIsRemembered) {
  client.post("register", {{"username", "ann"}, {"password", password}, {"email", "ann@example.com"}}, "",
              {{"Accept-Language", "ru-RU,ru;q=0.9,en;q=0.5"}});
  EXPECT_EQ(server.account("ann").language, "ru");
}

TEST_F(EnvelopeStory, FiftyParallelRegistrationsOfOneAddressMakeOneAccount) {
  TestServer open(unlimited_settings());
  const EnvelopeClient crowd(open);
  std::vector<std::thread> threads;
  std::atomic<int> created{0}, taken{0};
  for (int i = 0; i < 50; ++i)
    threads.emplace_back([&, i] {
      const std::string body = crowd.register_person("ann" + std::to_string(i), "ann@example.com").body;
      created += body.ends_with("\"error\": 0}") ? 1 : 0;
      taken += body.ends_with("\"error\": 32}") ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(taken, 49);
}

/// Draws the same id for ever.
class StuckRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::ranges::fill(out, std::byte{0x55}); }
};

TEST(EnvelopeFailures, ARegistrationThatFindsNoFreeIdIsATaskError) {
  TestServer server(settings_with_mail(), std::make_unique<StuckRandom>());
  const EnvelopeClient client(server);
  server.clock().advance(1s);  // events of one moment have ids of their own, and the start has left one
  EXPECT_EQ(client.register_person("ann", "ann@example.com").body, R"({"status": 1, "error": 0})");
  server.clock().advance(1s);
  const Answer failed = client.register_person("bob", "bob@example.com");
  EXPECT_EQ(failed.status, 200);
  EXPECT_EQ(failed.body, R"({"status": 0, "error": 50})");
}

}  // namespace
}  // namespace propusk::testing
