// The method matrix of the mobile dialect over HTTP: every path, every method, every way to show the CSRF token; then
// the answers that depend on more than one request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {
namespace {
using ::testing::HasSubstr;

constexpr const char* token = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char* other_token = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr const char* password = "slojniypass1";
constexpr const char* form_type = "application/x-www-form-urlencoded";

enum Show : std::uint8_t { nothing, cookie_alone, cookie_and_field, cookie_and_header };

/// What a body is, for the eye: "" empty, "no cookie" and "rejected" the two 403 pages, else the text itself.
std::string kind(const std::string& body) {
  if (body.contains("requires a CSRF cookie")) return "no cookie";
  return body.contains("CSRF verification failed") ? "rejected" : body;
}

Answer ask_showing(std::uint16_t port, const std::string& method, const std::string& path, Show show) {
  Fields headers;
  std::string body;
  if (show != nothing) headers.emplace_back("Cookie", std::string("csrftoken=") + token);
  if (show == cookie_and_header) headers.emplace_back("X-CSRFToken", token);
  if (show == cookie_and_field) {
    headers.emplace_back("Content-Type", form_type);
    body = urlencoded({{"csrfmiddlewaretoken", token}});
  }
  return ask(port, method, path, headers, body);
}

struct Expected {
  int status;
  std::string_view allow, body;
  bool operator==(const Expected&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Expected& it) {
    return out << it.status << " [" << it.allow << "] " << it.body;
  }
};

struct Row {
  const char* path;
  const char* method;
  std::array<Expected, 4> answers;  ///< in the order of Show
};

constexpr Expected no_cookie{403, "", "no cookie"}, rejected{403, "", "rejected"};

std::array<Expected, 4> always(const Expected& answer) { return {answer, answer, answer, answer}; }
/// The CSRF check stands before, and takes the token from the header alone.
std::array<Expected, 4> by_header(const Expected& answer) { return {no_cookie, rejected, rejected, answer}; }
/// The CSRF check stands before, and takes the token from the form too.
std::array<Expected, 4> by_form(const Expected& answer) { return {no_cookie, rejected, answer, answer}; }

std::vector<Row> matrix() {
  constexpr std::string_view registration = "POST, OPTIONS", login = "GET, POST, PUT, HEAD, OPTIONS";
  constexpr std::string_view start = "GET, HEAD, OPTIONS", logout = "GET, HEAD, POST, OPTIONS";
  return {
      {"/mobile/registration", "GET", always({405, registration, ""})},
      {"/mobile/registration", "HEAD", always({405, registration, ""})},
      {"/mobile/registration", "POST", always({406, "", "bad password"})},
      {"/mobile/registration", "PUT", always({405, registration, ""})},
      {"/mobile/registration", "PATCH", always({405, registration, ""})},
      {"/mobile/registration", "DELETE", always({405, registration, ""})},
      {"/mobile/registration", "OPTIONS", always({200, registration, ""})},
      {"/mobile/login", "GET", always({200, "", ""})},
      {"/mobile/login", "HEAD", always({200, "", ""})},
      {"/mobile/login", "POST", by_form({405, "GET, POST", ""})},
      {"/mobile/login", "PUT", by_header({405, "GET, POST", ""})},
      {"/mobile/login", "PATCH", by_header({405, login, ""})},
      {"/mobile/login", "DELETE", by_header({405, login, ""})},
      {"/mobile/login", "OPTIONS", always({200, login, ""})},
      {"/mobile/start", "GET", always({405, start, ""})},
      {"/mobile/start", "HEAD", always({405, start, ""})},
      {"/mobile/start", "POST", by_form({405, start, ""})},
      {"/mobile/start", "PUT", by_header({405, start, ""})},
      {"/mobile/start", "PATCH", by_header({405, start, ""})},
      {"/mobile/start", "DELETE", by_header({405, start, ""})},
      {"/mobile/start", "OPTIONS", always({200, start, ""})},
      {"/mobile/logout", "GET", always({200, "", "200"})},
      {"/mobile/logout", "HEAD", always({200, "", ""})},
      {"/mobile/logout", "POST", by_form({200, "", "200"})},
      {"/mobile/logout", "PUT", by_header({405, logout, ""})},
      {"/mobile/logout", "PATCH", by_header({405, logout, ""})},
      {"/mobile/logout", "DELETE", by_header({405, logout, ""})},
      {"/mobile/logout", "OPTIONS", always({200, logout, ""})},
  };
}

TEST(MobileMatrix, EveryPathMethodAndTokenHasItsAnswer) {
  config::Settings settings = test_settings();
  settings.limits.enabled = false;
  TestServer server(settings);
  for (const Row& row : matrix())
    for (const char* slash : {"", "/"})
      for (const Show show : {nothing, cookie_alone, cookie_and_field, cookie_and_header}) {
        const std::string path = std::string(row.path) + slash;
        const Answer answer = ask_showing(server.port(), row.method, path, show);
        const std::string allow = answer.header("Allow").value_or(""), body = kind(answer.body);
        EXPECT_EQ((Expected{answer.status, allow, body}), row.answers[show])
            << row.method << ' ' << path << " showing " << static_cast<int>(show);
        EXPECT_EQ(answer.header("Content-Type"), "text/html; charset=utf-8");
        EXPECT_THAT(answer.header("Cache-Control").value_or(""), HasSubstr("no-store"));
      }
}

class MobileEdges : public ::testing::Test {
 protected:
  Answer register_ann(const std::string& type, const std::string& body) {
    return ask(server.port(), "POST", "/mobile/registration/", {{"Content-Type", type}}, body);
  }
  Answer sign_in(const std::string& username, const std::string& secret, Fields headers = cookies()) {
    return post_form(server.port(), "/mobile/login/",
                     {{"username", username}, {"password", secret}, {"csrfmiddlewaretoken", token}},
                     std::move(headers));
  }
  Answer start(const std::string& session) {
    return ask(server.port(), "GET", "/mobile/start/", {{"Cookie", "sessionid=" + session}});
  }
  static Fields cookies() { return {{"Cookie", std::string("csrftoken=") + token}}; }
  /// A well-formed key that nobody was given.
  static std::string unknown_session(int n) {
    std::string key(32, 'x');
    return key.replace(0, std::to_string(n).size(), std::to_string(n));
  }
  /// The first answer past the allowance of a prefix: 200, and 20 a second come back while a slow machine asks.
  Answer use_up_unknown_secrets() {
    Answer answer;
    for (int i = 0; i < 5'000 && !answer.header("Retry-After"); ++i) answer = start(unknown_session(i));
    return answer;
  }

  TestServer server;
};

TEST_F(MobileEdges, ALimitedRegistrationNamesItsOwnMethods) {
  const std::string fields =
      urlencoded({{"username", "ann"}, {"password", password}, {"again_pass", password}, {"mail", "ann@example.test"}});
  Answer answer;
  for (int i = 0; i < 11; ++i) answer = register_ann(form_type, fields);  // the allowance of a prefix is 10

  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "POST, OPTIONS");
  EXPECT_TRUE(answer.header("Retry-After"));
}

TEST_F(MobileEdges, ALimitedSignInNamesItsOwnMethods) {
  server.create_account("ann", password);
  Answer answer;
  for (int i = 0; i < 11; ++i) answer = sign_in("ann", "wrong");  // a person's own allowance is 10

  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, POST");
  EXPECT_TRUE(answer.header("Retry-After"));
}

TEST_F(MobileEdges, ALimitedStartNamesItsOwnMethodsAndVariesByCookie) {
  const Answer answer = use_up_unknown_secrets();

  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(answer.header("Vary"), "Cookie");
  EXPECT_TRUE(answer.header("Retry-After"));
}

TEST_F(MobileEdges, LogoutEndsTheSessionEvenPastTheAllowanceOfUnknownSecrets) {
  server.create_account("ann", password);
  const std::string session = sign_in("ann", password).cookie("sessionid").value();
  server.restart();  // memory no longer knows the session
  use_up_unknown_secrets();

  const Answer answer = ask(server.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + session}});

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "200");
  EXPECT_EQ(answer.cookie("sessionid"), "\"\"");
  EXPECT_EQ(server.live_sessions("ann"), 0U);
  EXPECT_EQ(ask(server.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + unknown_session(999)}}).status, 200);
}

