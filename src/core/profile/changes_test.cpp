// Changes of one's own account: which credentials outlive a new password, and how an owner shows who they are.
#include "core/profile/changes.hpp"

#include <gtest/gtest.h>

#include "core/passwords/testing/plain_hasher.hpp"
#include "core/profile/own_account.hpp"
#include "core/tokens/client_tokens.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using stores::testing::run;

/// What a client got for a person: a sign-in, and an access token under it.
struct Held {
  Digest refresh, access;
};

class Changes : public ::testing::Test {
 protected:
  static constexpr const char *old_password = "old password 7", *new_password = "new password 8";

  void SetUp() override {
    Account account = stores::testing::account(1);
    account.password_hash = std::string("plain$") + old_password;
    write([account](Transaction& t) {
      t.accounts().insert(account);
      for (const char* id : {"app", "other"}) t.clients().insert(client(id));
    });
  }
  static Client client(const std::string& id) {
    Client client;
    client.id = client.name = id;
    client.kind = ClientKind::open;
    client.scopes = {"read", "write"};
    return client;
  }
  void write(const std::function<void(Transaction&)>& change) {
    ASSERT_TRUE(run(store->write(
        [change](Transaction& t) -> Result<bool> {
          change(t);
          return true;
        },
        Deadline::max())));
  }
  Credential credential(const std::string& secret, CredentialKind kind) {
    Credential made = stores::testing::credential(secret, 1);
    made.kind = kind;
    made.created_at = made.seen_at = clock.now();
    made.expires_at = clock.now() + 24h;
    return made;
  }
  Digest open_session() {
    const Credential session = credential("session", CredentialKind::browser_session);
    write([session](Transaction& t) { t.credentials().insert(session); });
    return session.digest;
  }
  Held sign_in(const std::string& name, const std::string& by = "app") {
    Credential sign_in = credential("sign-in " + name, CredentialKind::oauth_refresh);
    sign_in.terms = CredentialTerms{.client = by, .client_epoch = 1, .scope = "read write"};
    write([sign_in](Transaction& t) { t.credentials().insert(sign_in); });
    return {sign_in.digest, issue("access " + name, sign_in)};
  }
  /// Another access token under a sign-in.
  Digest issue(const std::string& secret, const Credential& sign_in) {
    Credential access = credential(secret, CredentialKind::oauth_access);
    access.terms = sign_in.terms;
    access.parent = sign_in.digest;
    write([access](Transaction& t) { t.credentials().insert(access); });
    return access.digest;
  }
  bool is_live(const Digest& digest) {
    return run(store->read(
        [digest, now = clock.now()](const Transaction& t) { return find_owned(t, digest, now).has_value(); },
        Deadline::max()));
  }
  std::optional<Account> stored() {
    return run(store->read([](const Transaction& t) { return t.accounts().find(AccountId{1}); }, Deadline::max()));
  }
  void forget_password() {
    write([at = clock.now()](Transaction& t) { t.accounts().set_password(AccountId{1}, "", at); });
  }

  /// Nothing: it was done.
  std::optional<Refusal> change_password(const Digest& by, CredentialKind kind, const char* current = old_password) {
    const auto done = run(core::change_password(
        {.bearer = {AccountId{1}, by, kind}, .current = Secret<>(current), .next = Secret<>(new_password)}, caller,
        deps()));
    return done ? std::nullopt : std::optional(done.error().why);
  }
  std::optional<Refusal> delete_account(const Digest& by, CredentialKind kind, const char* current = "") {
    const auto done = run(delete_own_account({AccountId{1}, by, kind}, Secret<>(current), caller, deps()));
    return done ? std::nullopt : std::optional(done.error().why);
  }
  Result<AccountExport> export_data(const Digest& by, const char* current = "") {
    return run(export_own_data({AccountId{1}, by, CredentialKind::browser_session}, Secret<>(current), caller, deps()));
  }

  SessionDeps sessions() { return {*store, live, limits, clock, random}; }
  ProfileDeps deps() {
    const OutboxDeps outbox{*store, limits, clock, random, settings};
    return {{sessions(), hasher, outcomes.sign_ins, outbox, "test", true}, outbox, policy, outcomes.profile_edits};
  }

  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  LiveCredentials live{100};
  Limits limits{{}, clock, random};
  OutboxSettings settings;
  Outcomes outcomes;
  PasswordPolicy policy;
  testing::PlainHasher hasher;
  const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
};

