// Loops on the control thread: each sleeps on a timer and writes at most once per turn.
#include "cli/upkeep_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/outage.hpp"
#include "base/pending.hpp"

namespace propusk::cli {
namespace {
template <class Deps>
using Turn = Task<void> (*)(Deadline, Deps);
constexpr seconds failure_interval{5};  // what a crash may forget of failed sign-ins
constexpr seconds seen_interval{60};    // last-seen has a resolution of an hour anyway
constexpr seconds sweep_interval{600};  // expired rows cost only space
constexpr seconds key_interval{60};     // another process of the same store may have made a key
constexpr seconds write_patience{30};

template <class Deps>
Task<void> take_turn(Turn<Deps> turn, Deps deps, platform::Log& log) {
  try {
    co_await turn(deps.clock.monotonic() + write_patience, deps);
  } catch (const Outage& outage) {
    log.warning("upkeep.failed", outage.what());
  }
}

template <class Deps>
Task<void> repeat(Turn<Deps> turn, seconds interval, Deps deps, platform::Log& log) {
  for (;;) {
    const auto never = std::make_shared<Pending<int>>(co_await this_executor());
    co_await never->wait(deps.clock.monotonic() + interval);
    co_await take_turn(turn, deps, log);
  }
}
}  // namespace

void start_upkeep(boost::asio::io_context& context, core::UpkeepDeps deps, platform::Log& log) {
  const auto spawn = [&](Turn<core::UpkeepDeps> turn, seconds interval) {
    boost::asio::co_spawn(context, repeat<core::UpkeepDeps>(turn, interval, deps, log), boost::asio::detached);
  };
  spawn(core::flush_failed_sign_ins, failure_interval);
  spawn(core::flush_seen, seen_interval);
  spawn(core::sweep_in_turn, sweep_interval);
}

void start_tending_keys(boost::asio::io_context& context, core::KeyDeps deps, platform::Log& log) {
  boost::asio::co_spawn(context, repeat<core::KeyDeps>(core::tend_keys, key_interval, deps, log),
                        boost::asio::detached);
}

Task<void> last_upkeep(core::UpkeepDeps deps, platform::Log& log) {
  co_await take_turn<core::UpkeepDeps>(core::flush_failed_sign_ins, deps, log);
  co_await take_turn<core::UpkeepDeps>(core::flush_seen, deps, log);
}

}  // namespace propusk::cli
