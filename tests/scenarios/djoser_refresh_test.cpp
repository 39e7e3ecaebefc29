// Refreshing, as clients see it: short access tokens, refresh tokens that are used once, lost answers that log nobody
// out, and stolen tokens that end the whole chain.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/jwt_claims.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* not_valid = R"({"detail":"Token is invalid or expired","code":"token_not_valid"})";

class DjoserRefresh : public ::testing::Test {
 protected:
  DjoserRefresh() { EXPECT_EQ(client.register_stock("ann", "ann@example.com").status, 201); }

  /// The pair after a refresh that must succeed.
  [[nodiscard]] JwtPair next(const JwtPair& pair) const {
    const Answer answer = client.refresh(pair.refresh);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return DjoserClient::pair_in(answer);
  }
  [[nodiscard]] bool is_live(const JwtPair& pair) const { return client.is_live("JWT " + pair.access); }
  static std::string id(const JwtPair& pair) { return claim(pair.refresh, "jti"); }

  /// Nothing of the chain is of use any more, also when everything is read from the store; one event tells why.
  void expect_ended_for_reuse(const std::vector<JwtPair>& chain) {
    const std::vector<core::AuditEvent> events = server.audit("ann");
    EXPECT_EQ(std::ranges::count(events, core::AuditAction::refresh_reused, &core::AuditEvent::action), 1);
    EXPECT_EQ(events.front().action, core::AuditAction::refresh_reused);
    EXPECT_EQ(events.front().actor, "client 127.0.0.1");
    for (const bool is_restarted : {false, true}) {
      if (is_restarted) server.restart();
      for (const JwtPair& pair : chain) {
        EXPECT_FALSE(is_live(pair));
        EXPECT_EQ(client.refresh(pair.refresh).body, not_valid);
        EXPECT_EQ(client.verify(pair.access).body, not_valid);
        EXPECT_EQ(client.verify(pair.refresh).body, not_valid);
      }
    }
  }

  /// The answers to one refresh token that is presented fifty times at once.
  std::vector<Answer> present_in_parallel(const std::string& refresh) {
    constexpr std::ptrdiff_t at_once = 50;
    std::vector<Answer> answers(at_once);
    std::barrier start(at_once);
    std::vector<std::jthread> threads;
    for (Answer& answer : answers)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        answer = client.refresh(refresh);
      });
    threads.clear();
    return answers;
  }
  /// The pairs of fifty answers that all give the same successor.
  std::vector<JwtPair> expect_one_successor(const std::vector<Answer>& answers) {
    std::set<std::string> successors;
    std::vector<JwtPair> pairs;
    for (const Answer& answer : answers) {
      EXPECT_EQ(answer.status, 200) << answer.body;
      if (answer.status != 200) continue;
      pairs.push_back(DjoserClient::pair_in(answer));
      successors.insert(id(pairs.back()));
    }
    EXPECT_EQ(successors.size(), 1U);
    EXPECT_EQ(pairs.size(), 50U);
    return pairs;
  }

  TestServer server{djoser_settings(config::DjoserProfile::stock)};
  DjoserClient client{server};
};

TEST_F(DjoserRefresh, ThePairSaysWhoItIsAndHowLong) {
  const JwtPair pair = client.pair_of("ann");
  const std::string number = member(client.me("JWT " + pair.access), "id");
  const std::string sign_in = claim(pair.access, "sid"), access_id = claim(pair.access, "jti");

  // 2026-01-01 00:00:00 is 1767225600; five minutes, a day.
  EXPECT_EQ(part_of(pair.access, 1), R"({"token_type":"access","exp":1767225900,"iat":1767225600,"jti":")" + access_id +
                                         R"(","user_id":)" + number + R"(,"sid":")" + sign_in + "\"}");
  EXPECT_EQ(part_of(pair.refresh, 1), R"({"token_type":"refresh","exp":1767312000,"iat":1767225600,"jti":")" +
                                          id(pair) + R"(","user_id":)" + number + R"(,"sid":")" + sign_in + "\"}");
  for (const std::string& hex : {sign_in, access_id, id(pair)}) {
    EXPECT_EQ(hex.size(), 32U);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos) << hex;
  }
}