TEST_F(Changes, APasswordChangedByAnAccessTokenKeepsItAndItsSignInAlone) {
  const Held asker = sign_in("asker"), other = sign_in("other"), foreign = sign_in("foreign", "other");
  const Digest session = open_session();

  EXPECT_EQ(change_password(asker.access, CredentialKind::oauth_access), std::nullopt);

  EXPECT_EQ(stored()->password_hash, std::string("plain$") + new_password);
  EXPECT_TRUE(is_live(asker.access) && is_live(asker.refresh));
  EXPECT_FALSE(is_live(other.access) || is_live(other.refresh) || is_live(session));
  EXPECT_FALSE(is_live(foreign.access) || is_live(foreign.refresh));
}

TEST_F(Changes, AnotherAccessTokenOfTheSameSignInEnds) {
  const Held asker = sign_in("asker");
  Credential sign_in = credential("sign-in asker", CredentialKind::oauth_refresh);
  sign_in.terms = CredentialTerms{.client = "app", .client_epoch = 1, .scope = "read write"};
  const Digest lost = issue("lost", sign_in);
  ASSERT_TRUE(is_live(lost));

  EXPECT_EQ(change_password(asker.access, CredentialKind::oauth_access), std::nullopt);

  EXPECT_TRUE(is_live(asker.access));
  EXPECT_FALSE(is_live(lost));
}

TEST_F(Changes, ABrowserThatChangesThePasswordEndsEveryTokenOfApps) {
  const Held app = sign_in("app");
  const Digest session = open_session();

  EXPECT_EQ(change_password(session, CredentialKind::browser_session), std::nullopt);

  EXPECT_TRUE(is_live(session));
  EXPECT_FALSE(is_live(app.access) || is_live(app.refresh));
}

TEST_F(Changes, WhatADisabledClientGotChangesNothing) {
  const Held asker = sign_in("asker");
  write([](Transaction& t) {
    Client disabled = client("app");
    disabled.state = ClientState::disabled;
    disabled.epoch = 2;
    t.clients().update(disabled);
  });

  EXPECT_EQ(change_password(asker.access, CredentialKind::oauth_access), Refusal::not_signed_in);

  EXPECT_EQ(stored()->password_hash, std::string("plain$") + old_password);
}

TEST_F(Changes, AWrongPasswordChangesNothingHoweverFreshTheSignIn) {
  const Digest session = open_session();

  EXPECT_EQ(change_password(session, CredentialKind::browser_session, "guess"), Refusal::bad_credentials);
  EXPECT_EQ(delete_account(session, CredentialKind::browser_session, "guess"), Refusal::bad_credentials);
  EXPECT_EQ(delete_account(session, CredentialKind::browser_session), Refusal::bad_credentials);

  EXPECT_EQ(stored()->password_hash, std::string("plain$") + old_password);
  EXPECT_TRUE(is_live(session));
}

TEST_F(Changes, WithoutAPasswordASignInOfTheLastTenMinutesIsTheProof) {
  forget_password();
  const Digest session = open_session();
  clock.advance(10min + 1us);
  EXPECT_EQ(delete_account(session, CredentialKind::browser_session), Refusal::not_fresh);
  EXPECT_EQ(change_password(session, CredentialKind::browser_session, ""), Refusal::not_fresh);
  ASSERT_TRUE(stored());

  clock.advance(-1us);
  EXPECT_EQ(delete_account(session, CredentialKind::browser_session), std::nullopt);
  EXPECT_FALSE(stored());
}

TEST_F(Changes, AnAccessTokenIsNoFreshSignIn) {
  forget_password();
  const Held asker = sign_in("asker");

  EXPECT_EQ(delete_account(asker.access, CredentialKind::oauth_access), Refusal::not_fresh)
      << "it is issued again and again without anybody";

  EXPECT_TRUE(stored());
}

TEST_F(Changes, AnExportOfAnOldSignInTakesThePasswordAndIsWrittenDown) {
  const Digest session = open_session();
  EXPECT_TRUE(export_data(session)) << "a fresh one is proof enough";
  clock.advance(11min);
  EXPECT_EQ(export_data(session, "guess").error().why, Refusal::bad_credentials);

  const Result<AccountExport> data = export_data(session, old_password);

  ASSERT_TRUE(data);
  EXPECT_EQ(data->account.username, "name-1");
  EXPECT_EQ(data->credentials.size(), 1U);
  EXPECT_EQ(data->events.at(0).action, AuditAction::data_exported);
}

}  // namespace
}  // namespace propusk::core
