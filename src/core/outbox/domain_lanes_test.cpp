// Lanes: a domain that fails gets less, and no other domain notices.
#include "core/outbox/domain_lanes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum Delivery::Outcome;

class Lanes : public ::testing::Test {
 protected:
  void attempt(const char* domain, Delivery::Outcome outcome) {
    lanes.begin(domain);
    lanes.end(domain, outcome);
  }
  propusk::testing::FakeClock clock;
  DomainLanes lanes{clock};
};

TEST_F(Lanes, ADomainTakesFourAttemptsAtOnce) {
  for (int i = 0; i < 3; ++i) lanes.begin("a.example");
  EXPECT_THAT(lanes.busy(), IsEmpty());
  lanes.begin("a.example");
  EXPECT_THAT(lanes.busy(), ElementsAre("a.example"));
  EXPECT_EQ(lanes.in_work(), 4U);
  lanes.end("a.example", accepted);
  EXPECT_THAT(lanes.busy(), IsEmpty());
}

TEST_F(Lanes, AFailingDomainTakesOneAtATimeUntilItIsWell) {
  attempt("a.example", delayed);
  lanes.begin("a.example");
  EXPECT_THAT(lanes.busy(), ElementsAre("a.example"));
  lanes.end("a.example", accepted);
  lanes.begin("a.example");
  EXPECT_THAT(lanes.busy(), IsEmpty());
}

TEST_F(Lanes, AfterThreeFailuresInARowItPausesASecondDoublingToAMinute) {
  attempt("a.example", unreachable);
  attempt("a.example", delayed);
  EXPECT_THAT(lanes.busy(), IsEmpty()) << "two are no outage";
  for (const int pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
    attempt("a.example", delayed);
    clock.advance(seconds{pause} - milliseconds{500});
    EXPECT_THAT(lanes.busy(), ElementsAre("a.example")) << pause;
    clock.advance(milliseconds{500});
    EXPECT_THAT(lanes.busy(), IsEmpty()) << pause;
  }
}

TEST_F(Lanes, ARefusalIsAnAnswerAndEndsARowOfFailures) {
  attempt("a.example", delayed);
  attempt("a.example", delayed);
  attempt("a.example", refused);
  attempt("a.example", delayed);
  EXPECT_THAT(lanes.busy(), IsEmpty());
}

TEST_F(Lanes, OthersAreNotConcerned) {
  for (int i = 0; i < 5; ++i) attempt("a.example", delayed);
  lanes.begin("b.example");
  EXPECT_THAT(lanes.busy(), ElementsAre("a.example"));
}

}  // namespace
}  // namespace propusk::core
