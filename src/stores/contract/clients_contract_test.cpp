// What every store must do with registered clients.
#include <gmock/gmock.h>

#include "stores/contract/store_contract.hpp"

namespace propusk::stores::testing {
namespace {
using core::AccountId, core::Client, core::ClientGrant, core::Transaction;
using ::testing::ElementsAre, ::testing::IsEmpty;

/// A confidential client with something in every field.
Client client(const std::string& id) {
  return {.id = id,
          .name = "Album of " + id,
          .kind = core::ClientKind::confidential,
          .secret = sha256("secret of " + id),
          .grants = {ClientGrant::refresh_token, ClientGrant::convert_token},
          .scopes = {"write", "read"},
          .backends = {"google-oauth2", "vk-oauth2"},
          .redirect_uris = {"https://album.example/cb?a=b", "http://127.0.0.1/cb"},
          .origins = {"https://album.example"},
          .skips_consent = true,
          .introspects = true,
          .state = core::ClientState::disabled,
          .epoch = 7,
          .created_at = instant(10),
          .secret_changed_at = instant(20)};
}
Client public_client(const std::string& id) {
  Client client;
  client.id = id;
  client.name = "Приложение «А»";
  client.kind = core::ClientKind::open;
  client.created_at = client.secret_changed_at = instant(30);
  return client;
}
void expect_same(const Client& found, const Client& given) {
  EXPECT_EQ(found.id, given.id);
  EXPECT_EQ(found.name, given.name);
  EXPECT_EQ(found.kind, given.kind);
  EXPECT_EQ(found.secret, given.secret);
  EXPECT_EQ(found.grants, given.grants);
  EXPECT_EQ(found.scopes, given.scopes);
  EXPECT_EQ(found.backends, given.backends);
  EXPECT_EQ(found.redirect_uris, given.redirect_uris);
  EXPECT_EQ(found.origins, given.origins);
  EXPECT_EQ(found.skips_consent, given.skips_consent);
  EXPECT_EQ(found.introspects, given.introspects);
  EXPECT_EQ(found.state, given.state);
  EXPECT_EQ(found.epoch, given.epoch);
  EXPECT_EQ(found.created_at, given.created_at);
  EXPECT_EQ(found.secret_changed_at, given.secret_changed_at);
}
std::optional<Client> find_client(core::Store& store, const std::string& id) {
  return run(store.read([id](const Transaction& t) { return t.clients().find(id); }, Deadline::max()));
}
std::vector<std::string> ids_of(core::Store& store) {
  std::vector<std::string> ids;
  for (const Client& each : run(store.read([](const Transaction& t) { return t.clients().list(); }, Deadline::max())))
    ids.push_back(each.id);
  return ids;
}

TEST_P(StoreContract, a_client_comes_back_as_it_went_in_and_is_told) {
  const Client app = client("app"), page = public_client("page");
  write([app, page](Transaction& t) {
    EXPECT_TRUE(t.clients().insert(app));
    EXPECT_TRUE(t.clients().insert(page));
  });

  expect_same(find_client(*store_, "app").value(), app);
  expect_same(find_client(*store_, "page").value(), page);
  const auto told = effects_.applied().clients;
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].id, "app");
  expect_same(*told[0].now, app);
  expect_same(*told[1].now, page);
}

TEST_P(StoreContract, a_client_is_found_by_its_id_to_the_byte) {
  write([](Transaction& t) { t.clients().insert(client("app")); });
  for (const char* id : {"", "App", "app ", "ap", "a%"}) EXPECT_FALSE(find_client(*store_, id)) << id;
}

TEST_P(StoreContract, clients_are_listed_by_id) {
  EXPECT_THAT(ids_of(*store_), IsEmpty());
  write([](Transaction& t) {
    for (const char* id : {"web", "Web", "app"}) t.clients().insert(client(id));
    t.clients().insert(public_client("1"));
  });
  EXPECT_THAT(ids_of(*store_), ElementsAre("1", "Web", "app", "web"));
}

TEST_P(StoreContract, an_id_of_a_client_is_given_once) {
  write([](Transaction& t) {
    EXPECT_TRUE(t.clients().insert(client("app")));
    EXPECT_FALSE(t.clients().insert(public_client("app")));
    EXPECT_TRUE(t.clients().insert(client("other"))) << "and the transaction goes on";
  });
  expect_same(find_client(*store_, "app").value(), client("app"));
  EXPECT_EQ(effects_.applied().clients.size(), 2U);
}

TEST_P(StoreContract, everything_of_a_client_but_its_id_and_its_registration_is_written_anew) {
  write([](Transaction& t) {
    t.clients().insert(client("app"));
    t.clients().insert(client("other"));
  });
  Client changed = public_client("app");
  changed.epoch = 8;
  changed.created_at = instant(10);
  changed.secret_changed_at = instant(99);
  write([changed](Transaction& t) { EXPECT_TRUE(t.clients().update(changed)); });

  expect_same(find_client(*store_, "app").value(), changed);
  expect_same(find_client(*store_, "other").value(), client("other"));
  expect_same(*effects_.applied().clients.at(2).now, changed);

  changed.created_at = instant(77);
  write([changed](Transaction& t) { t.clients().update(changed); });
  EXPECT_EQ(find_client(*store_, "app")->created_at, instant(10));
}

