// live_credentials_bench: a session check against the map of live credentials at 100,000 and 1,000,000 entries.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "core/sessions/live_credentials.hpp"

namespace {
using namespace propusk;
using namespace propusk::core;

constexpr Instant now = instant(1'767'225'600'000'000);  // any instant before the expiry below

struct Filled {
  explicit Filled(std::size_t entries) : live(entries * 2) {
    for (std::size_t i = 0; i < entries; ++i) {
      const auto account = static_cast<AccountId>(i + 1);
      digests.push_back(sha256(std::to_string(i)));
      Credential credential;
      credential.digest = digests.back();
      credential.account = account;
      credential.epoch = 1;
      credential.seen_at = now;
      credential.expires_at = now + seconds{3600};
      live.fill(live.ticket(), credential, {.epoch = 1, .state = AccountState::active});
    }
  }
  LiveCredentials live;
  std::vector<Digest> digests;
};

/// Filled once per size, by the first thread that asks.
const Filled& filled(std::size_t entries) {
  static const Filled small(100'000);
  static const Filled large(1'000'000);
  return entries == 100'000 ? small : large;
}

void check(benchmark::State& state) {
  const Filled& all = filled(static_cast<std::size_t>(state.range(0)));
  std::uint64_t drawn = 88'172'645'463'325'252ULL + static_cast<std::uint64_t>(state.thread_index());  // xorshift64
  for (auto _ : state) {
    drawn ^= drawn << 13, drawn ^= drawn >> 7, drawn ^= drawn << 17;
    benchmark::DoNotOptimize(all.live.check(all.digests[drawn % all.digests.size()], now));
  }
}
BENCHMARK(check)->Arg(100'000)->Arg(1'000'000)->Threads(1)->Threads(2)->UseRealTime();

/// With the digest of the cookie, as a dialect does it.
void digest_and_check(benchmark::State& state) {
  const Filled& all = filled(100'000);
  std::uint64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(all.live.check(sha256(std::to_string(number++ % 100'000)), now));
}
BENCHMARK(digest_and_check);
}  // namespace
