// libsodium computes; the strings are made here because its own make salts by itself, and read here to bound the cost.
#include "platform/argon2.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <span>

#include "base/bug.hpp"
#include "base/outage.hpp"

namespace propusk::platform {
namespace {
using Argon2Tag = std::array<std::byte, 32>;  // RFC 9106 §4: 256 bits

constexpr std::size_t least_salt = 8, most_salt = 48, least_tag = 16, most_tag = 64;  // PHC string format, "argon2"

std::string base64(std::span<const std::byte> bytes) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    variant);
  out.pop_back();  // the terminator, which the length above counts
  return out;
}

std::string phc_string(const Argon2Cost& cost, const Argon2Salt& salt, const Argon2Tag& tag) {
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_kib, cost.passes, base64(salt), base64(tag));
}

bool within_bounds(const Argon2Cost& cost, std::uint32_t lanes) {
  return lanes >= 1 && lanes <= argon2_most_lanes && cost.memory_kib >= 8 * lanes &&
         cost.memory_kib <= argon2_most_memory_kib && cost.passes >= 1 && cost.passes <= argon2_most_passes;
}

/// Reads a text from the left; every step says whether it matched.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool number(std::uint32_t& out) {
    if (rest_.starts_with('0')) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    if (error != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  /// Unpadded base64 of `least` to `most` bytes; unused trailing bits are zero, or libsodium refuses without work.
  bool bytes(std::size_t least, std::size_t most) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t length = std::min(rest_.find_first_not_of(digits), rest_.size());
    const std::size_t decoded = length * 3 / 4;
    if (length % 4 == 1 || decoded < least || decoded > most) return false;
    const std::size_t unused_bits = length * 6 - decoded * 8;
    const std::size_t last = digits.find(rest_[length - 1]);
    rest_.remove_prefix(length);
    return last % (std::size_t{1} << unused_bits) == 0;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};
}  // namespace

std::optional<StoredArgon2> parse_argon2(std::string_view phc) {
  StoredArgon2 out;
  Reader reader(phc);
  const bool read = reader.skip("$argon2id$v=19$m=") && reader.number(out.cost.memory_kib) && reader.skip(",t=") &&
                    reader.number(out.cost.passes) && reader.skip(",p=") && reader.number(out.lanes) &&
                    reader.skip("$") && reader.bytes(least_salt, most_salt) && reader.skip("$") &&
                    reader.bytes(least_tag, most_tag) && reader.at_end();
  if (!read || !within_bounds(out.cost, out.lanes)) return std::nullopt;
  return out;
}

std::string hash_argon2(const Secret<>& password, const Argon2Cost& cost, const Argon2Salt& salt) {
  require(within_bounds(cost, 1), "the cost of a hash is within bounds");
  static_assert(std::tuple_size_v<Argon2Salt> == crypto_pwhash_SALTBYTES);
  const std::string& text = password.reveal();
  Argon2Tag tag;
  require(sodium_init() >= 0, "libsodium starts");  // picks the fastest implementation; only the first call works
  if (crypto_pwhash(reinterpret_cast<unsigned char*>(tag.data()), tag.size(), text.data(), text.size(),
                    reinterpret_cast<const unsigned char*>(salt.data()), cost.passes, cost.bytes(),
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw Outage("argon2", "not enough memory for a hash");
  return phc_string(cost, salt, tag);
}

bool verify_argon2(const Secret<>& password, const std::string& phc) {
  const std::string& text = password.reveal();
  require(sodium_init() >= 0, "libsodium starts");
  errno = 0;
  if (crypto_pwhash_argon2id_str_verify(phc.c_str(), text.data(), text.size()) == 0) return true;
  if (errno == ENOMEM) throw Outage("argon2", "not enough memory for a hash");
  return false;
}

std::string unmatchable_argon2(const Argon2Cost& cost, Random& random) {
  return phc_string(cost, random.bytes<std::tuple_size_v<Argon2Salt>>(), random.bytes<std::tuple_size_v<Argon2Tag>>());
}

}  // namespace propusk::platform
