// What every store must do with codes, consents and the tokens that clients got for themselves.
#include <gmock/gmock.h>

#include <algorithm>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::AuthorizationCode, core::ClientToken, core::Consent, core::Transaction;
using ::testing::ElementsAre, ::testing::IsEmpty;

/// Two people and two clients.
void make_everybody(Transaction& t) {
  for (const std::int64_t id : {1, 2}) t.accounts().insert(account(id));
  for (const char* id : {"app", "other"}) {
    core::Client client;
    client.id = client.name = id;
    t.clients().insert(client);
  }
}
core::CredentialTerms terms_of(const std::string& client) {
  return {.client = client, .client_epoch = 4, .scope = "read write"};
}
AuthorizationCode code(const std::string& secret, std::int64_t account = 1, const std::string& client = "app") {
  return {.digest = sha256(secret),
          .terms = terms_of(client),
          .account = AccountId{account},
          .epoch = 3,
          .redirect_uri = "https://album.example/cb?a=b",
          .code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
          .created_at = instant(10),
          .expires_at = instant(70)};
}
Consent consent(std::int64_t account, const std::string& client, std::int64_t given) {
  return {.account = AccountId{account}, .client = client, .scope = "read", .given_at = instant(given)};
}
ClientToken token(const std::string& secret, std::int64_t created = 10, const std::string& client = "app") {
  return {.digest = sha256(secret),
          .terms = terms_of(client),
          .created_at = instant(created),
          .expires_at = instant(created + 100)};
}
std::optional<AuthorizationCode> find_code(core::Store& store, const std::string& secret) {
  const auto look = [secret](const Transaction& t) { return t.grants().find_code(sha256(secret)); };
  return run(store.read(look, Deadline::max()));
}
std::optional<ClientToken> find_token(core::Store& store, const std::string& secret) {
  const auto look = [secret](const Transaction& t) { return t.grants().find_token(sha256(secret)); };
  return run(store.read(look, Deadline::max()));
}
/// Which of these there are, in that order.
std::vector<std::string> those_there(core::Store& store, const std::vector<std::string>& secrets) {
  std::vector<std::string> there;
  for (const std::string& each : secrets)
    if (find_code(store, each) || find_token(store, each)) there.push_back(each);
  return there;
}
/// The clients of the consents of an account.
std::vector<std::string> consented(core::Store& store, std::int64_t account) {
  const auto look = [account](const Transaction& t) { return t.grants().list_consents(AccountId{account}); };
  std::vector<std::string> clients;
  for (const Consent& each : run(store.read(look, Deadline::max()))) clients.push_back(each.client);
  return clients;
}

TEST_P(StoreContract, a_code_comes_back_as_it_went_in) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().insert_code(code("code"));
  });

  const auto found = find_code(*store_, "code");

  ASSERT_TRUE(found);
  EXPECT_EQ(found->terms, terms_of("app"));
  EXPECT_EQ(found->account, AccountId{1});
  EXPECT_EQ(found->epoch, 3);
  EXPECT_EQ(found->redirect_uri, "https://album.example/cb?a=b");
  EXPECT_EQ(found->code_challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  EXPECT_EQ(found->created_at, instant(10));
  EXPECT_EQ(found->expires_at, instant(70));
  EXPECT_EQ(found->used_at, std::nullopt);
  EXPECT_EQ(found->credential, std::nullopt);
}

TEST_P(StoreContract, a_code_is_used_once_and_keeps_what_it_was_used_for) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().insert_code(code("code"));
    t.grants().insert_code(code("unused"));
    EXPECT_TRUE(t.grants().use_code(sha256("code"), sha256("sign-in"), instant(20)));
    EXPECT_FALSE(t.grants().use_code(sha256("code"), sha256("another"), instant(30)));
    EXPECT_FALSE(t.grants().use_code(sha256("none"), sha256("sign-in"), instant(20)));
  });
  EXPECT_EQ(find_code(*store_, "code")->used_at, instant(20));
  EXPECT_EQ(find_code(*store_, "code")->credential, sha256("sign-in"));
  EXPECT_EQ(find_code(*store_, "unused")->used_at, std::nullopt);
}

/// One of many who exchange the same code at once.
Task<void> exchange(core::Store& store, Deadline deadline, std::vector<bool>& answers) {
  auto closure = [](Transaction& t) -> core::Result<bool> {
    return t.grants().use_code(sha256("code"), sha256("sign-in"), instant(20));
  };
  answers.push_back((co_await store.write(closure, deadline)).value());
}

TEST_P(StoreContract, of_fifty_who_exchange_one_code_at_once_one_uses_it) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().insert_code(code("code"));
  });
  boost::asio::io_context io(1);
  std::vector<bool> answers;

  for (int i = 0; i < 50; ++i)
    boost::asio::co_spawn(io, exchange(*store_, soon(), answers),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
  io.run();

  EXPECT_EQ(answers.size(), 50U);
  EXPECT_EQ(std::ranges::count(answers, true), 1);
}

TEST_P(StoreContract, a_grant_of_nobody_or_to_no_client_is_an_outage) {
  write(make_everybody);
  EXPECT_THROW(write([](Transaction& t) { t.grants().insert_code(code("code", 1, "gone")); }), Outage);
  EXPECT_THROW(write([](Transaction& t) { t.grants().insert_code(code("code", 9)); }), Outage);
  EXPECT_THROW(write([](Transaction& t) { t.grants().put_consent(consent(1, "gone", 10)); }), Outage);
  EXPECT_THROW(write([](Transaction& t) { t.grants().insert_token(token("token", 10, "gone"), 9); }), Outage);
  EXPECT_THAT(those_there(*store_, {"code", "token"}), IsEmpty());
}

