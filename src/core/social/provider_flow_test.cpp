// A redirect to a provider and back: an answer fits the browser, the provider, the page and the time that it was asked
// in, and nothing else.
#include "core/social/provider_flow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;

class ProviderFlowTest : public ::testing::Test {
 protected:
  ProviderFlow begin(const std::string& provider = "github") {
    return {.secret = new_flow_secret(random),
            .provider = provider,
            .redirect_uri = "https://id.example.org/auth/complete/github/",
            .next = "/accounts/data/?a=b&c=\"д\"",
            .purpose = "connect x",
            .began_at = clock.now()};
  }
  /// Whether the carried text is the flow of an answer of GitHub with this state.
  bool fits(const std::string& carried, const std::string& state, const std::string& provider = "github") {
    return finished_flow(carried, provider, state, clock.now()).has_value();
  }
  testing::FakeClock clock;
  testing::SeededRandom random;
};

TEST_F(ProviderFlowTest, ComesBackAsItLeft) {
  const ProviderFlow flow = begin();
  const auto back = finished_flow(flow.text().reveal(), "github", flow.state(), clock.now());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->secret.reveal(), flow.secret.reveal());
  EXPECT_EQ(back->provider, flow.provider);
  EXPECT_EQ(back->redirect_uri, flow.redirect_uri);
  EXPECT_EQ(back->next, flow.next);
  EXPECT_EQ(back->purpose, flow.purpose);
  EXPECT_EQ(back->began_at, flow.began_at);
  EXPECT_EQ(back->question().state, flow.state());
}

TEST_F(ProviderFlowTest, EmptyPartsComeBackEmpty) {
  ProviderFlow flow = begin();
  flow.next = flow.purpose = "";
  const auto back = finished_flow(flow.text().reveal(), "github", flow.state(), clock.now());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->next + back->purpose, "");
}

TEST_F(ProviderFlowTest, IsCarriedInWhatCookiesTake) {
  ProviderFlow flow = begin();
  flow.next = "/;,\" \\\r\n%=";
  const std::string text = flow.text().reveal();
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  })) << text;
}

