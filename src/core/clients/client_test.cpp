// What a client may be, may ask for, and may be told, to the word.
#include "core/clients/client.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {

Client client_with_scopes(std::vector<std::string> scopes) {
  Client client;
  client.id = "app";
  client.scopes = std::move(scopes);
  return client;
}
/// What came of asking for a scope, or the name of the refusal.
std::string told(const Result<std::string>& scope) {
  return scope ? *scope : std::string(refusal_name(scope.error().why));
}

TEST(Clients, OfEveryKindAndStateAreStoredByANameThatComesBack) {
  for (const ClientKind kind : {ClientKind::confidential, ClientKind::open})
    EXPECT_EQ(client_kind(client_kind_name(kind)), kind);
  EXPECT_EQ(client_kind_name(ClientKind::open), "public");
  for (const ClientState state : {ClientState::active, ClientState::disabled})
    EXPECT_EQ(client_state(client_state_name(state)), state);
  for (const char* name : {"", "open", "Public", "confidential "}) EXPECT_FALSE(client_kind(name)) << name;
  for (const char* name : {"", "Active", "deleted"}) EXPECT_FALSE(client_state(name)) << name;
}

TEST(Clients, HaveOneRowForEveryGrant) {
  for (const ClientGrantRow& row : client_grants) {
    EXPECT_EQ(&row_of(row.grant), &row) << row.name;
    EXPECT_EQ(client_grant(row.name), row.grant);
  }
  for (const char* name : {"", "Password", "refresh", "implicit", "password refresh_token"})
    EXPECT_FALSE(client_grant(name)) << name;
}

TEST(Clients, MayAskOnlyInTheWaysThatTheyWereGiven) {
  for (const ClientGrantRow& given : client_grants) {
    Client client;
    client.kind = ClientKind::confidential;
    client.grants = {given.grant};
    for (const ClientGrantRow& row : client_grants)
      EXPECT_EQ(may(client, row.grant), row.grant == given.grant) << row.name << " by one with " << given.name;
  }
  EXPECT_FALSE(may(Client{}, ClientGrant::refresh_token));
}

TEST(Clients, WithoutASecretMayOnlyUseCodesAndRefreshTokensWhateverTheirRowSays) {
  Client client;
  client.kind = ClientKind::open;
  for (const ClientGrantRow& row : client_grants) client.grants.push_back(row.grant);
  EXPECT_TRUE(may(client, ClientGrant::authorization_code));
  EXPECT_TRUE(may(client, ClientGrant::refresh_token));
  EXPECT_FALSE(may(client, ClientGrant::password));
  EXPECT_FALSE(may(client, ClientGrant::client_credentials));
  EXPECT_FALSE(may(client, ClientGrant::convert_token));
}

TEST(Clients, HaveIdsOfOneToAHundredPrintableCharactersWithoutAColon) {
  for (const std::string& id : {std::string("a"), std::string("!~"), std::string(100, 'x'), std::string("App.1/web")})
    EXPECT_TRUE(is_client_id(id)) << id;
  for (const std::string& id : {std::string(), std::string(101, 'x'), std::string("a:b"), std::string("a b"),
                                std::string("a\n"), std::string("a\x7f"), std::string("\xc3\xbc"), std::string(1, 0)})
    EXPECT_FALSE(is_client_id(id)) << id;
}

TEST(Clients, HaveSecretsThatNobodyGuesses) {
  for (const std::size_t size : {32U, 200U}) EXPECT_TRUE(is_client_secret(std::string(size, 'x'))) << size;
  for (const std::size_t size : {0U, 31U, 201U}) EXPECT_FALSE(is_client_secret(std::string(size, 'x'))) << size;
  EXPECT_TRUE(is_client_secret(std::string(31, 'x') + ":"));
  for (const char* bad : {" ", "\t", "\x7f", "\xc3"}) EXPECT_FALSE(is_client_secret(std::string(40, 'x') + bad)) << bad;

  testing::SeededRandom random;
  const Secret<> one = new_client_secret(random), other = new_client_secret(random);
  EXPECT_EQ(one.reveal().size(), 43U) << "256 bits as base64url";
  EXPECT_TRUE(is_client_secret(one.reveal()));
  EXPECT_FALSE(one == other);
}

TEST(ClientScopes, AreAllOfTheClientsForNothingAsked) {
  const Client client = client_with_scopes({"read", "write", "album.share"});
  EXPECT_EQ(told(granted_scope(client, "")), "read write album.share");
  EXPECT_EQ(told(granted_scope(client, "  ")), "read write album.share");
  EXPECT_EQ(told(granted_scope(client_with_scopes({}), "")), "");
}

TEST(ClientScopes, AreToldOnceEachInTheOrderOfTheClient) {
  const Client client = client_with_scopes({"read", "write", "album.share"});
  EXPECT_EQ(told(granted_scope(client, "album.share read")), "read album.share");
  EXPECT_EQ(told(granted_scope(client, " write  write ")), "write");
}

TEST(ClientScopes, AreRefusedAsAWholeForOneWordThatIsNotTheClients) {
  const Client client = client_with_scopes({"read", "write"});
  for (const char* asked : {"admin", "read admin", "admin read", "READ", "rea", "reads", "read,write", "read\twrite"})
    EXPECT_EQ(told(granted_scope(client, asked)), "scope_refused") << asked;
  EXPECT_EQ(told(granted_scope(client_with_scopes({}), "read")), "scope_refused");
}

TEST(ClientScopes, AreNarrowedAndNeverWidened) {
  EXPECT_EQ(told(narrowed_scope("read write", "")), "read write");
  EXPECT_EQ(told(narrowed_scope("read write", "write")), "write");
  EXPECT_EQ(told(narrowed_scope("read write", "write read")), "read write");
  EXPECT_EQ(told(narrowed_scope("", "")), "");
  for (const char* asked : {"admin", "read admin", "re"})
    EXPECT_EQ(told(narrowed_scope("read write", asked)), "scope_refused") << asked;
  EXPECT_EQ(told(narrowed_scope("read", "read write")), "scope_refused");
  EXPECT_EQ(told(narrowed_scope("", "read")), "scope_refused");
}

TEST(ClientScopes, PermitWhatTheyNameAndNoMore) {
  const auto permitted = [](const std::string& scope) {
    const CredentialTerms terms{.client = "app", .client_epoch = 1, .scope = scope};
    return std::pair(permits(&terms, Access::read), permits(&terms, Access::write));
  };
  EXPECT_EQ(permitted("read"), std::pair(true, false));
  EXPECT_EQ(permitted("write"), std::pair(false, true)) << "one does not bring the other";
  EXPECT_EQ(permitted("write read"), std::pair(true, true));
  for (const char* scope : {"", "readwrite", "read:albums read-write", "Read WRITE"})
    EXPECT_EQ(permitted(scope), std::pair(false, false)) << scope;
}

TEST(ClientScopes, AreNoMatterForWhatThePersonOpened) {
  EXPECT_TRUE(permits(nullptr, Access::read));
  EXPECT_TRUE(permits(nullptr, Access::write));
}

}  // namespace
}  // namespace propusk::core
