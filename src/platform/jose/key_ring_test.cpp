// The key ring: whose turn it is, who is believed until when, what is published, and which rows it refuses.
#include "platform/jose/key_ring.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <set>
#include <thread>

#include "base/bug.hpp"
#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "platform/jose/compact_jws.hpp"
#include "platform/jose/owned.hpp"

namespace propusk::platform {
namespace {
using core::SigningAlgorithm;
using core::SigningKey;
using std::chrono::hours;

constexpr Instant now = instant(1'767'225'600'000'000);
constexpr std::string_view claims = R"({"sub":"42"})";
constexpr std::array all_algorithms{SigningAlgorithm::hs256, SigningAlgorithm::es256, SigningAlgorithm::eddsa};

SealingKey sealing_key(std::uint8_t filler) {
  std::array<std::byte, sealing_key_size> bytes{};
  bytes.fill(std::byte{filler});
  return SealingKey(bytes);
}

std::string text_of(const std::optional<std::vector<std::byte>>& bytes) {
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "";
}
std::string header_of(std::string_view token) { return text_of(from_base64url(token.substr(0, token.find('.')))); }

class JoseKeyRingTest : public ::testing::Test {
 protected:
  SigningKey key(SigningAlgorithm algorithm, Instant signs_from, std::optional<Instant> retires_at = std::nullopt) {
    SigningKey made = ring_.make(algorithm, signs_from - hours(1), signs_from);
    made.retires_at = retires_at;
    return made;
  }
  std::string signer(Instant at) { return read_compact_jws(ring_.sign(claims, at))->kid; }
  bool publishes(const SigningKey& key, Instant at) { return ring_.published(at).contains(key.kid); }

  testing::SeededRandom random_;
  JoseKeyRing ring_{sealing_key(1), random_};
};

TEST_F(JoseKeyRingTest, a_new_key_is_named_sealed_and_not_in_the_ring) {
  std::set<std::string> kids;
  for (const SigningAlgorithm algorithm : all_algorithms) {
    const SigningKey made = ring_.make(algorithm, now, now + hours(1));

    EXPECT_EQ(made.kid.size(), 16U);
    EXPECT_TRUE(from_hex(made.kid)) << made.kid;
    EXPECT_EQ(made.algorithm, algorithm);
    EXPECT_EQ(made.created_at, now);
    EXPECT_EQ(made.signs_from, now + hours(1));
    EXPECT_FALSE(made.retires_at);
    kids.insert(made.kid);
  }
  EXPECT_EQ(kids.size(), all_algorithms.size());
  EXPECT_THROW(static_cast<void>(ring_.sign(claims, now + hours(2))), Outage);
  EXPECT_EQ(ring_.published(now), R"({"keys":[]})");
}

TEST_F(JoseKeyRingTest, a_token_says_its_key_and_verifies_to_the_very_claims) {
  for (const SigningAlgorithm algorithm : all_algorithms) {
    const SigningKey made = key(algorithm, now);
    ring_.take({made});
    for (const std::string& text : {std::string(claims), std::string("{}"), std::string(R"( {"имя": "Ян" } )")}) {
      const std::string token = ring_.sign(text, now);

      const std::string name(core::signing_algorithm_name(algorithm));
      EXPECT_EQ(header_of(token), R"({"alg":")" + name + R"(","typ":"JWT","kid":")" + made.kid + "\"}");
      EXPECT_EQ(ring_.verify(token, now), text);
    }
  }
}

TEST_F(JoseKeyRingTest, another_ring_with_the_same_key_file_and_rows_believes_it) {
  const SigningKey made = key(SigningAlgorithm::es256, now);
  JoseKeyRing other(sealing_key(1), random_);
  ring_.take({made});
  other.take({made});

  EXPECT_EQ(other.verify(ring_.sign(claims, now), now), claims);
}

TEST_F(JoseKeyRingTest, only_claims_that_will_verify_are_signed) {
  ring_.take({key(SigningAlgorithm::hs256, now)});
  for (const std::string& text : {std::string(), std::string("[]"), std::string("{\"a\":\"\xff\"}"),
                                  "{\"a\":\"" + std::string(6100, 'a') + "\"}"})
    EXPECT_THROW(static_cast<void>(ring_.sign(text, now)), Bug) << text.substr(0, 20);
}

TEST_F(JoseKeyRingTest, the_youngest_key_that_may_sign_does_whatever_its_algorithm_and_the_order_of_rows) {
  const SigningKey old = key(SigningAlgorithm::hs256, now, now + hours(48)),
                   young = key(SigningAlgorithm::eddsa, now + hours(24)),
                   next = key(SigningAlgorithm::es256, now + hours(72));
  for (const std::vector<SigningKey>& rows : {std::vector{old, young, next}, std::vector{next, young, old}}) {
    ring_.take(rows);

    EXPECT_THROW(signer(now - microseconds(1)), Outage);
    EXPECT_EQ(signer(now), old.kid);
    EXPECT_EQ(signer(now + hours(24) - microseconds(1)), old.kid);
    EXPECT_EQ(signer(now + hours(24)), young.kid);
    EXPECT_EQ(signer(now + hours(72)), next.kid);
  }
}

TEST_F(JoseKeyRingTest, a_retired_key_signs_no_more_even_if_no_other_does) {
  ring_.take({key(SigningAlgorithm::hs256, now, now + hours(1))});

  EXPECT_NO_THROW(signer(now + hours(1) - microseconds(1)));
  EXPECT_THROW(signer(now + hours(1)), Outage);
}

TEST_F(JoseKeyRingTest, of_two_keys_that_sign_from_the_same_time_every_node_chooses_the_same) {
  SigningKey first = key(SigningAlgorithm::hs256, now), second = key(SigningAlgorithm::hs256, now);
  ring_.take({first, second});
  const std::string chosen = signer(now);
  EXPECT_EQ(chosen, std::max(first.kid, second.kid));
  ring_.take({second, first});
  EXPECT_EQ(signer(now), chosen);

  SigningKey& other = chosen == first.kid ? second : first;
  other.created_at += seconds(1);
  ring_.take({first, second});
  EXPECT_EQ(signer(now), other.kid) << "the one made later";
}

TEST_F(JoseKeyRingTest, rotation_fails_no_token_and_publishes_a_key_before_it_signs) {
  const SigningKey old = key(SigningAlgorithm::es256, now, now + hours(48)),
                   young = key(SigningAlgorithm::eddsa, now + hours(24));
  ring_.take({old, young});
  const std::string before = ring_.sign(claims, now + hours(23)), after = ring_.sign(claims, now + hours(24));

  EXPECT_TRUE(publishes(young, now)) << "a day before it signs";
  EXPECT_TRUE(ring_.verify(after, now)) << "for a node whose clock is behind";
  for (const Instant at : {now + hours(24), now + hours(48) - microseconds(1)}) {
    EXPECT_TRUE(ring_.verify(before, at) && ring_.verify(after, at));
    EXPECT_TRUE(publishes(old, at) && publishes(young, at));
  }
  EXPECT_FALSE(ring_.verify(before, now + hours(48))) << "retired";
  EXPECT_FALSE(publishes(old, now + hours(48)));
  EXPECT_TRUE(ring_.verify(after, now + hours(48)));
}

TEST_F(JoseKeyRingTest, a_key_that_is_taken_out_is_forgotten) {
  ring_.take({key(SigningAlgorithm::hs256, now)});
  const std::string token = ring_.sign(claims, now);
  ring_.take({});

  EXPECT_FALSE(ring_.verify(token, now));
  EXPECT_THROW(static_cast<void>(ring_.sign(claims, now)), Outage);
}

TEST_F(JoseKeyRingTest, published_are_public_halves_alone_youngest_first) {
  const SigningKey secret = key(SigningAlgorithm::hs256, now), elder = key(SigningAlgorithm::es256, now),
                   younger = key(SigningAlgorithm::eddsa, now + hours(1));
  ring_.take({secret, elder, younger});

  const boost::json::value set = boost::json::parse(ring_.published(now));

  ASSERT_EQ(set.as_object().size(), 1U);
  const auto& keys = set.at("keys").as_array();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].as_object().size(), 6U);
  EXPECT_EQ(keys[1].as_object().size(), 7U);
  const boost::json::value expected_first{{"kty", "OKP"}, {"crv", "Ed25519"},   {"x", keys[0].at("x")},
                                          {"use", "sig"}, {"kid", younger.kid}, {"alg", "EdDSA"}};
  const boost::json::value expected_second{{"kty", "EC"},          {"crv", "P-256"},   {"x", keys[1].at("x")},
                                           {"y", keys[1].at("y")}, {"kid", elder.kid}, {"alg", "ES256"},
                                           {"use", "sig"}};
  EXPECT_EQ(keys[0], expected_first);
  EXPECT_EQ(keys[1], expected_second);
}

