// The pages over HTTP, on the whole server: what each address answers, and that nothing but a form's POST acts.
#include <gtest/gtest.h>

#include "tests/support/mailbox.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "web/assets.hpp"

namespace propusk::web {
namespace {
using namespace std::chrono_literals;
using propusk::testing::Answer;
using propusk::testing::ask;
using propusk::testing::Fields;
using propusk::testing::post_form;

constexpr const char* password = "slojniypass1";
constexpr const char* fresh_password = "brave new pony";

class Pages : public ::testing::Test {
 protected:
  Answer get(std::string_view path, const Fields& headers = {}) { return ask(server.port(), "GET", path, headers); }
  Answer post(std::string_view path, const Fields& fields, const Fields& headers = {}) {
    return post_form(server.port(), path, fields, headers);
  }
  void register_person(const std::string& username) {
    const Answer answer = post("/mobile/registration/", {{"username", username},
                                                         {"password", password},
                                                         {"again_pass", password},
                                                         {"mail", username + "@example.test"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  bool signs_in(const std::string& username, const std::string& secret) {
    return post("/auth/login", {{"username", username}, {"password", secret}}).body.find("\"status\": 1") !=
           std::string::npos;
  }
  /// The path of a recovery link of a new person.
  std::string recovery_link(const std::string& username) {
    register_person(username);
    EXPECT_EQ(post("/auth/reset/", {{"email", username + "@example.test"}}).status, 303);
    return mailbox.wait_for_links(username + "@example.test", "/auth/restore/").at(0);
  }

  propusk::testing::TestServer server{settings()};
  propusk::testing::Mailbox mailbox{server.directory()};

  static config::Settings settings() {
    config::Settings settings = propusk::testing::test_settings();
    settings.mail.transport = config::MailTransport::maildir;
    return settings;
  }
};

bool says(const Answer& answer, std::string_view words) { return answer.body.find(words) != std::string::npos; }

TEST_F(Pages, AskingIsAnsweredAlikeWhoeverHasTheAddress) {
  register_person("ann");
  for (const char* path : {"/auth/reset", "/auth/reset/"}) {
    EXPECT_TRUE(says(get(path), "Reset your password"));
    const Answer known = post(path, {{"email", " ann@example.test "}});
    const Answer unknown = post(path, {{"email", "nobody@example.test"}});
    EXPECT_EQ(known.status, 303);
    EXPECT_EQ(known.header("Location"), "/auth/reset/sent/");
    EXPECT_EQ(known.headers, unknown.headers);
    EXPECT_EQ(known.body, unknown.body);
  }
  EXPECT_TRUE(says(get("/auth/reset/sent/"), "If the address belongs to an account, a letter is on its way."));
}

TEST_F(Pages, AMalformedAddressComesBackEscapedWithItsMistake) {
  const Answer answer = post("/auth/reset/", {{"email", "\"><script>alert(1)</script>"}});

  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(says(answer, "<title>Error: Reset your password"));
  EXPECT_TRUE(says(answer, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
}

TEST_F(Pages, AskingTooOftenSaysWhenToComeBack) {
  config::Settings strict = settings();
  strict.limits.mail_requests_per_prefix.burst = 1;
  server.restart_with(strict);
  post("/auth/reset/", {{"email", "a@example.test"}});

  const Answer answer = post("/auth/reset/", {{"email", "a@example.test"}});

  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.header("Retry-After"));
  EXPECT_TRUE(says(answer, "Try again in 1\u00a0minute."));
}

TEST_F(Pages, LookingNeverUsesALinkAndAWeakPasswordNeither) {
  const std::string link = recovery_link("ann");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(get(link).status, 200);
    EXPECT_EQ(ask(server.port(), "OPTIONS", link).status, 204);
    const Answer weak = post(link, {{"new_password", "123"}});
    EXPECT_EQ(weak.status, 400);
    EXPECT_TRUE(says(weak, "name=\"username\" value=\"ann\""));
    EXPECT_TRUE(says(weak, "The password is too short"));
    EXPECT_TRUE(says(weak, "The password needs more than digits"));
  }
  EXPECT_TRUE(signs_in("ann", password));

  const Answer done = post(link, {{"new_password", fresh_password}});

  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(done.header("Location"), "/auth/restore/done/");
  EXPECT_FALSE(done.header("Set-Cookie")) << "recovery signs nobody in";
  EXPECT_TRUE(signs_in("ann", fresh_password));
  EXPECT_FALSE(signs_in("ann", password));
}

TEST_F(Pages, EveryKindOfDeadLinkHasAPageThatLeadsOn) {
  const std::string link = recovery_link("ann"), other = recovery_link("bob");
  post(link, {{"new_password", fresh_password}});
  EXPECT_EQ(get(link).status, 410);
  EXPECT_TRUE(says(get(link), "This link has been used"));
  EXPECT_EQ(post(link, {{"new_password", "another brave pony"}}).status, 410);

  server.clock().advance(61min);
  EXPECT_EQ(get(other).status, 410);
  EXPECT_TRUE(says(get(other), "This link has expired"));
  EXPECT_EQ(post(other, {{"new_password", fresh_password}}).status, 410);

  for (const char* unknown : {"/auth/restore/MQ/nothing/", "/auth/restore/%00/%ff", "/auth/email/MQ/nothing/"}) {
    EXPECT_EQ(get(unknown).status, 404) << unknown;
    EXPECT_TRUE(says(get(unknown), "This link does not work")) << unknown;
  }
  EXPECT_TRUE(says(get(link), "<a class=\"button\" href=\"/auth/reset/\">Ask for a new link</a>"));
}

TEST_F(Pages, TheTwoFieldsOfTheHistoricFormMustAgree) {
  const std::string link = recovery_link("ann");
  EXPECT_EQ(post(link, {{"new_password1", fresh_password}, {"new_password2", "another pony"}}).status, 400);
  EXPECT_EQ(post(link, {{"new_password1", fresh_password}, {"new_password2", fresh_password}}).status, 303);
  EXPECT_TRUE(signs_in("ann", fresh_password));
}

TEST_F(Pages, AFormOfAnotherSiteIsRefusedAndDoesNothing) {
  const std::string link = recovery_link("ann");
  for (const Fields& browser : {Fields{{"Sec-Fetch-Site", "cross-site"}}, Fields{{"Origin", "https://evil.example"}}}) {
    EXPECT_EQ(post(link, {{"new_password", fresh_password}}, browser).status, 403);
    EXPECT_EQ(post("/auth/reset/", {{"email", "ann@example.test"}}, browser).status, 403);
  }
  EXPECT_TRUE(signs_in("ann", password));
  EXPECT_EQ(post(link, {{"new_password", fresh_password}}, {{"Sec-Fetch-Site", "same-origin"}}).status, 303);
}

TEST_F(Pages, AnAddressIsConfirmedByTheButtonOnly) {
  register_person("ann");
  const Answer signed_in = post("/auth/login", {{"username", "ann"}, {"password", password}});
  const Fields cookie{{"Cookie", "sessionid=" + signed_in.cookie("sessionid").value_or("")}};
  post("/auth/edit", {{"password", password}, {"email", "new@example.org"}}, cookie);
  const std::string link = mailbox.wait_for_links("new@example.org", "/auth/email/").at(0);

  EXPECT_TRUE(says(get(link), "<dd>new@example.org</dd>"));
  EXPECT_EQ(server.account("ann").email, "ann@example.test");
  EXPECT_EQ(post(link, {}, {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(server.account("ann").email, "ann@example.test");
  EXPECT_EQ(post(link, {}).header("Location"), "/auth/email/done/");
  EXPECT_EQ(server.account("ann").email, "new@example.org");
  EXPECT_EQ(post(link, {}).status, 410);
}

// SECURITY.md X7: on every answer, errors among them.
TEST_F(Pages, EveryAnswerIsProtected) {
  const std::vector<Answer> answers = {
      get("/auth/reset/"),
      get("/auth/reset/sent"),
      get("/auth/restore/done"),
      get("/auth/email/done"),
      get("/auth/restore/MQ/x/"),
      get("/auth/activate/MQ/x"),
      get("/auth/activation/"),
      get("/auth/activation/done"),
      get("/auth/username/reset/confirm/MQ/x/"),
      get("/auth/username/reset/done"),
      get("/auth/email/undo/MQ/x"),
      post("/auth/activation/", {{"email", "x"}}),
      post("/auth/activate/MQ/x", {{"action", "disown"}}, {{"Sec-Fetch-Site", "cross-site"}}),
      get("/.well-known/change-password"),
      get("/-/assets/nothing.css"),
      post("/auth/reset/", {{"email", "x"}}),
      post("/auth/reset/", {{"email", "a@example.test"}}),
      post("/auth/reset/", {{"email", "a@example.test"}}, {{"Sec-Fetch-Site", "cross-site"}}),
      post("/auth/reset/sent/", {}),
      ask(server.port(), "DELETE", "/auth/reset/"),
      ask(server.port(), "POST", "/auth/reset/", {{"Content-Type", "text/plain"}}, "email=a"),
  };
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.header("Cache-Control"), "no-store") << answer.status;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << answer.status;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << answer.status;
    EXPECT_EQ(answer.header("X-Frame-Options"), "DENY") << answer.status;
    EXPECT_EQ(answer.header("Cross-Origin-Resource-Policy"), "same-origin") << answer.status;
    EXPECT_TRUE(answer.header("Content-Security-Policy").value_or("").starts_with("default-src 'none'; "));
  }
}

TEST_F(Pages, OtherMethodsAreNamed) {
  const Answer deleted = ask(server.port(), "DELETE", "/auth/reset");
  EXPECT_EQ(deleted.status, 405);
  EXPECT_EQ(deleted.header("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(post("/auth/reset/sent/", {}).header("Allow"), "GET, HEAD, OPTIONS");
}

TEST_F(Pages, ALanguageThatWasChosenIsRemembered) {
  const Answer chosen = get("/auth/reset/?lang=ru", {{"Accept-Language", "en"}});
  EXPECT_TRUE(says(chosen, "<html lang=\"ru\">"));
  EXPECT_EQ(chosen.cookie("propusk_language"), "ru");

  const Answer later = get("/auth/reset/sent/", {{"Accept-Language", "en"}, {"Cookie", "propusk_language=ru"}});
  EXPECT_TRUE(says(later, "Проверьте почту"));
  EXPECT_FALSE(later.cookie("propusk_language"));
  EXPECT_EQ(post("/auth/reset/?lang=ru", {{"email", "a@example.test"}}).header("Location"),
            "/auth/reset/sent/?lang=ru");
}

TEST_F(Pages, AssetsAreForEverAndCompressedForWhoTakesIt) {
  const std::string path = Assets().style().path;
  const Answer plain = get(path), packed = get(path, {{"Accept-Encoding", "br, gzip;q=0.8"}});

  EXPECT_EQ(plain.body, Assets().style().bytes);
  EXPECT_EQ(packed.body, Assets().style().gzipped);
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  for (const Answer& answer : {plain, packed}) {
    EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(answer.header("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(answer.header("Vary"), "Accept-Encoding");
  }
  EXPECT_FALSE(get(path, {{"Accept-Encoding", "gzip;q=0, identity"}}).header("Content-Encoding"));
  EXPECT_EQ(get("/-/assets/0000000000000000.css").status, 404);
}

TEST_F(Pages, PasswordManagersFindTheirWay) {
  const Answer answer = get("/.well-known/change-password");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("Location"), "/accounts/password/");
  EXPECT_EQ(get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").status, 404);
}

TEST_F(Pages, ThereIsNoInboxInProduction) { EXPECT_EQ(get("/-/dev/mail").status, 404); }

}  // namespace
}  // namespace propusk::web
