// hash_rate: the raw rate of the configured password hash on N threads, with the arena and without; the yardstick of
// sign-ins per second.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "platform/argon2.hpp"
#include "platform/hashing_arena.hpp"
#include "platform/system_clock.hpp"

namespace {
using namespace propusk;
using namespace propusk::platform;

struct Settings {
  unsigned threads = 2, seconds = 5;
  Argon2Cost cost;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

/// Per second: what all threads together reach now. Per CPU second: what a core reaches, also on a busy machine.
struct Rate {
  double per_second, per_cpu_second;
};

/// Each thread stops after its last whole hash.
Rate measure(const Settings& settings, bool with_arena) {
  const SystemClock clock;
  std::atomic<std::uint64_t> hashes{0};
  const double cpu_began = cpu_seconds();
  const Deadline began = clock.monotonic(), end = began + std::chrono::seconds{settings.seconds};
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < settings.threads; ++i)
      threads.emplace_back([&] {
        HashingArena arena(settings.cost.bytes());
        std::optional<HashingArena::Scope> scope;
        if (with_arena) scope.emplace(arena);
        const Secret<> password(std::string("correct horse battery staple"));
        for (; clock.monotonic() < end; ++hashes) hash_argon2(password, settings.cost, Argon2Salt{});
      });
  }
  const auto count = static_cast<double>(hashes);
  return {count / std::chrono::duration<double>(clock.monotonic() - began).count(),
          count / (cpu_seconds() - cpu_began)};
}
}  // namespace

int main(int count, char** arguments) {
  Settings settings;
  CLI::App app("Raw Argon2id rate");
  app.add_option("--threads", settings.threads, "hashing threads")->check(CLI::Range(1, 256));
  app.add_option("--seconds", settings.seconds, "length of each measurement")->check(CLI::Range(1, 3600));
  app.add_option("--memory-kib", settings.cost.memory_kib, "Argon2 memory")
      ->check(CLI::Range(8U, argon2_most_memory_kib));
  app.add_option("--passes", settings.cost.passes, "Argon2 passes")->check(CLI::Range(1U, argon2_most_passes));
  CLI11_PARSE(app, count, arguments);
  const Rate arena = measure(settings, true), plain = measure(settings, false);
  std::printf("threads=%u hashes_per_second=%.1f per_cpu_second=%.1f\n", settings.threads, arena.per_second,
              arena.per_cpu_second);
  std::printf("threads=%u plain_hashes_per_second=%.1f plain_per_cpu_second=%.1f\n", settings.threads, plain.per_second,
              plain.per_cpu_second);
}
