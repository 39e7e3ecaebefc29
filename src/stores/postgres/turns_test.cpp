// Turns: whoever comes after one that waits to be alone waits for it, and nobody for long.
#include "stores/postgres/turns.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace propusk::postgres {
namespace {
using namespace std::chrono_literals;

TEST(TurnsTest, WhoComesAfterOneThatWaitsToBeAloneWaitsForIt) {
  Turns turns(1h);
  std::unique_ptr<const Turns::Turn> others(new const Turns::Turn(turns.with_others()));
  std::atomic<bool> was_alone = false;
  auto alone = std::async(std::launch::async, [&] {
    const auto turn = turns.alone();
    was_alone = true;
  });
  std::future<bool> later;
  do {  // those who come before it stands in line go in
    later = std::async(std::launch::async, [&] {
      const auto turn = turns.with_others();
      return was_alone.load();
    });
  } while (later.wait_for(50ms) == std::future_status::ready);
  EXPECT_FALSE(was_alone) << "others are inside";

  others.reset();

  EXPECT_TRUE(later.get());
  alone.get();
}

TEST(TurnsTest, NobodyWaitsForLong) {
  Turns turns(1ms);
  const auto alone = turns.alone(), another = turns.alone();
  const auto other = turns.with_others();
}

}  // namespace
}  // namespace propusk::postgres