TEST_F(DjoserRefresh, AnAccessTokenEndsAfterFiveMinutesAndARefreshGivesAnother) {
  const JwtPair pair = client.pair_of("ann");
  server.clock().advance(299s);
  EXPECT_TRUE(is_live(pair));
  server.clock().advance(1s);

  const Answer late = client.me("JWT " + pair.access), late_bearer = client.me("Bearer " + pair.access);
  for (const Answer& answer : {late, late_bearer}) {
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.header("WWW-Authenticate"), "Token");
  }
  EXPECT_EQ(late_bearer.body, R"({"detail":"Invalid token header. No credentials provided."})");
  EXPECT_EQ(late.body,
            R"({"detail":"Given token not valid for any token type","code":"token_not_valid","messages":)"
            R"([{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]})");

  const JwtPair fresh = next(pair);
  EXPECT_TRUE(is_live(fresh));
  EXPECT_NE(id(fresh), id(pair));
  EXPECT_EQ(claim(fresh.access, "sid"), claim(pair.access, "sid"));
}

TEST_F(DjoserRefresh, EachTokenOfAChainIsFollowedByTheNext) {
  JwtPair pair = client.pair_of("ann");
  std::set<std::string> ids{id(pair)};
  for (int i = 0; i < 20; ++i) {
    server.clock().advance(23h);
    pair = next(pair);
    EXPECT_TRUE(is_live(pair));
    EXPECT_TRUE(ids.insert(id(pair)).second) << "a token id came twice";
  }
  EXPECT_EQ(live_tokens(server, "ann"), 1U);
}

TEST_F(DjoserRefresh, AnUnusedChainEndsAfterADay) {
  const JwtPair pair = client.pair_of("ann");
  server.clock().advance(24h - 1s);
  EXPECT_EQ(client.verify(pair.refresh).status, 200);
  server.clock().advance(1s);
  EXPECT_EQ(client.verify(pair.refresh).body, not_valid);
  EXPECT_EQ(client.refresh(pair.refresh).body, not_valid);
}

TEST_F(DjoserRefresh, AChainEndsAfterAHundredAndEightyDaysHoweverOftenItIsUsed) {
  JwtPair pair = client.pair_of("ann");
  for (int half_day = 1; half_day < 360; ++half_day) {
    server.clock().advance(12h);
    pair = next(pair);
  }
  // Half a day is left, and no token says more.
  const std::int64_t end = 1'767'225'600 + 180 * 86'400;
  EXPECT_EQ(claim(pair.refresh, "exp"), std::to_string(end));
  server.clock().advance(12h - 1s);
  pair = next(pair);
  EXPECT_EQ(claim(pair.refresh, "exp"), std::to_string(end));
  EXPECT_TRUE(is_live(pair));

  server.clock().advance(1s);
  EXPECT_FALSE(is_live(pair)) << "the access token says that it lives five minutes, but its chain has ended";
  EXPECT_EQ(client.refresh(pair.refresh).body, not_valid);
}

TEST_F(DjoserRefresh, AnAnswerThatWasLostIsGivenAgainForTenSeconds) {
  const JwtPair used = next(client.pair_of("ann"));
  const JwtPair lost = next(used);
  for (const auto step : {0us, 4'000'000us, 6'000'000us}) {
    server.clock().advance(step);
    const JwtPair again = next(used);
    EXPECT_EQ(id(again), id(lost));
    EXPECT_TRUE(is_live(again));
  }
  EXPECT_TRUE(is_live(next(lost))) << "and the chain goes on";
}

TEST_F(DjoserRefresh, AUsedTokenEndsTheChainAtOnceWhenTheTenSecondsAreOver) {
  const JwtPair first = client.pair_of("ann"), second = next(first), third = next(second);
  const JwtPair other_device = client.pair_of("ann");
  server.clock().advance(10s + 1us);
  ASSERT_TRUE(is_live(third));

  EXPECT_EQ(client.refresh(second.refresh).body, not_valid);

  EXPECT_TRUE(is_live(other_device));
  expect_ended_for_reuse({first, second, third});
  EXPECT_EQ(client.refresh(other_device.refresh).status, 200);
}

TEST_F(DjoserRefresh, ATokenOfTwoGenerationsAgoEndsTheChainWithinTheTenSecondsToo) {
  const JwtPair first = client.pair_of("ann"), second = next(first), third = next(second), fourth = next(third);
  server.clock().advance(10s);

  EXPECT_EQ(client.refresh(second.refresh).body, not_valid);

  expect_ended_for_reuse({first, second, third, fourth});
}

TEST_F(DjoserRefresh, AClientThatKeepsItsFirstTokenStaysSignedInWhileNobodyUsesTheSecond) {
  const JwtPair first = client.pair_of("ann");
  std::set<std::string> successors;
  for (int hour = 0; hour < 23; ++hour) {
    const JwtPair again = next(first);
    EXPECT_TRUE(is_live(again)) << hour;
    successors.insert(id(again));
    server.clock().advance(1h);
  }
  EXPECT_EQ(successors.size(), 1U);
  server.restart();
  EXPECT_EQ(id(next(first)), *successors.begin());
}