/// Whether the published JWK believes the token, by OpenSSL alone.
bool believes(const boost::json::value& jwk, std::string_view token) {
  const auto member = [&](const char* name) {
    return text_of(from_base64url(std::string_view(jwk.at(name).as_string())));
  };
  std::string signature = text_of(from_base64url(token.substr(token.rfind('.') + 1)));
  const std::string input(token.substr(0, token.rfind('.')));
  EVP_PKEY* key = nullptr;
  const bool is_ec = jwk.at("kty") == "EC";
  if (is_ec) {
    std::string group = "P-256", point = '\x04' + member("x") + member("y");
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
                                OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                                OSSL_PARAM_construct_end()};
    const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters.data()));
    const auto half = [&](std::size_t from) {  // a DER integer: positive, without leading zeros
      std::string bytes = signature.substr(from, 32);
      bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size() - 1));
      if ((static_cast<unsigned char>(bytes[0]) & 0x80U) != 0) bytes.insert(0, 1, '\0');
      return std::string("\x02") + static_cast<char>(bytes.size()) + bytes;
    };
    const std::string pair = half(0) + half(32);
    signature = std::string("\x30") + static_cast<char>(pair.size()) + pair;
  } else {
    const std::string point = member("x");
    key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(point.data()),
                                      point.size());
  }
  const Owned<EVP_PKEY, EVP_PKEY_free> owner(key);
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, is_ec ? EVP_sha256() : nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(input.data()), input.size()) == 1;
}