TEST_P(StoreContract, a_consent_stands_in_the_place_of_the_one_before) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().put_consent(consent(1, "app", 10));
    Consent wider = consent(1, "app", 20);
    wider.scope = "read write";
    t.grants().put_consent(wider);
    const auto found = t.grants().find_consent(AccountId{1}, "app");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->scope, "read write");
    EXPECT_EQ(found->given_at, instant(20));
    EXPECT_FALSE(t.grants().find_consent(AccountId{1}, "other"));
    EXPECT_FALSE(t.grants().find_consent(AccountId{2}, "app"));
    EXPECT_EQ(t.grants().list_consents(AccountId{1}).size(), 1U);
  });
}

TEST_P(StoreContract, consents_of_one_account_are_listed_newest_first) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().put_consent(consent(1, "app", 10));
    t.grants().put_consent(consent(1, "other", 20));
    t.grants().put_consent(consent(2, "app", 30));
  });
  EXPECT_THAT(consented(*store_, 1), ElementsAre("other", "app"));
  EXPECT_THAT(consented(*store_, 2), ElementsAre("app"));
  write([](Transaction& t) { t.grants().put_consent(consent(1, "app", 40)); });
  EXPECT_THAT(consented(*store_, 1), ElementsAre("app", "other")) << "given again";
}

TEST_P(StoreContract, an_erased_consent_takes_the_codes_that_are_not_exchanged_yet) {
  write([](Transaction& t) {
    make_everybody(t);
    for (const std::int64_t id : {1, 2}) t.grants().put_consent(consent(id, "app", 10));
    t.grants().put_consent(consent(1, "other", 10));
    t.grants().insert_code(code("fresh"));
    t.grants().insert_code(code("used"));
    t.grants().use_code(sha256("used"), sha256("sign-in"), instant(20));
    t.grants().insert_code(code("of another client", 1, "other"));
    t.grants().insert_code(code("of another person", 2));
  });
  write([](Transaction& t) {
    EXPECT_TRUE(t.grants().erase_consent(AccountId{1}, "app"));
    EXPECT_FALSE(t.grants().erase_consent(AccountId{1}, "app"));
  });
  EXPECT_THAT(consented(*store_, 1), ElementsAre("other"));
  EXPECT_THAT(consented(*store_, 2), ElementsAre("app"));
  EXPECT_THAT(those_there(*store_, {"fresh", "used", "of another client", "of another person"}),
              ElementsAre("used", "of another client", "of another person"));
}

TEST_P(StoreContract, a_clients_own_token_comes_back_as_it_went_in_and_is_erased_once) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().insert_token(token("token"), 10);
  });
  const auto found = find_token(*store_, "token");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->terms, terms_of("app"));
  EXPECT_EQ(found->created_at, instant(10));
  EXPECT_EQ(found->expires_at, instant(110));
  EXPECT_FALSE(find_token(*store_, "another"));
  write([](Transaction& t) {
    EXPECT_TRUE(t.grants().erase_token(sha256("token")));
    EXPECT_FALSE(t.grants().erase_token(sha256("token")));
  });
  EXPECT_FALSE(find_token(*store_, "token"));
}

TEST_P(StoreContract, only_the_newest_own_tokens_of_a_client_are_kept) {
  write([](Transaction& t) {
    make_everybody(t);
    t.grants().insert_token(token("foreign", 1, "other"), 2);
    t.grants().insert_token(token("second", 20), 2);
    t.grants().insert_token(token("first", 10), 2);
    t.grants().insert_token(token("third", 30), 2);
  });
  EXPECT_THAT(those_there(*store_, {"foreign", "first", "second", "third"}), ElementsAre("foreign", "second", "third"));
}

TEST_P(StoreContract, expired_codes_and_own_tokens_go_oldest_first_so_many_of_each) {
  write([](Transaction& t) {
    make_everybody(t);
    for (const std::int64_t expires : {110, 120, 130}) {
      AuthorizationCode one = code("code " + std::to_string(expires));
      one.expires_at = instant(expires);
      t.grants().insert_code(one);
      t.grants().insert_token(token("token " + std::to_string(expires), expires - 100), 10);
    }
  });
  const std::vector<std::string> all{"code 110", "code 120", "code 130", "token 110", "token 120", "token 130"};

  write([](Transaction& t) { EXPECT_EQ(t.grants().erase_expired(instant(110), 9), 0U) << "not before"; });
  write([](Transaction& t) { EXPECT_EQ(t.grants().erase_expired(instant(130), 1), 2U); });
  EXPECT_THAT(those_there(*store_, all), ElementsAre("code 120", "code 130", "token 120", "token 130"));
  write([](Transaction& t) { EXPECT_EQ(t.grants().erase_expired(instant(130), 9), 2U); });
  EXPECT_THAT(those_there(*store_, all), ElementsAre("code 130", "token 130"));
}

TEST_P(StoreContract, an_erased_account_takes_its_codes_and_consents_with_it) {
  write([](Transaction& t) {
    make_everybody(t);
    for (const std::int64_t id : {1, 2}) {
      t.grants().insert_code(code("code " + std::to_string(id), id));
      t.grants().put_consent(consent(id, "app", 10));
    }
    t.grants().insert_token(token("token"), 10);
    t.accounts().erase(AccountId{1});
  });
  EXPECT_THAT(those_there(*store_, {"code 1", "code 2", "token"}), ElementsAre("code 2", "token"));
  EXPECT_THAT(consented(*store_, 1), IsEmpty());
  EXPECT_THAT(consented(*store_, 2), ElementsAre("app"));
}

}  // namespace
}  // namespace propusk::stores::testing
