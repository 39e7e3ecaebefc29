// What operators decide of the djoser dialect beyond its fields: the language of its sentences, where it stands, and
// whose scripts may read its answers.
#include <gtest/gtest.h>

#include <string>

#include "tests/scenarios/djoser_client.hpp"

namespace propusk::testing {
namespace {

/// Settings without activation, changed by `change`.
template <class Change>
config::Settings settings_with(Change change) {
  config::Settings settings = djoser_settings();
  settings.djoser.activation = config::ByProfile::off;
  change(settings);
  return settings;
}

class DjoserLanguage : public ::testing::Test {
 protected:
  explicit DjoserLanguage(config::DjoserLanguage language = config::DjoserLanguage::en)
      : server(settings_with([=](config::Settings& settings) { settings.djoser.language = language; })) {}
  [[nodiscard]] Answer refused(const char* accepts) const {
    return client.post("/token/login/", {{"username", "nobody"}, {"password", password}}, "",
                       {{"Accept-Language", accepts}});
  }
  TestServer server;
  DjoserClient client{server};
};

constexpr const char* unable_en = R"({"non_field_errors":["Unable to log in with provided credentials."]})";
constexpr const char* unable_ru = R"({"non_field_errors":["Невозможно войти с предоставленными учетными данными."]})";

TEST_F(DjoserLanguage, EnglishIsSpokenWhateverIsAskedFor) {
  const Answer answer = refused("ru");
  EXPECT_EQ(answer.body, unable_en);
  EXPECT_EQ(answer.header("Vary"), "Accept");
  EXPECT_FALSE(answer.header("Content-Language"));
}

class RussianDjoser : public DjoserLanguage {
 protected:
  RussianDjoser() : DjoserLanguage(config::DjoserLanguage::ru) {}
};

TEST_F(RussianDjoser, RussianIsSpokenWhateverIsAskedFor) {
  const Answer answer = refused("en");
  EXPECT_EQ(answer.body, unable_ru);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Vary"), "Accept");
  EXPECT_EQ(client.me("").body, R"({"detail":"Учетные данные не были предоставлены."})");
  EXPECT_EQ(client.post("/users/", {{"email", "x"}}).body,
            R"({"email":["Введите правильный адрес электронной почты."],"password":["Обязательное поле."],)"
            R"("re_password":["Обязательное поле."]})");
  EXPECT_EQ(
      client.post("/users/", {{"email", "a@example.com"}, {"password", "1234567"}, {"re_password", "1234567"}}).body,
      R"({"password":["Введённый пароль слишком короткий. Он должен содержать как минимум 8 символов.",)"
      R"("Введённый пароль слишком широко распространён.","Введённый пароль состоит только из цифр."]})");
  EXPECT_EQ(client.refresh("x").body, R"({"detail":"Токен недействителен или просрочен","code":"token_not_valid"})");
}

class NegotiatingDjoser : public DjoserLanguage {
 protected:
  NegotiatingDjoser() : DjoserLanguage(config::DjoserLanguage::negotiate) {}
};

TEST_F(NegotiatingDjoser, TheLanguageThatIsAskedForIsSpokenAndNamed) {
  const struct {
    const char *accepts, *body, *language;
  } cases[] = {{"ru", unable_ru, "ru"},           {"en", unable_en, "en"},
               {"de, ru;q=0.5", unable_ru, "ru"}, {"ru-RU,en;q=0.9", unable_ru, "ru"},
               {"de", unable_en, "en"},           {"", unable_en, "en"}};
  for (const auto& [accepts, body, language] : cases) {
    const Answer answer = refused(accepts);
    EXPECT_EQ(answer.body, body) << accepts;
    EXPECT_EQ(answer.header("Content-Language"), language) << accepts;
    EXPECT_EQ(answer.header("Vary"), "Accept, Accept-Language") << accepts;
  }
}

TEST_F(NegotiatingDjoser, WhoIsAnsweredFromMemoryIsToldTheLanguageToo) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const std::string token = client.token_of("ann@example.com");
  for (int i = 0; i < 2; ++i) {
    const Answer answer = client.send("GET", "/users/me/", token, "", {{"Accept-Language", "ru"}});
    EXPECT_EQ(answer.header("Content-Language"), "ru");
    EXPECT_EQ(answer.header("Vary"), "Accept, Accept-Language");
  }
}

TEST_F(NegotiatingDjoser, LettersAreInTheLanguageOfTheRegistration) {
  const Mailbox mailbox(server.directory());
  ASSERT_EQ(client
                .post("/users/", {{"email", "ann@example.com"}, {"password", password}, {"re_password", password}}, "",
                      {{"Accept-Language", "ru"}})
                .status,
            201);
  EXPECT_EQ(client.reset_password("ann@example.com").status, 204);  // asked in no language

  EXPECT_EQ(mailbox.wait_for("ann@example.com", "/auth/password/reset/confirm/").front().plain.substr(0, 4), "Вы");
}

class DjoserElsewhere : public ::testing::Test {
 protected:
  static constexpr const char* prefix = "/api/v1/auth";
  TestServer server{settings_with([](config::Settings& settings) { settings.djoser.prefix = prefix; })};
  DjoserClient client{server, prefix};
  EnvelopeClient envelope{server};
};

TEST_F(DjoserElsewhere, EverythingOfItStandsBelowItsPrefix) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const std::string token = client.token_of("ann@example.com");
  EXPECT_TRUE(client.is_live(token));
  EXPECT_TRUE(client.is_live("JWT " + client.pair_of("ann@example.com").access));
  const std::string origin = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(client.send("GET", "/").body, R"({"users":")" + origin + R"(/api/v1/auth/users/"})");
  EXPECT_EQ(client.sign_out(token).status, 204);

