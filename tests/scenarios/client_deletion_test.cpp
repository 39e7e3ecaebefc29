// What is left of a client that an operator deletes: nothing, also when another one is registered under its id.
#include <gtest/gtest.h>

#include <chrono>

#include "core/admin/client_administration.hpp"
#include "tests/scenarios/oauth_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

class ClientDeletion : public ::testing::Test {
 protected:
  ClientDeletion() { EXPECT_EQ(people.register_stock("ann", "ann@example.com").status, 201); }
  void delete_client(const std::string& id) {
    ASSERT_TRUE(server.application().wait_for(
        core::delete_client(id, server.as_operator(), server.application().administration())));
    server.clock().advance(1s);
  }
  [[nodiscard]] bool is_live(const std::string& access) const { return people.is_live("Bearer " + access); }

  TestServer server{oauth_settings()};
  DjoserClient people{server};
  WebClient web{server};
  OauthClient app{server, "app"}, other{server, "other"};
};

TEST_F(ClientDeletion, EndsWhatTheClientGotAtOnce) {
  const OauthPair pair = app.pair_of("ann"), kept = other.pair_of("ann");
  delete_client("app");
  EXPECT_FALSE(is_live(pair.access));
  EXPECT_EQ(app.refresh(pair.refresh).body, R"({"error":"invalid_client"})");
  EXPECT_TRUE(is_live(kept.access));
  server.restart();
  EXPECT_FALSE(is_live(pair.access));
  EXPECT_TRUE(is_live(kept.access));
}

TEST_F(ClientDeletion, LeavesNothingToWhoeverIsRegisteredUnderTheSameId) {
  const OauthPair pair = app.pair_of("ann");
  const std::string own = app.own_token(), code = app.code_for(web.session_of("ann"));
  delete_client("app");

  const OauthClient successor(server, "app");

  for (const bool is_restarted : {false, true}) {
    if (is_restarted) server.restart();
    EXPECT_FALSE(is_live(pair.access));
    EXPECT_EQ(successor.refresh(pair.refresh).body, R"({"error":"invalid_grant"})");
    EXPECT_EQ(successor.exchange(code).body, R"({"error":"invalid_grant"})");
    for (const std::string& token : {pair.access, own}) EXPECT_FALSE(successor.says_live(token));
  }
  EXPECT_TRUE(is_live(successor.pair_of("ann").access)) << "but fresh ones are given";
}

}  // namespace
}  // namespace propusk::testing
