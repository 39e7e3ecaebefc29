// Loops on the control thread: each sleeps on a timer and writes at most once per turn.
#include "cli/upkeep_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/outage.hpp"
#include "base/pending.hpp"

namespace propusk::cli {
namespace {
using Turn = Task<void> (*)(Deadline, core::UpkeepDeps);
constexpr seconds failure_interval{5};  // what a crash may forget of failed sign-ins
constexpr seconds seen_interval{60};    // last-seen has a resolution of an hour anyway
constexpr seconds sweep_interval{600};  // expired rows cost only space
constexpr seconds write_patience{30};

Task<void> take_turn(Turn turn, core::UpkeepDeps deps, platform::Log& log) {
  try {
    co_await turn(deps.clock.monotonic() + write_patience, deps);
  } catch (const Outage& outage) {
    log.warning("upkeep.failed", outage.what());
  }
}

Task<void> repeat(Turn turn, seconds interval, core::UpkeepDeps deps, platform::Log& log) {
  for (;;) {
    const auto never = std::make_shared<Pending<int>>(co_await this_executor());
    co_await never->wait(deps.clock.monotonic() + interval);
    co_await take_turn(turn, deps, log);
  }
}
}  // namespace

void start_upkeep(boost::asio::io_context& context, core::UpkeepDeps deps, platform::Log& log) {
  const auto spawn = [&](Turn turn, seconds interval) {
    boost::asio::co_spawn(context, repeat(turn, interval, deps, log), boost::asio::detached);
  };
  spawn(core::flush_failed_sign_ins, failure_interval);
  spawn(core::flush_seen, seen_interval);
  spawn(core::sweep_expired, sweep_interval);
}

Task<void> last_upkeep(core::UpkeepDeps deps, platform::Log& log) {
  co_await take_turn(core::flush_failed_sign_ins, deps, log);
  co_await take_turn(core::flush_seen, deps, log);
}

}  // namespace propusk::cli
