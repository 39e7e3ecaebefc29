// News: what one node writes another reads; what nobody can have known is not told; what is not understood is
// everything.
#include "stores/postgres/news.hpp"

#include <gtest/gtest.h>

namespace propusk::postgres {
namespace {
using core::AccountId;

TEST(News, EffectsAreReadAsWhatIsToBeForgotten) {
  core::Effects effects;
  effects.ended = {sha256("ended")};
  effects.opened.push_back({sha256("moved"), {}, std::nullopt, false});
  effects.standings.push_back({AccountId{7}, core::AccountStanding{2, core::AccountState::active}});
  effects.profiles = {AccountId{8}};
  effects.clients.push_back({"an id with spaces", nullptr});
  effects.keys = true;

  const auto payloads = payloads_of(effects, "node");

  ASSERT_EQ(payloads.size(), 1U);
  const News news = news_of(payloads[0]);
  EXPECT_EQ(news.kind, News::Kind::effects);
  EXPECT_EQ(news.node, "node");
  EXPECT_EQ(news.effects.ended, (std::vector{sha256("moved"), sha256("ended")}));
  ASSERT_EQ(news.effects.standings.size(), 1U);
  EXPECT_EQ(news.effects.standings[0].account, AccountId{7});
  EXPECT_FALSE(news.effects.standings[0].now);
  EXPECT_EQ(news.effects.profiles, std::vector{AccountId{8}});
  ASSERT_EQ(news.effects.clients.size(), 1U);
  EXPECT_EQ(news.effects.clients[0].id, "an id with spaces");
  EXPECT_TRUE(news.effects.keys);
}

TEST(News, WhatNobodyCanHaveKnownIsNotTold) {
  core::Effects effects;
  effects.opened.push_back({sha256("new"), {}, std::nullopt, true});
  effects.standings.push_back({AccountId{7}, core::AccountStanding{1, core::AccountState::active}, true});

  EXPECT_TRUE(payloads_of(effects, "node").empty());
}

TEST(News, ManyEndingsAreSeveralPayloadsThatNotifyTakes) {
  core::Effects effects;
  for (int i = 0; i < 1'000; ++i) effects.ended.push_back(sha256(std::to_string(i)));

  const auto payloads = payloads_of(effects, "node");

  EXPECT_GT(payloads.size(), 1U);
  std::size_t read = 0;
  for (const std::string& payload : payloads) {
    EXPECT_LT(payload.size(), 8'000U);
    read += news_of(payload).effects.ended.size();
  }
  EXPECT_EQ(read, 1'000U);
}

TEST(News, TooManyAreToldAsEverything) {
  core::Effects effects;
  for (int i = 0; i < 10'000; ++i) effects.ended.push_back(sha256(std::to_string(i)));

  const auto payloads = payloads_of(effects, "node");

  ASSERT_EQ(payloads.size(), 1U);
  EXPECT_EQ(news_of(payloads[0]).kind, News::Kind::everything);
}

TEST(News, ABeatTellsItsNumber) {
  const News news = news_of(beat_of("node", 42));

  EXPECT_EQ(news.kind, News::Kind::beat);
  EXPECT_EQ(news.node, "node");
  EXPECT_EQ(news.beat, 42U);
}

TEST(News, WhatIsNotUnderstoodIsUnknown) {
  for (const char* payload : {"", "1", "1 node", "2 node b1", "hello world again", "1 node z1", "1 node cshort",
                              "1 node a12x", "1 node b", "1 node *more", "1 node k!", "1 node a1 z"})
    EXPECT_EQ(news_of(payload).kind, News::Kind::unknown) << payload;
}

}  // namespace
}  // namespace propusk::postgres