TEST_F(JoseKeyRingTest, who_has_only_the_published_keys_verifies_our_tokens) {
  for (const SigningAlgorithm algorithm : {SigningAlgorithm::es256, SigningAlgorithm::eddsa}) {
    for (int i = 0; i < 16; ++i) {  // leading zeros and both halves of the curve occur
      ring_.take({key(algorithm, now)});
      const auto jwk = boost::json::parse(ring_.published(now)).at("keys").at(0);
      const std::string token = ring_.sign(claims, now);

      EXPECT_TRUE(believes(jwk, token)) << token;
      EXPECT_FALSE(believes(jwk, 'x' + token));
    }
  }
}

TEST_F(JoseKeyRingTest, a_key_that_the_key_file_does_not_open_is_refused_in_words_and_changes_nothing) {
  const SigningKey good = key(SigningAlgorithm::hs256, now);
  ring_.take({good});
  JoseKeyRing stranger(sealing_key(2), random_);
  const SigningKey foreign = stranger.make(SigningAlgorithm::eddsa, now, now);

  try {
    ring_.take({key(SigningAlgorithm::es256, now), foreign});
    FAIL() << "it was taken";
  } catch (const Outage& outage) {
    EXPECT_EQ(std::string(outage.what()),
              "key file: it does not open the signing key " + foreign.kid +
                  " (EdDSA): put back the key file with which this database was used, from a "
                  "backup of that time or from another node, or, if it is lost, make a new key with `propusk key "
                  "rotate --urgent` "
                  "(every JWT ends)");
  }
  EXPECT_EQ(signer(now), good.kid);
  EXPECT_EQ(ring_.published(now), R"({"keys":[]})");
}

TEST_F(JoseKeyRingTest, a_sealed_key_opens_only_in_its_own_row) {
  const SigningKey one = key(SigningAlgorithm::hs256, now), two = key(SigningAlgorithm::hs256, now);
  std::vector<SigningKey> changed(5, one);
  changed[0].kid = two.kid;
  changed[1].algorithm = SigningAlgorithm::eddsa;  // 32 bytes as well
  changed[2].sealed = two.sealed;
  changed[3].sealed.back() = static_cast<char>(changed[3].sealed.back() ^ 1);
  changed[4].sealed.clear();

  for (const SigningKey& row : changed) EXPECT_THROW(ring_.take({row}), Outage);
  EXPECT_NO_THROW(ring_.take({one, two}));
}

TEST_F(JoseKeyRingTest, threads_sign_and_verify_while_keys_are_replaced) {
  std::vector<SigningKey> rows;
  for (const SigningAlgorithm algorithm : all_algorithms) rows.push_back(key(algorithm, now));
  ring_.take(rows);
  std::atomic<int> failures = 0;
  std::atomic<bool> done = false;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      while (!done) {
        if (ring_.verify(ring_.sign(claims, now), now) != claims) ++failures;
        if (!ring_.published(now).contains("P-256")) ++failures;
      }
    });
  for (int i = 0; i < 60; ++i) {
    rows[static_cast<std::size_t>(i) % rows.size()].signs_from += microseconds(-1 - i);  // another's turn
    ring_.take(rows);
    EXPECT_NO_THROW(ring_.make(SigningAlgorithm::hs256, now, now));
  }
  done = true;
  threads.clear();

  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace propusk::platform