TEST_P(StoreContract, a_client_that_is_none_is_neither_changed_nor_erased) {
  write([](Transaction& t) {
    EXPECT_FALSE(t.clients().update(client("app")));
    EXPECT_FALSE(t.clients().erase("app"));
  });
  EXPECT_FALSE(find_client(*store_, "app"));
  EXPECT_THAT(effects_.applied().clients, IsEmpty());
}

TEST_P(StoreContract, an_erased_client_is_gone_and_told) {
  write([](Transaction& t) {
    t.clients().insert(client("app"));
    t.clients().insert(client("other"));
  });
  write([](Transaction& t) {
    EXPECT_TRUE(t.clients().erase("app"));
    EXPECT_FALSE(t.clients().erase("app"));
  });
  EXPECT_THAT(ids_of(*store_), ElementsAre("other"));
  const auto told = effects_.applied().clients;
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[2].id, "app");
  EXPECT_EQ(told[2].now, nullptr);
}

TEST_P(StoreContract, an_erased_client_takes_its_codes_consents_and_own_tokens_with_it) {
  insert(account(1));
  write([](Transaction& t) {
    for (const std::string id : {"app", "other"}) {
      const core::CredentialTerms terms{.client = id, .client_epoch = 7, .scope = "read"};
      t.clients().insert(client(id));
      core::AuthorizationCode code;
      code.digest = sha256("code " + id);
      code.terms = terms;
      code.account = AccountId{1};
      t.grants().insert_code(code);
      t.grants().put_consent({.account = AccountId{1}, .client = id, .scope = "read"});
      t.grants().insert_token({.digest = sha256("token " + id), .terms = terms}, 10);
      core::Credential held = credential("held " + id, 1);
      held.kind = core::CredentialKind::oauth_refresh;
      held.terms = terms;
      t.credentials().insert(held);
    }
    t.clients().erase("app");
  });
  write([](Transaction& t) {
    for (const std::string id : {"app", "other"}) {
      const bool is_there = id == "other";
      EXPECT_EQ(t.grants().find_code(sha256("code " + id)).has_value(), is_there) << id;
      EXPECT_EQ(t.grants().find_consent(AccountId{1}, id).has_value(), is_there) << id;
      EXPECT_EQ(t.grants().find_token(sha256("token " + id)).has_value(), is_there) << id;
    }
  });
  EXPECT_TRUE(find("held app")) << "what it got for people ends by its epoch";
}

TEST_P(StoreContract, what_a_client_got_comes_back_with_its_terms_and_its_parent) {
  insert(account(1));
  core::Credential sign_in = credential("sign-in", 1), access = credential("access", 1);
  sign_in.kind = core::CredentialKind::oauth_refresh;
  sign_in.terms = core::CredentialTerms{.client = "app", .client_epoch = 7, .scope = "read write"};
  access.kind = core::CredentialKind::oauth_access;
  access.terms = core::CredentialTerms{.client = "app", .client_epoch = 7, .scope = ""};
  access.parent = sign_in.digest;
  write([sign_in, access](Transaction& t) {
    t.credentials().insert(sign_in);
    t.credentials().insert(access);
  });

  EXPECT_EQ(find("sign-in")->terms, sign_in.terms);
  EXPECT_EQ(find("sign-in")->parent, std::nullopt);
  EXPECT_EQ(find("access")->terms, access.terms) << "an empty scope is not the same as no client";
  EXPECT_EQ(find("access")->parent, sign_in.digest);
  const auto opened = effects_.applied().opened;
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_EQ(opened[0].terms, sign_in.terms);
  EXPECT_EQ(opened[1].terms, access.terms);
}

TEST_P(StoreContract, what_a_client_got_is_in_force_while_the_client_is_what_it_was) {
  insert(account(1));
  Client app = client("app");
  app.state = core::ClientState::active;
  const auto is_in_force = [this] { return run(store_->look_up(sha256("access"), soon())).value().is_in_force; };
  write([app](Transaction& t) {
    t.clients().insert(app);
    core::Credential access = credential("access", 1);
    access.kind = core::CredentialKind::oauth_access;
    access.terms = core::CredentialTerms{.client = "app", .client_epoch = app.epoch, .scope = "read"};
    t.credentials().insert(access);
  });
  EXPECT_TRUE(is_in_force());

  app.state = core::ClientState::disabled;
  write([app](Transaction& t) { t.clients().update(app); });
  EXPECT_FALSE(is_in_force());

  app.state = core::ClientState::active;
  ++app.epoch;
  write([app](Transaction& t) { t.clients().update(app); });
  EXPECT_FALSE(is_in_force());
}

}  // namespace
}  // namespace propusk::stores::testing
