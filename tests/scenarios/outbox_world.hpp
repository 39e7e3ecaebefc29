// What a policy that writes letters is tested over: a real store, a clock that stands still, chance that repeats
// itself.
#pragma once
#include <memory>
#include <type_traits>
#include <utility>

#include "core/outbox/outbox.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::testing {

class OutboxWorld {
 protected:
  core::OutboxDeps deps() { return {*store, limits, clock, random, settings}; }
  Deadline soon() { return clock.monotonic() + std::chrono::seconds{20}; }
  Caller caller() { return {.address = {}, .user_agent = "", .deadline = soon()}; }

  /// What `change` returns, a Result; a `change` that returns nothing is only done.
  template <class Change>
  auto write(Change change) {
    if constexpr (std::is_void_v<std::invoke_result_t<Change&, core::Transaction&>>) {
      std::ignore = write([change](core::Transaction& transaction) -> core::Result<bool> {
        change(transaction);
        return true;
      });
    } else {
      return stores::testing::run(store->write(std::move(change), soon()));
    }
  }
  template <class Look>
  auto read(Look look) {
    return stores::testing::run(store->read(std::move(look), soon()));
  }

  FakeClock clock;
  SeededRandom random;
  core::Limits limits{{}, clock, random};
  core::OutboxSettings settings;
  stores::testing::EffectLog effects;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(effects, clock);
};

}  // namespace propusk::testing
