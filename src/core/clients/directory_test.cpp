// ClientDirectory: what is in memory is what the last committed write said, whoever reads the store meanwhile.
#include "core/clients/directory.hpp"

#include <gtest/gtest.h>

namespace propusk::core {
namespace {

Client client(const std::string& id, const std::string& name = "", std::vector<std::string> origins = {}) {
  Client client;
  client.id = id;
  client.name = name;
  client.origins = std::move(origins);
  return client;
}
ClientChange changed(const Client& now) { return {now.id, std::make_shared<const Client>(now)}; }
std::string name_of(const ClientDirectory& directory, const std::string& id) {
  const SharedClient found = directory.find(id);
  return found ? found->name : "nobody";
}

TEST(Directory, KnowsNobodyUntilAllWerePutIn) {
  ClientDirectory directory;
  EXPECT_FALSE(directory.is_complete());
  EXPECT_FALSE(directory.find("app"));

  EXPECT_TRUE(directory.load(directory.ticket(), {client("app", "App"), client("other", "Other")}));

  EXPECT_TRUE(directory.is_complete());
  EXPECT_EQ(name_of(directory, "app"), "App");
  EXPECT_EQ(name_of(directory, "other"), "Other");
  EXPECT_FALSE(directory.find("APP"));
  EXPECT_FALSE(directory.find(""));
}

TEST(Directory, IsCompleteWithoutAnyClient) {
  ClientDirectory directory;
  EXPECT_TRUE(directory.load(directory.ticket(), {}));
  EXPECT_TRUE(directory.is_complete());
}

TEST(Directory, HoldsOnlyWhatWasLoadedLast) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("gone"), client("app", "before")});
  EXPECT_TRUE(directory.load(directory.ticket(), {client("app", "after")}));
  EXPECT_FALSE(directory.find("gone"));
  EXPECT_EQ(name_of(directory, "app"), "after");
}

TEST(Directory, FollowsEveryCommittedChange) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("app", "before")});

  directory.apply(changed(client("app", "after")));
  directory.apply(changed(client("new", "New")));
  EXPECT_EQ(name_of(directory, "app"), "after");
  EXPECT_EQ(name_of(directory, "new"), "New");

  directory.apply({"app", nullptr});
  directory.apply({"unknown", nullptr});
  EXPECT_FALSE(directory.find("app"));
  EXPECT_EQ(name_of(directory, "new"), "New");
  EXPECT_TRUE(directory.is_complete());
}

TEST(Directory, IsNotMadeCompleteByAChange) {
  ClientDirectory directory;
  directory.apply(changed(client("app", "App")));
  EXPECT_EQ(name_of(directory, "app"), "App");
  EXPECT_FALSE(directory.is_complete());
}

TEST(Directory, TakesNothingThatWasReadBeforeAChange) {
  ClientDirectory directory;
  const std::uint64_t before = directory.ticket();
  directory.apply(changed(client("app", "changed")));

  EXPECT_FALSE(directory.load(before, {client("app", "read before"), client("other")}));

  EXPECT_EQ(name_of(directory, "app"), "changed");
  EXPECT_FALSE(directory.find("other"));
  EXPECT_FALSE(directory.is_complete());
  EXPECT_TRUE(directory.load(directory.ticket(), {client("app", "changed"), client("other")}));
}

TEST(Directory, BringsBackNobodyWhoWentWhileAllWereRead) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("app")});
  const std::uint64_t before = directory.ticket();
  directory.apply({"app", nullptr});

  EXPECT_FALSE(directory.load(before, {client("app")}));

  EXPECT_FALSE(directory.find("app"));
}

TEST(Directory, IsReadAgainAfterAChangeOfUnknownOutcome) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("app"), client("other", "Other")});
  const std::uint64_t before = directory.ticket();

  directory.forget("app");

  EXPECT_FALSE(directory.find("app"));
  EXPECT_EQ(name_of(directory, "other"), "Other");
  EXPECT_FALSE(directory.is_complete());
  EXPECT_FALSE(directory.load(before, {client("app")})) << "it was read before";
  EXPECT_TRUE(directory.load(directory.ticket(), {client("app", "App")}));
  EXPECT_TRUE(directory.is_complete());
  EXPECT_EQ(name_of(directory, "app"), "App");
}

TEST(Directory, IsReadAgainAlsoForSomebodyUnknown) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {});
  directory.forget("perhaps");
  EXPECT_FALSE(directory.is_complete()) << "the registration may have been committed";
}

TEST(Directory, LeavesReadersWhatTheyWereGiven) {
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("app", "before")});
  const SharedClient held = directory.find("app");
  directory.apply(changed(client("app", "after")));
  directory.apply({"app", nullptr});
  EXPECT_EQ(held->name, "before");
}

TEST(Directory, KnowsTheOriginsOfActiveClients) {
  ClientDirectory directory;
  EXPECT_FALSE(directory.has_origins());
  Client disabled = client("off", "", {"https://off.example"});
  disabled.state = ClientState::disabled;
  directory.load(directory.ticket(), {disabled, client("server")});
  EXPECT_FALSE(directory.has_origins());

  directory.apply(changed(client("page", "", {"https://page.example", "http://localhost:3000"})));

  EXPECT_TRUE(directory.has_origins());
  EXPECT_TRUE(directory.has_origin("https://page.example"));
  EXPECT_TRUE(directory.has_origin("http://localhost:3000"));
  for (const char* origin : {"https://off.example", "https://page.example:443", "http://page.example", "page.example",
                             "https://page.example.evil.example", "https://Page.example", "null", ""})
    EXPECT_FALSE(directory.has_origin(origin)) << origin;
}

TEST(Directory, ForgetsAnOriginWithTheLastClientThatHasIt) {
  const std::string origin = "https://page.example";
  ClientDirectory directory;
  directory.load(directory.ticket(), {client("one", "", {origin}), client("two", "", {origin})});
  Client disabled = client("one", "", {origin});
  disabled.state = ClientState::disabled;

  directory.apply(changed(disabled));
  EXPECT_TRUE(directory.has_origin(origin)) << "another client's too";
  directory.apply({"two", nullptr});
  EXPECT_FALSE(directory.has_origin(origin));
  EXPECT_FALSE(directory.has_origins());

  directory.apply(changed(client("one", "", {origin})));
  EXPECT_TRUE(directory.has_origin(origin)) << "enabled again";
  directory.forget("one");
  EXPECT_FALSE(directory.has_origin(origin));
}

}  // namespace
}  // namespace propusk::core
