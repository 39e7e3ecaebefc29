// Whom the gateway vouches for, and whom not, at each provider of the catalogue.
#include "providers/gateway.hpp"

#include <gmock/gmock.h>

#include <array>

#include "providers/testing/gateway_fixture.hpp"

namespace propusk::providers {
namespace {
using core::EmailTrust;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ScriptedFetcher;
using ::testing::StartsWith;
using testing::UpstreamRequest;
constexpr std::array every_backend{"google-oauth2", "yandex-oauth2", "vk-oauth2", "mailru", "github", "oidc"};
constexpr std::array token_backends{"google-oauth2", "yandex-oauth2", "vk-oauth2", "github"};

struct GatewayTest : GatewayFixture {};

TEST_F(GatewayTest, offers_what_is_set_up_in_the_order_of_the_catalogue) {
  std::vector<std::string> names;
  for (const core::OfferedProvider& each : gateway->offered())
    names.push_back(each.name + (each.takes_tokens ? " tokens" : "") + (each.takes_codes ? " codes" : ""));
  EXPECT_THAT(names, ElementsAre("google-oauth2 tokens codes", "yandex-oauth2 tokens codes", "vk-oauth2 tokens codes",
                                 "mailru codes", "github tokens codes", "oidc tokens codes"));
  set_up_only("google-oauth2", [](ProviderSettings& own) { own.client_secret = Secret<>(""); });
  EXPECT_FALSE(gateway->offered()[0].takes_codes) << "a code cannot be exchanged without the secret";
  EXPECT_TRUE(gateway->offered()[0].takes_tokens);
  set_up_only("github", [](ProviderSettings& own) { own.client_secret = Secret<>(""); });
  EXPECT_FALSE(gateway->offered()[0].takes_tokens) << "nor a token be checked";
  set_up_only("github", [](ProviderSettings& own) { own.client_id = ""; });
  EXPECT_THAT(gateway->offered(), IsEmpty());
}

TEST_F(GatewayTest, vouches_for_tokens_of_our_own_client) {
  const auto google = by_token("google-oauth2", "good1");
  ASSERT_TRUE(google) << log;
  EXPECT_EQ((*google)->provider, "google-oauth2");
  EXPECT_EQ((*google)->subject, "1");
  EXPECT_EQ((*google)->email, "good1@gmail.test");
  EXPECT_EQ((*google)->email_trust, EmailTrust::verified);
  EXPECT_EQ((*google)->imported_subject, "good1@gmail.test");
  EXPECT_EQ((*google)->username, "good1@gmail.test");
  EXPECT_EQ((*google)->first_name + " " + (*google)->last_name, "Anna Ivanova");

  const auto yandex = by_token("yandex-oauth2", "good2");
  ASSERT_TRUE(yandex) << log;
  EXPECT_EQ((*yandex)->subject + " " + (*yandex)->email, "2 good2@yandex.ru");
  EXPECT_EQ((*yandex)->email_trust, EmailTrust::authoritative);
  EXPECT_EQ((*yandex)->imported_subject, "");
  EXPECT_EQ((*yandex)->first_name + " " + (*yandex)->last_name, "Anna Ivanova");

  const auto github = by_token("github", "good3");
  ASSERT_TRUE(github) << log;
  EXPECT_EQ((*github)->subject + " " + (*github)->username + " " + (*github)->email, "3 good3 good3@example.org");
  EXPECT_EQ((*github)->email_trust, EmailTrust::verified);
}

TEST_F(GatewayTest, vouches_for_both_kinds_of_tokens_of_vk) {
  const auto legacy = by_token("vk-oauth2", "good55");
  ASSERT_TRUE(legacy) << log;
  EXPECT_EQ((*legacy)->subject + " " + (*legacy)->username + " " + (*legacy)->email, "55 good55 ");
  const auto vk_id = by_token("vk-oauth2", "vkid-good55");
  ASSERT_TRUE(vk_id) << log;
  EXPECT_EQ((*vk_id)->subject + " " + (*vk_id)->email, "55 good55@example.org");
  EXPECT_EQ((*vk_id)->email_trust, EmailTrust::none);

  set_up_only("vk-oauth2", [](ProviderSettings& own) { own.service_token = Secret<>(""); });
  EXPECT_EQ(outcome(by_token("vk-oauth2", "good55")), "token_refused") << "nothing can prove whose it is";
  EXPECT_EQ(outcome(by_token("vk-oauth2", "vkid-good55")), "ok");
  EXPECT_EQ(fakes.requests_to("/vk/api/users.get"), 1U);
}

TEST_F(GatewayTest, vouches_for_codes) {
  for (const char* backend : every_backend) {
    const auto vouched = by_code(backend, "good7");
    ASSERT_TRUE(vouched) << log;
    EXPECT_EQ((*vouched)->provider, backend);
    EXPECT_EQ((*vouched)->subject, "7") << backend;
    EXPECT_THAT((*vouched)->email, StartsWith("good7@")) << backend;
    if (backend != std::string("github")) EXPECT_EQ((*vouched)->first_name, "Anna") << backend;
    EXPECT_EQ(counted(backend, "ok"), 1U);
  }
}

TEST_F(GatewayTest, a_code_is_exchanged_once_with_what_it_was_asked_with) {
  for (const char* backend : every_backend) {
    core::AuthorizationAnswer answer = consent(backend, "good1");
    EXPECT_EQ(outcome(by_code(backend, answer)), "ok") << backend;
    EXPECT_EQ(outcome(by_code(backend, answer)), "token_refused") << backend << ": used twice";

    answer = consent(backend, "good1");
    answer.redirect_uri += "x";
    EXPECT_EQ(outcome(by_code(backend, std::move(answer))), "token_refused") << backend << ": another address";

    answer = consent(backend, "good1");
    answer.code_verifier = Secret<>("ABCftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    const bool is_bound = backend != std::string("mailru");  // it knows no PKCE
    EXPECT_EQ(outcome(by_code(backend, std::move(answer))), is_bound ? "token_refused" : "ok")
        << backend << ": another verifier";
  }
}

TEST_F(GatewayTest, a_refused_client_secret_is_our_own_fault_and_named_in_the_log) {
  for (const std::string backend : {"google-oauth2", "yandex-oauth2", "mailru", "github", "oidc"}) {
    set_up_only(backend, [](ProviderSettings& own) { own.client_secret = Secret<>("wrong"); });
    EXPECT_EQ(outcome(by_code(backend, "good1")), "unreachable") << backend;
    EXPECT_THAT(log, HasSubstr(backend + ": unreachable: client credentials are refused"));
  }
  set_up_only("github", [](ProviderSettings& own) { own.client_secret = Secret<>("wrong"); });
  EXPECT_EQ(outcome(by_token("github", "good1")), "unreachable");
  set_up_only("vk-oauth2", [](ProviderSettings& own) { own.service_token = Secret<>("wrong"); });
  EXPECT_NE(outcome(by_token("vk-oauth2", "good1")), "ok");
  EXPECT_THAT(log, Not(HasSubstr("wrong")));
}

TEST_F(GatewayTest, every_failure_of_a_provider_has_its_name) {
  struct Case {
    const char *token, *expected;
  };
  constexpr std::array cases{Case{"bad", "token_refused"},      Case{"down", "unreachable"},
                             Case{"garbage", "unintelligible"}, Case{"nosubject", "unintelligible"},
                             Case{"huge", "unintelligible"},    Case{"slow", "unreachable"},
                             Case{"redirect", "unintelligible"}};
  for (const auto& [token, expected] : cases) {
    for (const char* backend : {"google-oauth2", "yandex-oauth2", "github"})
      EXPECT_EQ(outcome(by_token(backend, token)), expected) << backend << ' ' << token;
    if (token == std::string("bad")) continue;
    EXPECT_EQ(outcome(by_token("vk-oauth2", std::string("vkid-") + token)), expected) << token;
    EXPECT_EQ(outcome(by_code("mailru", token)), expected) << token;
  }
  EXPECT_EQ(outcome(by_token("vk-oauth2", "bad")), "access_revoked") << "VK's error 5";
  EXPECT_EQ(outcome(by_token("vk-oauth2", "code15")), "token_refused");
  EXPECT_EQ(counted("google-oauth2", "unreachable"), 2U);
  EXPECT_EQ(counted("vk-oauth2", "token_refused"), 1U);
  EXPECT_EQ(counted("google-oauth2", "ok"), 0U);
}

TEST_F(GatewayTest, a_provider_that_cannot_be_fetched_is_unreachable_or_unintelligible) {
  const auto outcome_of = [this](FetchFailure failure) {
    fetcher.fail_with(failure);
    return outcome(by_token("google-oauth2", "good1"));
  };

  for (const FetchFailure failure :
       {FetchFailure::unreachable, FetchFailure::timed_out, FetchFailure::forbidden_address, FetchFailure::circuit_open,
        FetchFailure::overloaded})
    EXPECT_EQ(outcome_of(failure), "unreachable") << fetch_failure_name(failure);
  for (const FetchFailure failure : {FetchFailure::too_large, FetchFailure::redirected})
    EXPECT_EQ(outcome_of(failure), "unintelligible") << fetch_failure_name(failure);
}

TEST_F(GatewayTest, nothing_that_a_provider_or_a_client_said_reaches_the_log) {
  for (const char* backend : {"google-oauth2", "yandex-oauth2", "vk-oauth2", "github", "oidc"})
    for (const char* token : {"bad", "down", "garbage", "nosubject", "theirs1", "secret-token-1"}) {
      (void)by_token(backend, token);
      (void)by_code(backend, std::string(token));
    }
  EXPECT_THAT(log, Not(HasSubstr("upstream-secret")));
  EXPECT_THAT(log, Not(HasSubstr("secret-token")));
  EXPECT_THAT(log, HasSubstr("google-oauth2: token_refused: refused\n"));
}

/// The person behind a foreign token is one whose account here it would open.
TEST_F(GatewayTest, no_foreign_applications_token_of_a_thousand_is_accepted) {
  for (const std::string backend : token_backends) {
    const std::string client = fakes.settings_of(backend).client_id;
    std::size_t foreign = 0, ours = 0;
    for (int number = 0; number < 1'000; ++number) {
      const std::string token = (backend == "vk-oauth2" && number % 2 == 0 ? "vkid-" : "") + std::to_string(number);
      const testing::FakePerson person{
          .id = "1", .username = "victim", .email = "victim@gmail.com", .first_name = "Ann", .last_name = "Lee"};
      fakes.issue(backend, token, {.person = person, .client = "app-" + std::to_string(number)});
      if (by_token(backend, token)) ++foreign;
      fakes.issue(backend, token, {.person = person, .client = client});
      if (by_token(backend, token)) ++ours;
    }
    EXPECT_EQ(foreign, 0U) << backend;
    EXPECT_EQ(ours, 1'000U) << backend << '\n' << log.substr(0, 200);
  }
}

TEST_F(GatewayTest, a_client_that_only_looks_like_ours_is_foreign) {
  for (const std::string backend : token_backends) {
    const std::string client = fakes.settings_of(backend).client_id;
    for (const std::string& other : {client + "x", client.substr(1), " " + client, client + " ", std::string()}) {
      fakes.issue(backend, "alike",
                  {.person = {.id = "1", .username = "victim", .email = "victim@gmail.com"}, .client = other});
      EXPECT_NE(outcome(by_token(backend, "alike")), "ok") << backend << " '" << other << "'";
    }
  }
}

TEST_F(GatewayTest, a_foreign_token_is_called_so_where_the_provider_says_whose_it_is) {
  EXPECT_EQ(outcome(by_token("google-oauth2", "theirs1")), "foreign_token");
  EXPECT_EQ(outcome(by_token("yandex-oauth2", "theirs1")), "foreign_token");
  EXPECT_EQ(outcome(by_token("vk-oauth2", "theirs1")), "token_refused");
  EXPECT_EQ(outcome(by_token("github", "theirs1")), "token_refused");
}

TEST_F(GatewayTest, further_applications_of_the_same_team_are_accepted_when_listed) {
  fakes.issue("google-oauth2", "android", {.person = {.id = "1"}, .client = "android-app"});
  EXPECT_EQ(outcome(by_token("google-oauth2", "android")), "foreign_token");
  set_up_only("google-oauth2", [](ProviderSettings& own) { own.audiences = {"ios-app", "android-app"}; });
  EXPECT_EQ(outcome(by_token("google-oauth2", "android")), "ok");
  EXPECT_EQ(outcome(by_token("google-oauth2", "theirs1")), "foreign_token");
}

/// Google's tokeninfo names the audience and the party that asked for it; one of them is not enough.
TEST_F(GatewayTest, each_party_that_google_names_must_be_ours) {
  const auto with = [this](std::string token_info) {
    ScriptedFetcher named([this, token_info](const UpstreamRequest& request) {
      return request.path() == "/google/token_info" ? testing::json_answer(token_info) : fakes.answer(request);
    });
    gateway.emplace(fakes.settings(), deps(named));
    return outcome(by_token("google-oauth2", "good1"));
  };

  EXPECT_EQ(with(R"({"sub":"1","aud":"client-of-google","azp":"client-of-google"})"), "ok");
  EXPECT_EQ(with(R"({"sub":"1","aud":"client-of-google","azp":"somebody-elses-app"})"), "foreign_token");
  EXPECT_EQ(with(R"({"sub":"1","aud":"somebody-elses-app","azp":"client-of-google"})"), "foreign_token");
  EXPECT_EQ(with(R"({"sub":"1"})"), "unintelligible");
  EXPECT_EQ(with(R"({"sub":"1","aud":["client-of-google"]})"), "unintelligible");
}

TEST_F(GatewayTest, what_proves_nothing_takes_no_tokens) {
  EXPECT_EQ(outcome(by_token("mailru", "good1")), "not_offered");
  EXPECT_EQ(outcome(by_token("facebook", "good1")), "not_offered");
  EXPECT_EQ(outcome(by_token("oidc", "good1")), "token_refused") << "an access token is no id_token";
  EXPECT_EQ(fakes.requests_to("/mailru/user_info") + fakes.requests_to("/oidc/userinfo"), 0U);
}

TEST_F(GatewayTest, what_cannot_be_a_token_is_asked_of_nobody) {
  const std::string endless(8'193, 'x');
  for (const std::string& token : {std::string(), std::string("good1\r\nX-Evil: 1"), std::string("good 1"),
                                   std::string("токен"), std::string("good1\0", 6), endless})
    EXPECT_EQ(outcome(by_token("google-oauth2", token)), "token_refused") << token.substr(0, 20);
  EXPECT_EQ(fetcher.requests(), 0U);
  core::AuthorizationAnswer answer = consent("vk-oauth2", "good1");
  answer.device_id = "a b";
  EXPECT_EQ(outcome(by_code("vk-oauth2", answer)), "token_refused");
  answer.device_id = "device-1";
  answer.code = Secret<>("a b");
  EXPECT_EQ(outcome(by_code("vk-oauth2", answer)), "token_refused");
  EXPECT_EQ(fetcher.requests(), 0U);
}

TEST_F(GatewayTest, tokens_travel_in_headers_and_bodies) {
  for (const char* backend : token_backends) (void)by_token(backend, "good1");
  const auto request_to = [this](const char* path) { return fakes.last_request_to(path).value(); };

  for (const char* path :
       {"/google/user_info", "/google/token_info", "/yandex/user_info", "/vk/user_info", "/vk/api/users.get",
        "/vk/api/secure.checkToken", "/github/api/user", "/github/api/applications/client-of-github/token"})
    EXPECT_THAT(request_to(path).target, Not(HasSubstr("good1"))) << path;
  EXPECT_EQ(request_to("/google/user_info").header("Authorization"), "Bearer good1");
  EXPECT_EQ(request_to("/yandex/user_info").header("Authorization"), "OAuth good1");
  EXPECT_EQ(request_to("/vk/user_info").body, "client_id=51000001&access_token=good1");
  EXPECT_EQ(request_to("/vk/api/users.get").body, "access_token=good1&fields=screen_name&v=5.131");
  EXPECT_EQ(request_to("/github/api/applications/client-of-github/token").body, R"({"access_token":"good1"})");
}

TEST_F(GatewayTest, a_browser_is_sent_with_what_each_provider_wants) {
  const std::string challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";  // RFC 7636, appendix B

  EXPECT_EQ(
      question("google-oauth2").value(),
      "https://providers.test/google/authorize?response_type=code&client_id=client-of-google&redirect_uri=https%3A"
      "%2F%2Fid.example.org%2Fauth%2Fcomplete%2Fx%2F&scope=openid%20email%20profile&state=state-1&" +
          challenge + "&code_challenge_method=S256");
  EXPECT_THAT(question("vk-oauth2").value(), HasSubstr(challenge + "&code_challenge_method=s256"));
  EXPECT_THAT(question("mailru").value(), Not(HasSubstr("code_challenge")));
  EXPECT_THAT(question("oidc").value(), StartsWith("https://providers.test/oidc/authorize?response_type=code&"));
  EXPECT_THAT(question("oidc").value(), HasSubstr("&nonce=nonce-1&" + challenge));
  set_up_only("yandex-oauth2", [](ProviderSettings& own) { own.scopes = {"login:info", "login:avatar"}; });
  EXPECT_THAT(question("yandex-oauth2").value(), HasSubstr("&scope=login%3Ainfo%20login%3Aavatar&"));
}

TEST_F(GatewayTest, vk_must_echo_the_state) { EXPECT_EQ(outcome(by_code("vk-oauth2", "otherstate")), "token_refused"); }

TEST_F(GatewayTest, two_answers_about_two_people_vouch_for_neither) {
  ScriptedFetcher liar([this](const UpstreamRequest& request) {
    return request.path() == "/google/user_info" ? testing::json_answer(R"({"sub":"2"})") : fakes.answer(request);
  });
  gateway.emplace(fakes.settings(), deps(liar));

  EXPECT_EQ(outcome(by_token("google-oauth2", "good1")), "foreign_token");
}

TEST_F(GatewayTest, numbers_beyond_doubles_stay_exact) {
  fakes.issue("vk-oauth2", "huge-id", {.person = {.id = "9007199254740993"}, .client = "51000001"});
  EXPECT_EQ((*by_token("vk-oauth2", "huge-id"))->subject, "9007199254740993");
  fakes.issue("github", "huge-id", {.person = {.id = "9007199254740995"}, .client = "client-of-github"});
  EXPECT_EQ((*by_token("github", "huge-id"))->subject, "9007199254740995");
}

TEST_F(GatewayTest, github_without_the_scope_for_addresses_gives_none) {
  ScriptedFetcher narrow([this](const UpstreamRequest& request) {
    return request.path() == "/github/api/user/emails" ? testing::json_answer(R"({"message":"Not Found"})", 404)
                                                       : fakes.answer(request);
  });
  gateway.emplace(fakes.settings(), deps(narrow));

  const auto vouched = by_token("github", "good1");

  ASSERT_TRUE(vouched) << log;
  EXPECT_EQ((*vouched)->email, "");
  EXPECT_EQ((*vouched)->email_trust, EmailTrust::none);
}

constexpr PersonQuestion fictitious_person{
    .question = {.place = Place::user_info, .path = "?who=me", .authorization = "Fiction {token}"},
    .root = "/data",
    .fields = {"/uid", "/mail", "", "", "", "/called"}};
constexpr TokenKind fictitious_tokens[] = {{.person = &fictitious_person, .audience = "/app"}};
constexpr std::array fictitious_rows{Provider{.name = "fiction",
                                              .label = "Fiction",
                                              .places = {"", "", "https://fiction.test/me", "", ""},
                                              .scopes = "",
                                              .person = &fictitious_person,
                                              .tokens = fictitious_tokens}};

TEST_F(GatewayTest, a_new_provider_is_a_row) {
  ScriptedFetcher fiction([](const UpstreamRequest& request) {
    const bool is_right = request.target == "/me?who=me" && request.header("Authorization") == "Fiction t1";
    return is_right ? testing::json_answer(R"({"app":"us","data":{"uid":18446744073709551615,"called":"Ann Lee"}})")
                    : testing::json_answer(R"({"error":"who?"})", 401);
  });
  const auto set_up_as = [&](const char* client) {
    gateway.emplace(std::vector{ProviderSettings{.name = "fiction", .client_id = client}}, deps(fiction),
                    fictitious_rows);
  };

  set_up_as("us");
  const auto vouched = by_token("fiction", "t1");
  ASSERT_TRUE(vouched) << log;
  EXPECT_EQ((*vouched)->subject + " " + (*vouched)->first_name + " " + (*vouched)->last_name,
            "18446744073709551615 Ann Lee");
  EXPECT_EQ(outcome(by_token("fiction", "t2")), "token_refused");
  EXPECT_EQ(outcome(question("fiction")), "not_offered");
  set_up_as("them");
  EXPECT_EQ(outcome(by_token("fiction", "t1")), "foreign_token");
}

}  // namespace
}  // namespace propusk::providers
