// UpkeepWorker: when the core's background writes happen.
#pragma once
#include <boost/asio/io_context.hpp>

#include "core/keys/keys.hpp"
#include "core/upkeep/upkeep.hpp"
#include "platform/log.hpp"

namespace propusk::cli {

/// Spawns the loops on `context`; they end when the context is stopped. An outage is logged and tried again at the
/// next turn.
void start_upkeep(boost::asio::io_context& context, core::UpkeepDeps deps, platform::Log& log);
/// The same for the signing keys: made, published, retired, and read again in case another process changed them.
void start_tending_keys(boost::asio::io_context& context, core::KeyDeps deps, platform::Log& log);
/// What is still in memory, once, before the store closes.
Task<void> last_upkeep(core::UpkeepDeps deps, platform::Log& log);

}  // namespace propusk::cli
