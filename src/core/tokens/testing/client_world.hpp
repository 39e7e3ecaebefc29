// ClientWorld: a store with two people and two registered clients, and memory that hears of every write; for tests of
// what clients get.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/sessions/sessions.hpp"
#include "core/tokens/authorization_code.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core::testing {
using propusk::testing::FakeClock, propusk::testing::SeededRandom, stores::testing::run;

/// May do everything, and people are asked about it.
inline Client client(const std::string& id) {
  Client client;
  client.id = client.name = id;
  client.kind = ClientKind::confidential;
  client.secret = sha256("secret of " + id);
  for (const ClientGrantRow& row : client_grants) client.grants.push_back(row.grant);
  client.scopes = {"read", "write"};
  client.redirect_uris = {"https://" + id + ".example/cb"};
  return client;
}

/// Ann is 1, Bob is 2; the clients are "app" and "other".
class ClientWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    write([](Transaction& t) {
      for (const std::int64_t id : {1, 2}) t.accounts().insert(stores::testing::account(id));
      for (const char* id : {"app", "other"}) t.clients().insert(client(id));
    });
  }
  void write(const std::function<void(Transaction&)>& change) {
    ASSERT_TRUE(run(store->write(
        [change](Transaction& t) -> Result<bool> {
          change(t);
          return true;
        },
        Deadline::max())));
  }
  template <class Look>
  auto read(Look look) {
    return run(store->read(std::move(look), Deadline::max()));
  }
  std::optional<Credential> find(const std::string& secret) {
    return read([secret](const Transaction& t) { return t.credentials().find(sha256(secret)); });
  }
  /// Whether a credential is live by the store's word.
  bool is_live(const std::string& secret) {
    return read([digest = sha256(secret), now = clock.now()](const Transaction& t) {
      return find_owned(t, digest, now).has_value();
    });
  }
  /// How many events of one kind there are of an account.
  std::ptrdiff_t events(AuditAction action, std::int64_t account = 1) {
    const auto all = read([account](const Transaction& t) { return t.audit().list(AccountId{account}, 1'000); });
    return std::ranges::count(all, action, &AuditEvent::action);
  }

  /// The client as it is now.
  SharedClient known(const std::string& id) {
    return std::make_shared<const Client>(read([id](const Transaction& t) { return t.clients().find(id); }).value());
  }
  void change_client(const std::string& id, const std::function<void(Client&)>& change) {
    write([id, change](Transaction& t) {
      Client client = t.clients().find(id).value();
      change(client);
      t.clients().update(client);
    });
  }
  /// As operators do: what it got is live never again.
  void disable_client(const std::string& id, bool and_enable = false) {
    change_client(id, [and_enable](Client& client) {
      ++client.epoch;
      if (!and_enable) client.state = ClientState::disabled;
    });
  }
  void disable_account(std::int64_t id) {
    write([id](Transaction& t) {
      t.accounts().set_state(AccountId{id}, AccountState::disabled);
      t.accounts().end_everything(AccountId{id});
    });
  }
  void end_everything(std::int64_t account) {
    write([account](Transaction& t) { t.accounts().end_everything(AccountId{account}); });
  }

  /// Opens a credential of a person, of the kind's own life.
  void open(const std::string& secret, CredentialKind kind, std::int64_t account = 1) {
    write([made = made(secret, kind, account)](Transaction& t) { t.credentials().insert(made); });
  }
  /// Opens what a client gets for a person: the sign-in "NAME" with a chain that begins with `first`, and "access NAME"
  /// under it.
  void open_for(const std::string& client, const std::string& name, const Secret<>& first, std::int64_t account = 1) {
    Credential sign_in = made(name, CredentialKind::oauth_refresh, account);
    sign_in.terms = CredentialTerms{.client = client, .client_epoch = known(client)->epoch, .scope = "read write"};
    write([sign_in, name, current = sha256(first.reveal())](Transaction& t) {
      t.credentials().insert(sign_in);
      t.credentials().put_chain(
          {.credential = sign_in.digest, .current = current, .previous = {}, .rotated_at = sign_in.created_at});
      issue_access(t, sign_in, {.digest = sha256("access " + name)}, "read write", sign_in.created_at);
    });
  }

  [[nodiscard]] SessionDeps sessions() { return {*store, live, limits, clock, random}; }
  [[nodiscard]] ClientDeps clients() { return {*store, live.clients()}; }
  [[nodiscard]] std::uint64_t writes() const { return store->figures().writes; }

  FakeClock clock;
  SeededRandom random;
  LiveCredentials live{1'000};
  LimitSettings allowances{.changes_per_account = {12, std::chrono::seconds{10}}};
  Limits limits{allowances, clock, random};
  const Caller caller{
      .address = ClientAddress::parse("203.0.113.7").value(), .user_agent = "Album/1.0", .deadline = Deadline::max()};
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);

 private:
  [[nodiscard]] Credential made(const std::string& secret, CredentialKind kind, std::int64_t account) const {
    Credential made = stores::testing::credential(secret, account);
    made.kind = kind;
    made.created_at = made.seen_at = clock.now();
    made.expires_at = clock.now() + row_of(kind).life.lifetime;
    return made;
  }
};

/// The name of the refusal; "" for none.
template <class T>
std::string refusal_of(const Result<T>& result) {
  return result ? "" : std::string(refusal_name(result.error().why));
}

}  // namespace propusk::core::testing