TEST_F(MobileEdges, OfTwoCookiesOfOneNameTheLastCounts) {
  server.create_account("ann", password);
  const std::string good = std::string("csrftoken=") + token, bad = std::string("csrftoken=") + other_token;

  EXPECT_EQ(sign_in("ann", password, {{"Cookie", bad + "; " + good}}).status, 200);
  EXPECT_EQ(sign_in("ann", password, {{"Cookie", good + "; " + bad}}).status, 403);
}

TEST_F(MobileEdges, AFormIsReadInTheCharsetItNames) {
  server.create_account("ann", "пароль-12");
  const std::string body = std::string("username=ann&password=%EF%E0%F0%EE%EB%FC-12&csrfmiddlewaretoken=") + token;
  const auto post = [&](const std::string& type) {
    Fields headers = cookies();
    headers.emplace_back("Content-Type", type);
    return ask(server.port(), "POST", "/mobile/login/", headers, body).status;
  };

  EXPECT_EQ(post(std::string(form_type) + "; charset=windows-1251"), 200);
  EXPECT_EQ(post(form_type), 405);
  EXPECT_EQ(post(std::string(form_type) + "; charset=no-such-charset"), 405);
}

TEST_F(MobileEdges, JsonOfTheWrongTypesIsAnAbsentField) {
  const auto post = [&](const std::string& secret) {
    return register_ann("application/json", R"({"username":"ann","mail":"a@example.test","password":)" + secret +
                                                R"(,"again_pass":)" + secret + "}");
  };
  for (const char* secret : {"null", "true", "[\"slojniypass1\"]", "{\"a\":1}"}) {
    EXPECT_EQ(post(secret).status, 406) << secret;
    EXPECT_EQ(post(secret).body, "bad password") << secret;
  }
  EXPECT_EQ(post("12345678").status, 408);  // a number is the text of its digits
  for (const char* body : {"[]", "{", "\"a\"", ""}) EXPECT_EQ(register_ann("application/json", body).status, 406);
}

