// What every store must do with tokens: refresh chains, epochs that a credential outlives, idle limits, signing keys.
#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::CredentialKind, core::Transaction;

core::RefreshChain chain(const std::string& credential, const std::string& current) {
  core::RefreshChain chain{.credential = sha256(credential), .current = sha256(current), .previous = {}};
  chain.rotated_at = instant(7);
  return chain;
}

core::SigningKey key(std::string kid, std::int64_t created) {
  return {.kid = std::move(kid),
          .algorithm = core::SigningAlgorithm::es256,
          .sealed = std::string("\0sealed\xff", 8),
          .created_at = instant(created),
          .signs_from = instant(created + 10),
          .retires_at = {}};
}

std::vector<core::SigningKey> keys_of(core::Store& store) {
  return run(store.read([](const Transaction& t) { return t.keys().list(); }, Deadline::max()));
}

TEST_P(StoreContract, a_chain_comes_back_as_it_was_last_put) {
  insert(account(1));
  write([](Transaction& t) {
    t.credentials().insert(credential("sid", 1));
    EXPECT_FALSE(t.credentials().find_chain(sha256("sid")));
    t.credentials().put_chain(chain("sid", "first"));
    core::RefreshChain next = chain("sid", "second");
    next.previous = sha256("first");
    next.successor.fill(std::byte{0xa5});
    next.rotated_at = instant(9);
    next.rotations = 1;
    t.credentials().put_chain(next);
  });

  write([](Transaction& t) {
    const auto found = t.credentials().find_chain(sha256("sid"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->current, sha256("second"));
    EXPECT_EQ(found->previous, sha256("first"));
    EXPECT_EQ(found->successor[15], std::byte{0xa5});
    EXPECT_EQ(found->rotated_at, instant(9));
    EXPECT_EQ(found->rotations, 1);
  });
}

TEST_P(StoreContract, a_chain_goes_with_its_credential) {
  insert(account(1));
  write([](Transaction& t) {
    t.credentials().insert(credential("sid", 1));
    t.credentials().put_chain(chain("sid", "first"));
    t.credentials().erase(sha256("sid"));
    EXPECT_FALSE(t.credentials().find_chain(sha256("sid")));
  });
}

TEST_P(StoreContract, a_credential_moved_to_the_new_epoch_outlives_the_end_of_the_others) {
  insert(account(1));
  write([](Transaction& t) {
    t.credentials().insert(credential("kept", 1));
    t.credentials().insert(credential("other", 1));
  });

  write(
      [](Transaction& t) { t.credentials().move_to_epoch(sha256("kept"), t.accounts().end_everything(AccountId{1})); });

  EXPECT_EQ(find("kept")->epoch, 2);
  EXPECT_EQ(find("other")->epoch, 1);
  const auto opened = effects_.applied().opened;
  ASSERT_EQ(opened.size(), 3U);
  EXPECT_EQ(opened[2].digest, sha256("kept"));
  EXPECT_EQ(opened[2].credential.epoch, 2);
}

TEST_P(StoreContract, an_idle_limit_is_kept_and_told) {
  insert(account(1));
  core::Credential given = credential("token", 1);
  given.kind = CredentialKind::auth_token;
  given.idle = seconds{3'600};

  write([given](Transaction& t) { t.credentials().insert(given); });

  EXPECT_EQ(find("token")->idle, seconds{3'600});
  EXPECT_EQ(find("token")->kind, CredentialKind::auth_token);
  EXPECT_EQ(effects_.applied().opened[0].credential.idle_seconds, 3'600U);
}

TEST_P(StoreContract, keys_come_back_youngest_first_with_their_bytes) {
  write([](Transaction& t) {
    t.keys().insert(key("older", 100));
    t.keys().insert(key("younger", 200));
  });

  const auto found = keys_of(*store_);

  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kid, "younger");
  EXPECT_EQ(found[1].algorithm, core::SigningAlgorithm::es256);
  EXPECT_EQ(found[1].sealed, std::string("\0sealed\xff", 8));
  EXPECT_EQ(found[1].signs_from, instant(110));
  EXPECT_EQ(found[1].retires_at, std::nullopt);
}

TEST_P(StoreContract, a_key_retires_when_it_is_first_said_and_then_goes) {
  write([](Transaction& t) {
    t.keys().insert(key("old", 100));
    t.keys().retire("old", instant(300));
    t.keys().retire("old", instant(400));
    EXPECT_EQ(t.keys().list()[0].retires_at, instant(300));
    t.keys().retire("old", instant(200));
    EXPECT_EQ(t.keys().list()[0].retires_at, instant(200));
    EXPECT_EQ(t.keys().erase_retired(instant(200)), 0U);
    EXPECT_EQ(t.keys().erase_retired(instant(201)), 1U);
  });
  EXPECT_TRUE(keys_of(*store_).empty());
}

}  // namespace
}  // namespace propusk::stores::testing
