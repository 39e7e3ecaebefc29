// Signing keys by operators' verbs: their stages, and what a rotation does to tokens.
#include "cli/key_operations.hpp"

#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class KeyOperations : public Operations {
 protected:
  /// What the server does at start and every minute.
  void tend() { run(core::tend_keys(clock.monotonic() + 30s, {*store, ring, clock, random, key_policy})); }
  json::array keys() { return result(R"({"verb":"key.list"})").at("keys").as_array(); }
  std::vector<std::string> states() {
    std::vector<std::string> found;
    for (const auto& key : keys()) found.emplace_back(key.at("state").as_string());
    return found;
  }
  bool is_believed(const std::string& token) { return ring.verify(token, clock.now()).has_value(); }
};
constexpr std::string_view rotate = R"({"verb":"key.rotate"})";
constexpr std::string_view rotate_urgently = R"({"verb":"key.rotate","urgent":true})";

TEST_F(KeyOperations, TheFirstKeySignsAtOnceWhoeverMakesIt) {
  EXPECT_TRUE(keys().empty());

  const auto made = result(rotate);

  EXPECT_EQ(made.at("state"), "signing");
  EXPECT_THAT(std::string(made.at("kid").as_string()), MatchesRegex("[0-9a-f]{16}"));
  EXPECT_TRUE(is_believed(ring.sign("{}", clock.now()))) << "the ring of the process knows it";
  EXPECT_EQ(keys(), json::array{made});
}

TEST_F(KeyOperations, ARotatedKeyIsPublishedAnHourBeforeItSignsAndOldTokensStayValid) {
  tend();
  const std::string before = ring.sign("{}", clock.now());
  clock.advance(1s);

  const auto made = result(rotate);

  EXPECT_EQ(made.at("state"), "next");
  EXPECT_EQ(made.at("algorithm"), "ES256");
  EXPECT_EQ(made.at("signs_from"), "2026-01-01T01:00:01Z");
  EXPECT_EQ(made.at("retires_at"), nullptr);
  EXPECT_EQ(states(), (std::vector<std::string>{"next", "signing"}));
  EXPECT_EQ(keys().at(1).at("retires_at"), "2026-01-02T01:00:01Z") << "a day after its last token";
  EXPECT_THAT(ring.published(clock.now()), HasSubstr(made.at("kid").as_string().c_str()));
  EXPECT_TRUE(is_believed(before));

  clock.advance(1h);
  EXPECT_EQ(states(), (std::vector<std::string>{"signing", "retiring"}));
  EXPECT_TRUE(is_believed(before));
  clock.advance(24h);
  EXPECT_EQ(states(), (std::vector<std::string>{"signing"}));
  EXPECT_FALSE(is_believed(before));
}

TEST_F(KeyOperations, AnUrgentKeySignsAtOnceAndNoOlderOneIsBelieved) {
  tend();
  const std::string before = ring.sign("{}", clock.now());
  clock.advance(1s);
  result(rotate);
  clock.advance(1s);

  const auto made = result(rotate_urgently);

  EXPECT_EQ(made.at("state"), "signing");
  EXPECT_FALSE(is_believed(before));
  EXPECT_EQ(keys(), json::array{made});
  EXPECT_TRUE(is_believed(ring.sign("{}", clock.now())));
}

TEST_F(KeyOperations, TheTrailNamesTheOperatorAndNoAnswerHoldsAKey) {
  const auto made = result(rotate);

  const auto events = result(R"({"verb":"audit.list","identifier":"","limit":9})").at("events").as_array();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.at(0).at("action"), "signing_key_made");
  EXPECT_EQ(events.at(0).at("actor"), "operator uid 7");
  EXPECT_THAT(std::string(events.at(0).at("detail").as_string()), HasSubstr(made.at("kid").as_string().c_str()));
  std::set<std::string> members;
  for (const auto& member : made) members.emplace(member.key());
  EXPECT_EQ(members, (std::set<std::string>{"kid", "algorithm", "state", "created_at", "signs_from", "retires_at"}));
}

}  // namespace
}  // namespace propusk::cli
