// limits_bench: what the limits cost a good sign-in and a check of an unknown secret, over many clients.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "base/testing/fake_clock.hpp"
#include "core/limits/testing/waiting_limits.hpp"

namespace {
using namespace propusk;
using namespace propusk::core;

ClientAddress client(std::uint64_t number) {
  ClientAddress address = *ClientAddress::parse("10.0.0.0");
  for (int i = 0; i < 3; ++i)
    address.bytes[15 - static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (8 * i));
  return address;
}

void good_sign_in(benchmark::State& state) {
  const testing::FakeClock clock;
  testing::SeededRandom random;
  WaitingLimits limits({}, clock, random);
  std::uint64_t number = 0;
  for (auto _ : state) {
    const auto account = static_cast<AccountId>(++number % 100'000 + 1);
    const auto place = limits.begin_sign_in({.account = account, .identifier = ""}, client(number));
    if (place) limits.succeeded_sign_in(*place);
  }
}
BENCHMARK(good_sign_in);

void unknown_secret(benchmark::State& state) {
  const testing::FakeClock clock;
  testing::SeededRandom random;
  Limits limits({}, clock, random);
  std::uint64_t number = 0;
  for (auto _ : state) benchmark::DoNotOptimize(limits.begin_unknown_secret(client(++number)));
}
BENCHMARK(unknown_secret);
}  // namespace