TEST_F(DjoserRefresh, OnceTheSecondTokenWasUsedTheFirstEndsTheChain) {
  const JwtPair first = client.pair_of("ann"), second = next(first);
  server.clock().advance(1h);
  ASSERT_EQ(id(next(first)), id(second));
  const JwtPair third = next(second);

  EXPECT_EQ(client.refresh(first.refresh).body, not_valid);

  expect_ended_for_reuse({first, second, third});
}

TEST_F(DjoserRefresh, FiftyAtOnceOfTheFirstTokenGetOneSuccessor) {
  const JwtPair first = client.pair_of("ann");

  const std::vector<JwtPair> pairs = expect_one_successor(present_in_parallel(first.refresh));

  for (const JwtPair& pair : pairs) EXPECT_TRUE(is_live(pair));
  EXPECT_TRUE(is_live(next(pairs.front())));
  EXPECT_EQ(live_tokens(server, "ann"), 1U);
}

TEST_F(DjoserRefresh, FiftyAtOnceOfALaterTokenGetOneSuccessor) {
  const JwtPair later = next(next(client.pair_of("ann")));

  const std::vector<JwtPair> pairs = expect_one_successor(present_in_parallel(later.refresh));

  for (const JwtPair& pair : pairs) EXPECT_TRUE(is_live(pair));
  EXPECT_TRUE(is_live(next(pairs.front())));
}

TEST_F(DjoserRefresh, VerifyTellsWhatATokenIsWorthAndChangesNothing) {
  const auto verdict = [this](const std::string& token) {
    const Answer answer = client.verify(token);
    return std::to_string(answer.status) + " " + answer.body;
  };
  const std::string good = "200 {}", bad = std::string("401 ") + not_valid;
  const JwtPair first = client.pair_of("ann");
  EXPECT_EQ(verdict(first.access), good);
  EXPECT_EQ(verdict(first.refresh), good);

  const JwtPair second = next(first), third = next(second);
  EXPECT_EQ(verdict(first.refresh), bad) << "two generations ago";
  EXPECT_EQ(verdict(second.refresh), good) << "its answer may have been lost";
  server.clock().advance(10s + 1us);
  EXPECT_EQ(verdict(second.refresh), bad) << "rotated";
  EXPECT_EQ(verdict(third.refresh), good) << "asking about a used token ends nothing";
  EXPECT_EQ(verdict(third.access), good);

  server.clock().advance(300s);
  EXPECT_EQ(verdict(third.access), bad) << "expired";
  EXPECT_EQ(verdict(third.refresh), good);
  const JwtPair fourth = next(third);
  ASSERT_EQ(client.sign_out("JWT " + fourth.access).status, 204);
  EXPECT_EQ(verdict(fourth.access), bad) << "revoked";
  EXPECT_EQ(verdict(fourth.refresh), bad) << "revoked";
  for (const char* nothing : {"x", "a.b.c", "e30.e30.e30"}) EXPECT_EQ(verdict(nothing), bad) << nothing;
  EXPECT_EQ(verdict(std::string(fourth.access).replace(fourth.access.find('.') + 3, 1, "_")), bad) << "altered";
}

TEST_F(DjoserRefresh, ASignInEndsWhicheverOfItsTokensSignsOut) {
  const JwtPair first = client.pair_of("ann"), second = next(first);
  ASSERT_TRUE(is_live(first));

  ASSERT_EQ(client.sign_out("JWT " + first.access).status, 204);

  EXPECT_FALSE(is_live(second));
  EXPECT_EQ(client.refresh(second.refresh).body, not_valid);
}

TEST(RationedRefresh, SixtyRefreshesInARowAreEnoughForOneSignIn) {
  config::Settings settings = djoser_settings(config::DjoserProfile::stock);
  settings.limits.enabled = true;
  TestServer server(settings);
  const DjoserClient client(server);
  for (const char* name : {"ann", "bob"}) ASSERT_EQ(client.register_stock(name, "").status, 201);
  const std::string token = client.pair_of("ann").refresh;  // the same token gets the same successor
  int refreshes = 0;
  while (refreshes < 100 && client.refresh(token).status == 200) ++refreshes;  // one more in ten seconds is let through

  EXPECT_GE(refreshes, 60);
  EXPECT_LT(refreshes, 100);
  EXPECT_EQ(client.refresh(client.pair_of("ann").refresh).status, 200) << "no sign-in takes the places of another";
  EXPECT_EQ(client.refresh(client.pair_of("bob").refresh).status, 200);
  server.clock().advance(10s);
  EXPECT_EQ(client.refresh(token).status, 200);
}

}  // namespace
}  // namespace propusk::testing