TEST_F(MobileEdges, OnlyMultipartFormsWithoutABoundaryAndTooManyFieldsAreBad) {
  EXPECT_EQ(register_ann("Multipart/Form-Data", "x").status, 400);
  EXPECT_EQ(register_ann("multipart/form-data; boundary=b", "garbage").status, 406);
  EXPECT_EQ(register_ann("multipart/mixed", "x").status, 406);
  EXPECT_EQ(register_ann("text/plain", "x").status, 406);
  EXPECT_EQ(register_ann(form_type, std::string(1000, '&')).status, 400);
}

TEST_F(MobileEdges, TheHeadIsJudgedBeforeABrokenBody) {
  const auto post = [&](const std::string& path, Fields headers) {
    headers.emplace_back("Content-Type", "multipart/form-data");
    return ask(server.port(), "POST", path, headers, "x");
  };
  for (const char* path : {"/mobile/login/", "/mobile/logout", "/mobile/start/"}) {
    EXPECT_EQ(kind(post(path, {}).body), "no cookie") << path;
    Fields foreign = cookies();
    foreign.emplace_back("Origin", "https://evil.example");
    EXPECT_EQ(kind(post(path, foreign).body), "rejected") << path;
    EXPECT_EQ(post(path, cookies()).status, 400) << path;
  }
}

}  // namespace
}  // namespace propusk::testing
