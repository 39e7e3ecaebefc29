// jose_bench: what signing and verifying a token costs with each algorithm, beside a bare HMAC-SHA256 of the same
// bytes.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

#include "base/testing/fake_clock.hpp"
#include "platform/jose/key_ring.hpp"

namespace {
using namespace propusk;
using core::SigningAlgorithm;
using platform::JoseKeyRing;
using platform::SealingKey;

constexpr Instant now = instant(1'767'225'600'000'000);
/// What an access token says, about as long as real ones.
constexpr std::string_view claims =
    R"({"iss":"https://accounts.example.com","sub":"7f0c1d9a52b3e846","aud":"mobile-app","iat":1767225600,)"
    R"("exp":1767225900,"jti":"c1a0f4d2b7e89365","epoch":3,"token_type":"access"})";

/// A ring in which one key of the algorithm signs and three others are believed, as after some rotations.
struct Ring {
  explicit Ring(SigningAlgorithm algorithm) : keys(SealingKey(random.bytes<platform::sealing_key_size>()), random) {
    std::vector<core::SigningKey> rows;
    for (const int age : {3, 2, 1, 0}) {
      const Instant since = now - std::chrono::days(age);
      rows.push_back(keys.make(age == 0 ? algorithm : SigningAlgorithm::hs256, since, since));
    }
    keys.take(rows);
  }
  testing::SeededRandom random;
  JoseKeyRing keys;
};

void sign(benchmark::State& state, SigningAlgorithm algorithm) {
  const Ring ring(algorithm);
  for (auto _ : state) benchmark::DoNotOptimize(ring.keys.sign(claims, now));
}
BENCHMARK_CAPTURE(sign, hs256, SigningAlgorithm::hs256);
BENCHMARK_CAPTURE(sign, es256, SigningAlgorithm::es256);
BENCHMARK_CAPTURE(sign, eddsa, SigningAlgorithm::eddsa);

void verify(benchmark::State& state, SigningAlgorithm algorithm) {
  const Ring ring(algorithm);
  const std::string token = ring.keys.sign(claims, now);
  for (auto _ : state) benchmark::DoNotOptimize(ring.keys.verify(token, now));
}
BENCHMARK_CAPTURE(verify, hs256, SigningAlgorithm::hs256);
BENCHMARK_CAPTURE(verify, es256, SigningAlgorithm::es256);
BENCHMARK_CAPTURE(verify, eddsa, SigningAlgorithm::eddsa);

/// I/O threads verify at once with the same ring.
void verify_together(benchmark::State& state) {
  static const Ring ring(SigningAlgorithm::hs256);
  static const std::string token = ring.keys.sign(claims, now);
  for (auto _ : state) benchmark::DoNotOptimize(ring.keys.verify(token, now));
}
BENCHMARK(verify_together)->Threads(2)->UseRealTime();

/// The bytes that a signature of the token covers, once, with the algorithm fetched by every call.
void bare_hmac_sha256(benchmark::State& state) {
  const Ring ring(SigningAlgorithm::hs256);
  std::string input = ring.keys.sign(claims, now);
  input.resize(input.rfind('.'));
  constexpr std::array<unsigned char, 32> key{1, 2, 3};
  std::array<unsigned char, 32> tag{};
  for (auto _ : state) {
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), key.size(), reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         tag.data(), &size);
    benchmark::DoNotOptimize(tag);
  }
}
BENCHMARK(bare_hmac_sha256);
}  // namespace
