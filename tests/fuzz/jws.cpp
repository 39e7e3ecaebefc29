// Fuzzes the verification of tokens: a ring with a key of each algorithm believes the tokens that it signed, to the
// letter, and nothing else: not the input, not one of its tokens with bytes changed, not the input as their header.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bug.hpp"
#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/jose/key_ring.hpp"

namespace {
using namespace propusk;

constexpr Instant now = instant(1'767'225'600'000'000);

/// Names and keys come from the seed, but for the ES256 key: the corpus holds tokens of the other two.
struct Target {
  Target() {
    std::vector<core::SigningKey> rows;
    for (const auto& row : core::signing_algorithms) {
      rows.push_back(ring.make(row.algorithm, now, now));
      ring.take({rows.back()});
      made.push_back(ring.sign(R"({"sub":"42","exp":1767226500})", now));
    }
    ring.take(rows);
  }
  void show(const std::string& token) const {
    const bool is_ours = std::ranges::find(made, token) != made.end();
    require(ring.verify(token, now).has_value() == is_ours, "a token is believed if we signed it, and only then");
  }
  testing::SeededRandom random;
  platform::JoseKeyRing ring{platform::SealingKey(random.bytes<platform::sealing_key_size>()), random};
  std::vector<std::string> made;
};

/// Of every three bytes, two say where in the token the third goes.
std::string with_changes(std::string token, std::string_view input) {
  const auto byte = [input](std::size_t at) { return static_cast<unsigned char>(input[at]); };
  for (std::size_t at = 0; at + 2 < input.size(); at += 3)
    token[(byte(at) << 8U | byte(at + 1)) % token.size()] = input[at + 2];
  return token;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const Target target;
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  target.show(input);
  for (const std::string& token : target.made) {
    target.show(with_changes(token, input));
    target.show(to_base64url(as_bytes(input)) + token.substr(token.find('.')));
  }
  return 0;
}
