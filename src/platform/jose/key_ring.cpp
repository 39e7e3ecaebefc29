// A token names its key; the key alone says the algorithm. What is left to forge is the signature.
#include "platform/jose/key_ring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/bug.hpp"
#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "platform/jose/compact_jws.hpp"
#include "platform/jose/opened_key.hpp"

namespace propusk::platform {
namespace {
using core::SigningAlgorithm;
using core::SigningKey;

/// What a private key is sealed for: in the row of another key it does not open.
std::string place_of(const SigningKey& key) {
  return fmt::format("propusk signing key {} {}", core::signing_algorithm_name(key.algorithm), key.kid);
}

struct HeldKey {
  SigningKey row;
  std::unique_ptr<const OpenedKey> opened;
  std::string token_start;  ///< the header part of its tokens and the dot after it
  std::string jwk;          ///< "" for a secret
};

HeldKey held(const SigningKey& key, std::unique_ptr<const OpenedKey> opened) {
  const std::string_view name = core::signing_algorithm_name(key.algorithm);
  const std::string header = fmt::format(R"({{"alg":"{}","typ":"JWT","kid":"{}"}})", name, key.kid);
  const std::string members = opened->public_members();
  std::string jwk =
      members.empty() ? "" : fmt::format(R"({{{},"kid":"{}","alg":"{}","use":"sig"}})", members, key.kid, name);
  return {key, std::move(opened), to_base64url(as_bytes(header)) + '.', std::move(jwk)};
}
}  // namespace

class JoseKeyRing::Keys {
 public:
  Keys(const std::vector<SigningKey>& rows, const SealingKey& sealing_key) {
    for (const SigningKey& row : rows) {
      const auto private_form = unseal(sealing_key, row.sealed, place_of(row));
      if (!private_form)
        throw Outage("key file",
                     fmt::format("it does not open the signing key {} ({}): put back the key file with which "
                                 "this database was used, from a backup of that time or from another node, or, if it "
                                 "is lost, make a new key with "
                                 "`propusk key rotate --urgent` (every JWT ends)",
                                 row.kid, core::signing_algorithm_name(row.algorithm)));
      keys_.push_back(held(row, open_key(row.algorithm, *private_form)));
    }
    std::ranges::sort(keys_, core::signs_before, &HeldKey::row);
  }

  /// The key whose turn it is; nullptr if no key signs.
  [[nodiscard]] const HeldKey* signing(Instant now) const {
    const auto found = std::ranges::find_if(
        keys_, [now](const HeldKey& key) { return key.row.signs_from <= now && !core::is_retired(key.row, now); });
    return found != keys_.end() ? &*found : nullptr;
  }
  /// nullptr if the ring has no such key, or it is retired.
  [[nodiscard]] const HeldKey* believed(std::string_view kid, Instant now) const {
    const auto found = std::ranges::find(keys_, kid, [](const HeldKey& key) { return std::string_view(key.row.kid); });
    return found != keys_.end() && !core::is_retired(found->row, now) ? &*found : nullptr;
  }
  [[nodiscard]] std::string published(Instant now) const {
    std::string out;
    for (const HeldKey& key : keys_)
      if (!key.jwk.empty() && !core::is_retired(key.row, now)) out += (out.empty() ? "" : ",") + key.jwk;
    return R"({"keys":[)" + out + "]}";
  }

 private:
  std::vector<HeldKey> keys_;  ///< whose turn comes last stands first
};

JoseKeyRing::JoseKeyRing(SealingKey key, Random& random)
    : sealing_key_(std::move(key)),
      random_(random),
      keys_(std::make_shared<const Keys>(std::vector<SigningKey>(), sealing_key_)) {}
JoseKeyRing::~JoseKeyRing() = default;

SigningKey JoseKeyRing::make(SigningAlgorithm algorithm, Instant created_at, Instant signs_from) {
  SigningKey key{.kid = to_hex(random_.bytes<8>()),
                 .algorithm = algorithm,
                 .sealed = {},
                 .created_at = created_at,
                 .signs_from = signs_from,
                 .retires_at = std::nullopt};
  key.sealed = seal(sealing_key_, make_private_key(algorithm, random_), place_of(key), random_);
  return key;
}

void JoseKeyRing::take(const std::vector<SigningKey>& keys) {
  auto next = std::make_shared<const Keys>(keys, sealing_key_);
  const std::lock_guard lock(mutex_);
  keys_.swap(next);
}

std::shared_ptr<const JoseKeyRing::Keys> JoseKeyRing::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::string JoseKeyRing::sign(std::string_view claims, Instant now) const {
  require(is_json_object(claims), "claims are a JSON object");
  const auto keys = this->keys();
  const HeldKey* const key = keys->signing(now);
  if (!key) throw Outage("signing keys", "no key signs yet: make one that signs from now on");
  std::string token = key->token_start + to_base64url(as_bytes(claims));
  token += '.' + to_base64url(as_bytes(key->opened->sign(token)));
  require(token.size() <= token_limit, "a token is short enough to be verified");
  return token;
}

std::optional<std::string> JoseKeyRing::verify(std::string_view token, Instant now) const {
  auto jws = read_compact_jws(token);
  if (!jws) return std::nullopt;
  const auto keys = this->keys();
  const HeldKey* const key = keys->believed(jws->kid, now);
  if (!key || core::signing_algorithm_name(key->row.algorithm) != jws->algorithm ||
      !key->opened->verify(jws->signing_input, jws->signature) || !is_json_object(jws->payload))
    return std::nullopt;
  return std::move(jws->payload);
}

std::string JoseKeyRing::published(Instant now) const { return keys()->published(now); }

}  // namespace propusk::platform
