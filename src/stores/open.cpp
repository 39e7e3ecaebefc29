// The one place that knows which drivers there are.
#include "stores/open.hpp"

#include <utility>

#include "stores/postgres/store.hpp"
#include "stores/sqlite/store.hpp"

namespace propusk::stores {
namespace {
// At 250 sign-ins/s a commit of its own for each costs 5 % of both cores, most of it in the kernel. Five share one, and
// few people see 20 ms beside the time of a password hash (ADR 0012).
constexpr milliseconds commit_spacing{20};
}  // namespace

std::unique_ptr<OperatedStore> open(OpenOptions options, core::EffectSink& effects, const Clock& clock,
                                    Random& random) {
  if (!options.url.empty())
    return std::make_unique<postgres::PostgresStore>(postgres::Options{.url = std::move(options.url),
                                                                       .node = options.node,
                                                                       .connections = options.connections,
                                                                       .statement_timeout = options.statement_timeout,
                                                                       .start_thread = std::move(options.start_thread),
                                                                       .log = std::move(options.log),
                                                                       .on_elsewhere = std::move(options.on_elsewhere)},
                                                     effects, clock, random);
  return sqlite::open_store({.directory = std::move(options.directory),
                             .file = std::move(options.file),
                             .commit_spacing = commit_spacing,
                             .start_thread = std::move(options.start_thread),
                             .log = std::move(options.log)},
                            effects, clock);
}

}  // namespace propusk::stores