  for (const char* path : {"/auth/users/me/", "/auth/token/login/", "/auth/jwt/create/", "/users/me/"})
    EXPECT_EQ(ask(server.port(), "POST", path).status, 404) << path;
  EXPECT_EQ(ask(server.port(), "GET", "/.well-known/jwks.json").status, 200) << "that place is not ours to choose";
  EXPECT_TRUE(envelope.sign_in("ann@example.com").cookie("sessionid")) << "the other dialects stay where they are";
}

TEST_F(DjoserElsewhere, ItsLinksLeadWhereTheirSettingsSay) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  ASSERT_EQ(client.reset_password("ann@example.com").status, 204);
  const Mailbox mailbox(server.directory());
  const std::string link = mailbox.wait_for_links("ann@example.com", "/auth/password/reset/confirm/").front();
  EXPECT_EQ(ask(server.port(), "GET", link).status, 200);
  EXPECT_EQ(client.confirm_reset(parts_of(link), other_password).status, 204);
}

class DjoserLinksOfAnApp : public ::testing::Test {
 protected:
  TestServer server{settings_with([](config::Settings& settings) {
    settings.djoser.activation = config::ByProfile::on;
    settings.djoser.activation_url = "https://app.example.org/#/activate/{uid}/{token}";
  })};
  DjoserClient client{server};
};

TEST_F(DjoserLinksOfAnApp, AnAppThatHasItsOwnPageTakesTheLinkAndPostsItsParts) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const Mailbox mailbox(server.directory());
  const std::string link = mailbox.wait_for_links("ann@example.com", "https://app.example.org/#/activate/").front();
  EXPECT_EQ(client.activate(parts_of(link)).status, 204);
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
}

class DjoserCors : public ::testing::Test {
 protected:
  explicit DjoserCors(const std::vector<std::string>& origins = {"https://app.example.org", "http://localhost:3000"})
      : server(settings_with([&](config::Settings& settings) { settings.cors.origins = origins; })) {
    EXPECT_EQ(client.register_person("ann@example.com").status, 201);
    token = client.token_of("ann@example.com");
  }
  [[nodiscard]] Answer me_from(const std::string& origin) const {
    return client.send("GET", "/users/me/", token, "", {{"Origin", origin}});
  }
  [[nodiscard]] Answer preflight_from(const std::string& origin) const {
    return client.send("OPTIONS", "/users/me/", "", "",
                       {{"Origin", origin},
                        {"Access-Control-Request-Method", "PATCH"},
                        {"Access-Control-Request-Headers", "authorization,content-type"}});
  }
  TestServer server;
  DjoserClient client{server};
  std::string token;
};

TEST_F(DjoserCors, AScriptOfAListedOriginReadsAnswersOfEveryStatus) {
  for (const char* origin : {"https://app.example.org", "http://localhost:3000"}) {
    const Answer refused = client.send("GET", "/users/me/", "", "", {{"Origin", origin}});
    EXPECT_EQ(refused.status, 401);
    for (const Answer& answer : {me_from(origin), me_from(origin), refused}) {
      EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), origin);
      EXPECT_EQ(answer.header("Access-Control-Expose-Headers"), "Retry-After, WWW-Authenticate");
      EXPECT_FALSE(answer.header("Access-Control-Allow-Credentials")) << "cookies are never for other sites";
      EXPECT_EQ(answer.header("Vary"), "Accept, Origin");
    }
  }
}

TEST_F(DjoserCors, ItMayAskBeforehandWithoutAToken) {
  const Answer answer = preflight_from("https://app.example.org");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://app.example.org");
  EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS");
  EXPECT_EQ(answer.header("Access-Control-Allow-Headers"),
            "accept, accept-language, authorization, content-language, content-type");
  EXPECT_EQ(answer.header("Access-Control-Max-Age"), "600");
}

TEST_F(DjoserCors, AnyOtherOriginReadsNothing) {
  for (const char* origin : {"https://evil.example", "https://app.example.org.evil.example", "http://app.example.org",
                             "https://app.example.org:8443", "null", "https://APP.example.org"}) {
    const Answer answer = me_from(origin);
    EXPECT_EQ(answer.status, 200) << "it is the browser that keeps it from the script";
    EXPECT_FALSE(answer.header("Access-Control-Allow-Origin")) << origin;
    EXPECT_EQ(answer.header("Vary"), "Accept, Origin");
    EXPECT_FALSE(preflight_from(origin).header("Access-Control-Allow-Origin")) << origin;
    EXPECT_FALSE(preflight_from(origin).header("Access-Control-Allow-Methods")) << origin;
  }
}

TEST_F(DjoserCors, TheDialectsOfCookiesSayNothingOfIt) {
  for (const char* path : {"/mobile/start/", "/mobile/login/", "/auth/login", "/auth/reset/"})
    EXPECT_FALSE(
        ask(server.port(), "GET", path, {{"Origin", "https://app.example.org"}}).header("Access-Control-Allow-Origin"))
        << path;
}

class WithoutCors : public DjoserCors {
 protected:
  WithoutCors() : DjoserCors({}) {}
};

TEST_F(WithoutCors, NoOriginIsListedAndNoAnswerSpeaksOfIt) {
  const Answer answer = me_from("https://app.example.org");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Vary"), "Accept");
  for (const Answer& each : {answer, preflight_from("https://app.example.org")})
    for (const auto& [name, value] : each.headers) EXPECT_FALSE(name.starts_with("Access-Control-")) << name << value;
}

}  // namespace
}  // namespace propusk::testing