TEST_F(ProviderFlowTest, SecretsAre256BitsAndNoTwoAreTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(new_flow_secret(random).reveal());
  EXPECT_EQ(seen.size(), 1'000U);
  EXPECT_EQ(from_base64url(*seen.begin())->size(), 32U);
}

TEST_F(ProviderFlowTest, TheProviderSeesNothingOfTheSecret) {
  const ProviderFlow flow = begin();
  const AuthorizationQuestion question = flow.question();
  const std::set<std::string> said{question.state, question.nonce, question.code_challenge};
  EXPECT_EQ(said.size(), 3U) << "each has a purpose of its own";
  for (const std::string& one : said) {
    EXPECT_EQ(one.size(), 43U);
    EXPECT_FALSE(flow.text().reveal().contains(one));
    EXPECT_FALSE(one.contains(flow.secret.reveal()));
  }
}

TEST_F(ProviderFlowTest, TheAnswerBringsTheVerifierOfTheChallenge) {
  const ProviderFlow flow = begin();
  const AuthorizationAnswer answer = flow.answer(Secret<>("the-code"), "device");
  const std::string& verifier = answer.code_verifier.reveal();
  EXPECT_EQ(to_base64url(sha256(verifier).bytes), flow.question().code_challenge);
  EXPECT_GE(verifier.size(), 43U) << "RFC 7636 §4.1";
  EXPECT_NE(verifier, flow.state());
  EXPECT_NE(verifier, flow.question().nonce);
  EXPECT_EQ(answer.code.reveal(), "the-code");
  EXPECT_EQ(answer.redirect_uri, flow.redirect_uri);
  EXPECT_EQ(answer.nonce, flow.question().nonce);
  EXPECT_EQ(answer.state, flow.state());
  EXPECT_EQ(answer.device_id, "device");
}

TEST_F(ProviderFlowTest, EveryFlowAsksDifferently) {
  const ProviderFlow one = begin(), other = begin();
  EXPECT_NE(one.state(), other.state());
  EXPECT_NE(one.question().nonce, other.question().nonce);
  EXPECT_NE(one.question().code_challenge, other.question().code_challenge);
}

TEST_F(ProviderFlowTest, AnAnswerFitsNoOtherBrowserAndNoOtherProvider) {
  const ProviderFlow mine = begin(), thiefs = begin(), at_google = begin("google-oauth2");
  EXPECT_TRUE(fits(mine.text().reveal(), mine.state()));
  EXPECT_FALSE(fits(mine.text().reveal(), thiefs.state())) << "a thief's answer in my browser";
  EXPECT_FALSE(fits(thiefs.text().reveal(), mine.state()));
  EXPECT_FALSE(fits(mine.text().reveal(), mine.state(), "google-oauth2")) << "a mix-up of providers (RFC 9700 §4.4)";
  EXPECT_FALSE(fits(at_google.text().reveal(), at_google.state()));
  EXPECT_FALSE(fits(mine.text().reveal(), mine.state(), ""));
  for (const std::string& state : {std::string(), mine.state() + "A", mine.state().substr(1)})
    EXPECT_FALSE(fits(mine.text().reveal(), state)) << state;
}

TEST_F(ProviderFlowTest, NothingOfItCanBeChangedOnTheWay) {
  const ProviderFlow flow = begin();
  const std::string state = flow.state();
  for (const auto change :
       {+[](ProviderFlow& f) { f.next = "//evil.test"; }, +[](ProviderFlow& f) { f.purpose = ""; },
        +[](ProviderFlow& f) { f.redirect_uri = "https://evil.test/"; }, +[](ProviderFlow& f) { f.began_at += 1us; },
        +[](ProviderFlow& f) { f.secret = Secret<>("guessed"); }}) {
    auto changed = *finished_flow(flow.text().reveal(), "github", state, clock.now());
    change(changed);
    EXPECT_FALSE(fits(changed.text().reveal(), state));
  }
}

TEST_F(ProviderFlowTest, LivesTenMinutesToTheMicrosecond) {
  const ProviderFlow flow = begin();
  clock.advance(provider_flow_lifetime);
  EXPECT_TRUE(fits(flow.text().reveal(), flow.state()));
  clock.advance(1us);
  EXPECT_FALSE(fits(flow.text().reveal(), flow.state()));
}

TEST_F(ProviderFlowTest, FromTheFutureIsNone) {
  ProviderFlow flow = begin();
  flow.began_at += 1us;
  EXPECT_FALSE(fits(flow.text().reveal(), flow.state()));
  clock.advance(1us);
  EXPECT_TRUE(fits(flow.text().reveal(), flow.state()));
}

TEST_F(ProviderFlowTest, WhatWasNeverAFlowIsNone) {
  const std::string text = begin().text().reveal(), state = begin().state();
  for (const std::string& odd :
       {std::string(), std::string("."), std::string("....."), std::string("......"), text + ".", text + ".YQ",
        "." + text, text.substr(1), text + "=", std::string(10'000, 'A'), text.substr(0, text.rfind('.')),
        text.substr(0, text.rfind('.')) + ".YQ"})
    EXPECT_FALSE(fits(odd, state)) << odd;
}

TEST_F(ProviderFlowTest, HasOneSpelling) {
  const ProviderFlow flow = begin();
  const std::string text = flow.text().reveal();
  std::string other = text;
  char& last_of_secret = other[text.find('.') - 1];
  ++last_of_secret;  // of its six bits the last four are no part of any byte
  ASSERT_EQ(from_base64url(other.substr(0, text.find('.'))), from_base64url(text.substr(0, text.find('.'))));
  EXPECT_FALSE(fits(other, flow.state()));
  EXPECT_FALSE(fits(text + "\n", flow.state()));
}

TEST_F(ProviderFlowTest, TooLongForABrowserIsNone) {
  ProviderFlow flow = begin();
  flow.next = std::string(5'000, 'n');
  ASSERT_LE(flow.text().reveal().size(), 8'192U);
  EXPECT_TRUE(fits(flow.text().reveal(), flow.state()));
  flow.next = std::string(6'200, 'n');
  ASSERT_GT(flow.text().reveal().size(), 8'192U);
  EXPECT_FALSE(fits(flow.text().reveal(), flow.state()));
}

}  // namespace
}  // namespace propusk::core
