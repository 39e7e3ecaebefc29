// Client authentication: who is found, at what cost, and whose secret is taken.
#include "core/clients/authentication.hpp"

#include <gtest/gtest.h>

#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core {
namespace {
using stores::testing::run;

constexpr const char *secret = "the-secret-of-the-app-has-32-characters",
                     *foreign_secret = "the-secret-of-the-other-has-32-characters";

/// Counts the reads of a store, and does something once after the next of them has read.
class WatchedStore final : public Store {
 public:
  explicit WatchedStore(Store& inner) : inner_(inner) {}
  int reads = 0;
  std::function<void()> after_read;

 protected:
  Task<void> run_read(std::shared_ptr<ReadJob> job, Deadline deadline) override {
    ++reads;
    auto closure = [job](const Transaction& transaction) {
      job->run(transaction);
      return true;
    };
    co_await inner_.read(closure, deadline);
    if (auto then = std::exchange(after_read, nullptr)) then();
  }
  Task<void> run_write(std::shared_ptr<WriteJob>, Deadline) override {
    ADD_FAILURE() << "who asks is told without a write";
    co_return;
  }

 private:
  Store& inner_;
};

Client client(const std::string& id, std::optional<std::string> secret_of_it) {
  Client client;
  client.id = client.name = id;
  client.kind = secret_of_it ? ClientKind::confidential : ClientKind::open;
  if (secret_of_it) client.secret = sha256(*secret_of_it);
  return client;
}

class ClientAuthentication : public ::testing::Test {
 protected:
  void SetUp() override {
    Client disabled = client("disabled", secret);
    disabled.state = ClientState::disabled;
    insert({client("app", secret), client("other", foreign_secret), client("page", std::nullopt), disabled});
  }
  /// Into the store alone: the directory is not told.
  void insert(std::vector<Client> clients) {
    auto closure = [clients = std::move(clients)](Transaction& t) -> Result<bool> {
      for (const Client& each : clients) EXPECT_TRUE(t.clients().insert(each));
      return true;
    };
    ASSERT_TRUE(run(rows->write(closure, Deadline::max())));
  }
  std::string find(const std::string& id) { return told(run(find_client(id, caller, deps))); }
  std::string authenticate(const std::string& id, const std::string& shown) {
    return told(run(authenticate_client({.id = id, .secret = Secret<>(shown)}, caller, deps)));
  }
  /// The id of the client, or the name of the refusal.
  static std::string told(const Result<SharedClient>& found) {
    return found ? (*found)->id : std::string(refusal_name(found.error().why));
  }

  testing::FakeClock clock;
  stores::testing::EffectLog nobody_told;
  stores::testing::TestPlace place;
  std::unique_ptr<stores::OperatedStore> rows = place.open(nobody_told, clock);
  WatchedStore store{*rows};
  ClientDirectory directory;
  const ClientDeps deps{store, directory};
  const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
};

TEST_F(ClientAuthentication, ReadsAllClientsOnceWhoeverAsks) {
  EXPECT_EQ(find("app"), "app");
  EXPECT_EQ(store.reads, 1);
  for (const char* id : {"app", "other", "page"}) EXPECT_EQ(find(id), id);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(find("stranger"), "client_unknown");
  EXPECT_EQ(store.reads, 1) << "nobody can make us read by a name that is none";
}

TEST_F(ClientAuthentication, FindsAnIdToTheByte) {
  for (const char* id : {"", "App", "app ", "ap", "appx"}) EXPECT_EQ(find(id), "client_unknown") << id;
}

TEST_F(ClientAuthentication, TellsADisabledClientAndAnUnknownOneAlike) {
  EXPECT_EQ(find("disabled"), "client_unknown");
  EXPECT_EQ(authenticate("disabled", secret), "client_unknown") << "with its own secret";
  EXPECT_EQ(authenticate("stranger", secret), "client_unknown");
}

TEST_F(ClientAuthentication, TakesNoSecretButTheClientsOwn) {
  EXPECT_EQ(authenticate("app", secret), "app");
  EXPECT_EQ(authenticate("other", foreign_secret), "other");
  const std::string own = secret;
  for (const std::string& shown : {std::string(), own.substr(1), own + "x", own.substr(0, own.size() - 1), own + '\0',
                                   std::string(foreign_secret), std::string("THE") + own.substr(3)})
    EXPECT_EQ(authenticate("app", shown), "client_refused") << shown;
}

TEST_F(ClientAuthentication, TakesAPublicClientThatShowsNoSecret) {
  EXPECT_EQ(authenticate("page", ""), "page");
  EXPECT_EQ(authenticate("page", secret), "client_refused");
  Client page = client("page", std::nullopt);
  page.secret = sha256(secret);
  EXPECT_FALSE(is_secret_of(page, Secret<>(secret))) << "whatever its row says";
}

TEST_F(ClientAuthentication, TakesNobodyForAConfidentialClientWithoutASecret) {
  Client app = client("app", secret);
  app.secret.reset();
  for (const char* shown : {"", secret}) EXPECT_FALSE(is_secret_of(app, Secret<>(shown))) << shown;
}

TEST_F(ClientAuthentication, BelievesAChangeMoreThanWhatWasReadBeforeIt) {
  store.after_read = [this] {
    const auto erase = [](Transaction& t) -> Result<bool> { return t.clients().erase("app"); };
    ASSERT_TRUE(run(rows->write(erase, Deadline::max())));
    directory.apply({"app", nullptr});
  };
  EXPECT_EQ(find("app"), "client_unknown") << "it went while all were read";
  EXPECT_EQ(find("other"), "other");
}

TEST_F(ClientAuthentication, FindsAClientAlthoughAnotherOneChangesWhileAllAreRead) {
  store.after_read = [this] { directory.apply({"new", std::make_shared<const Client>(client("new", secret))}); };
  EXPECT_EQ(find("app"), "app");
  EXPECT_TRUE(directory.is_complete());
}

TEST_F(ClientAuthentication, KnowsAClientByItsEffectBeforeAllWereRead) {
  directory.apply({"new", std::make_shared<const Client>(client("new", secret))});
  EXPECT_EQ(authenticate("new", secret), "new");
  EXPECT_EQ(store.reads, 0);
}

}  // namespace
}  // namespace propusk::core
