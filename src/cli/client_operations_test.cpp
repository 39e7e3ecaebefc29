// Clients by operators' verbs: what is registered as, what is refused with which words, and that a secret is said once.
#include "cli/client_operations.hpp"

#include "base/testing/run_task.hpp"
#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class ClientOperations : public Operations {
 protected:
  /// A request for a confidential client named Album, with `more` members.
  static std::string creation(const json::object& more = {}) {
    json::object request{{"verb", "client.create"}, {"name", "Album"}, {"id", "album"}};
    for (const auto& member : more) request.insert_or_assign(member.key(), member.value());
    return json::serialize(request);
  }
  json::object create(const json::object& more = {}) { return result(creation(more)); }
  json::object on_album(std::string_view verb) { return result(asked(verb, "album")); }
  json::object refused(const std::string& request) {
    json::object answer = ask(request);
    EXPECT_EQ(answer.at("failure"), "refused") << json::serialize(answer);
    return answer;
  }
  /// What an operator reads why a creation was refused.
  std::string why_not(const json::object& more) {
    const json::object answer = refused(creation(more));
    EXPECT_EQ(answer.at("reasons"), (json::array{"client_malformed"}));
    return std::string(answer.at("message").as_string());
  }
  static std::string asked(std::string_view verb, std::string_view id) {
    return json::serialize(json::object{{"verb", verb}, {"identifier", id}});
  }
  std::size_t registered() { return result(R"({"verb":"client.list"})").at("clients").as_array().size(); }
  /// Opens a token that the client got, and returns its digest.
  Digest open_token_of(const std::string& client) {
    core::Credential token;
    token.digest = sha256("token of " + client);
    token.kind = core::CredentialKind::oauth_access;
    token.account = core::AccountId{create_ann().at("id").as_int64()};
    token.epoch = 1;
    token.created_at = token.seen_at = clock.now();
    token.expires_at = clock.now() + 12h;
    write([token, client](core::Transaction& t) mutable {
      token.terms = core::CredentialTerms{client, t.clients().find(client)->epoch, "read"};
      t.credentials().insert(token);
    });
    return token.digest;
  }
  /// As a check sees it: by memory, or where that is in doubt by the store.
  bool is_live(const Digest& token) {
    const core::Standing standing = live.check(token, clock.now()).standing;
    if (standing != core::Standing::unknown) return standing == core::Standing::live;
    const auto held = propusk::testing::run(store->look_up(token, Deadline::max()));
    return held && held->is_in_force;
  }
};

TEST_F(ClientOperations, AClientIsRegisteredWithWhatMostAreThereFor) {
  const json::object made = create();
  EXPECT_EQ(made.at("id"), "album");
  EXPECT_EQ(made.at("name"), "Album");
  EXPECT_EQ(made.at("kind"), "confidential");
  EXPECT_EQ(made.at("state"), "active");
  EXPECT_EQ(made.at("grants"), (json::array{"convert_token", "refresh_token"}));
  EXPECT_EQ(made.at("scopes"), (json::array{"read", "write"}));
  EXPECT_EQ(made.at("backends"), json::array{}) << "none named: all";
  EXPECT_EQ(made.at("skips_consent"), false);
  EXPECT_EQ(made.at("introspects"), false);
  EXPECT_EQ(made.at("created_at"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(made.at("secret_changed_at"), "2026-01-01T00:00:00Z");
  EXPECT_THAT(std::string(made.at("secret").as_string()), MatchesRegex("[A-Za-z0-9_-]{43}"));
  EXPECT_EQ(actions(), std::multiset<std::string>{"client_created"});
}

TEST_F(ClientOperations, APublicClientHasNoSecretAndAsksPeople) {
  const json::object made = create({{"public", true}, {"redirect_uris", json::array{"com.example.album:/cb"}}});
  EXPECT_EQ(made.at("kind"), "public");
  EXPECT_EQ(made.at("grants"), (json::array{"authorization_code", "refresh_token"}));
  EXPECT_FALSE(made.contains("secret"));
  EXPECT_EQ(made.at("secret_changed_at"), nullptr);
}

TEST_F(ClientOperations, EverythingThatIsAskedForIsRegistered) {
  create({{"secret", std::string(32, 's')},
          {"grants", json::array{"password", "authorization_code", "client_credentials"}},
          {"scopes", json::array{"read", "album:print"}},
          {"backends", json::array{"google-oauth2"}},
          {"redirect_uris", json::array{"https://album.example/cb"}},
          {"origins", json::array{"https://album.example"}},
          {"skip_consent", true},
          {"introspect", true}});

  const json::object shown = on_album("client.show");
  EXPECT_EQ(shown.at("grants"), (json::array{"password", "authorization_code", "client_credentials"}));
  EXPECT_EQ(shown.at("scopes"), (json::array{"read", "album:print"}));
  EXPECT_EQ(shown.at("backends"), json::array{"google-oauth2"});
  EXPECT_EQ(shown.at("redirect_uris"), json::array{"https://album.example/cb"});
  EXPECT_EQ(shown.at("origins"), json::array{"https://album.example"});
  EXPECT_EQ(shown.at("skips_consent"), true);
  EXPECT_EQ(shown.at("introspects"), true);
}

TEST_F(ClientOperations, AnIdThatIsNotGivenIsDrawn) {
  const std::string first(create({{"id", ""}}).at("id").as_string()), second(create({{"id", ""}}).at("id").as_string());
  EXPECT_THAT(first, MatchesRegex("[0-9A-Za-z]{40}"));
  EXPECT_NE(first, second);
}

TEST_F(ClientOperations, ASecretIsSaidByTheVerbThatMadeItAndByNoOther) {
  const std::string given(200, 's');
  const std::string drawn(create({{"id", "drawn"}}).at("secret").as_string());
  EXPECT_EQ(create({{"secret", given}}).at("secret").as_string(), given);

  std::string seen = json::serialize(result(R"({"verb":"client.list"})")) +
                     json::serialize(result(R"({"verb":"audit.list","identifier":"","limit":1000})"));
  for (const char* verb : {"client.show", "client.disable", "client.enable", "client.delete"})
    seen += json::serialize(on_album(verb));
  for (const std::string& secret : {given, drawn})
    for (const std::string& kept : {secret, to_hex(sha256(secret).bytes), to_base64url(sha256(secret).bytes)})
      EXPECT_FALSE(seen.contains(kept)) << kept;
}

TEST_F(ClientOperations, AnIdIsOneClients) {
  create();
  const json::object answer = refused(creation({{"name", "Another"}}));
  EXPECT_EQ(answer.at("reasons"), (json::array{"client_taken"}));
  EXPECT_FALSE(answer.contains("secret"));
  EXPECT_EQ(on_album("client.show").at("name"), "Album");
  EXPECT_EQ(create({{"id", "Album"}}).at("id"), "Album") << "ids are told apart to the byte";
}

TEST_F(ClientOperations, WhatCannotBeIsRefusedWithWhatToWrite) {
  const std::string secret(32, 's');
  EXPECT_THAT(why_not({{"name", ""}}), HasSubstr("1 to 255 characters"));
  EXPECT_THAT(why_not({{"name", std::string(256, 'n')}}), HasSubstr("1 to 255 characters"));
  EXPECT_THAT(why_not({{"id", "al:bum"}}), HasSubstr("without colon"));
  EXPECT_THAT(why_not({{"id", std::string(101, 'i')}}), HasSubstr("1 to 100"));
  EXPECT_THAT(why_not({{"secret", std::string(31, 's')}}), HasSubstr("32 to 200"));
  EXPECT_THAT(why_not({{"secret", std::string(201, 's')}}), HasSubstr("32 to 200"));
  EXPECT_THAT(why_not({{"secret", ""}}), HasSubstr("32 to 200"));
  EXPECT_THAT(why_not({{"public", true}, {"secret", secret}}), HasSubstr("has no secret"));
  EXPECT_THAT(why_not({{"public", true}}), HasSubstr("redirect URI"));
  EXPECT_THAT(why_not({{"grants", json::array{"authorization_code"}}}), HasSubstr("redirect URI"));
  for (const char* grant : {"convert_token", "password", "client_credentials"})
    EXPECT_THAT(why_not({{"public", true}, {"grants", json::array{grant}}}), HasSubstr(grant));
  EXPECT_THAT(why_not({{"scopes", json::array{"read write"}}}), HasSubstr("one word"));
  EXPECT_THAT(why_not({{"redirect_uris", json::array{"http://album.example/cb"}}}), HasSubstr("a redirect URI is"));
  EXPECT_THAT(why_not({{"redirect_uris", json::array{"https://album.example/#cb"}}}), HasSubstr("a redirect URI is"));
  EXPECT_THAT(why_not({{"origins", json::array{"https://album.example/"}}}), HasSubstr("without a path"));
  EXPECT_THAT(why_not({{"scopes", json::array(51, "read")}}), HasSubstr("at most 50"));
  EXPECT_EQ(registered(), 0U);
  EXPECT_EQ(actions(), std::multiset<std::string>{});
}

TEST_F(ClientOperations, AGrantThatThereIsNotIsToldWithThoseThereAre) {
  for (const char* grant : {"implicit", "Password", ""}) {
    const json::object answer = ask(creation({{"grants", json::array{"password", grant}}}));
    EXPECT_EQ(answer.at("failure"), "malformed");
    EXPECT_THAT(std::string(answer.at("message").as_string()),
                HasSubstr("convert_token, password, refresh_token, client_credentials, authorization_code"));
  }
  EXPECT_EQ(registered(), 0U);
}

TEST_F(ClientOperations, ABackendThatIsNoneIsNamedBesideThoseThatAre) {
  const json::object answer = ask(creation({{"backends", json::array{"google"}}}));
  EXPECT_EQ(answer.at("failure"), "malformed");
  EXPECT_THAT(std::string(answer.at("message").as_string()),
              HasSubstr("no backend google: write one of google-oauth2"));
  EXPECT_EQ(registered(), 0U);
}

TEST_F(ClientOperations, ARefusalDoesNotRepeatTheSecret) {
  const std::string weak = "hunter2-too-short";
  EXPECT_THAT(json::serialize(refused(creation({{"secret", weak}}))), Not(HasSubstr(weak)));
}

TEST_F(ClientOperations, ClientsAreListedById) {
  for (const char* id : {"b", "a", "c"}) create({{"id", id}});
  std::vector<std::string> ids;
  for (const auto& client : result(R"({"verb":"client.list"})").at("clients").as_array())
    ids.emplace_back(client.at("id").as_string());
  EXPECT_THAT(ids, ElementsAre("a", "b", "c"));
}

TEST_F(ClientOperations, ANewSecretTakesThePlaceOfTheOldAndTokensLiveOn) {
  const std::string before(create().at("secret").as_string());
  const Digest token = open_token_of("album");
  clock.advance(1h);

  const json::object rotated = on_album("client.rotate_secret");

  const std::string after(rotated.at("secret").as_string());
  EXPECT_NE(after, before);
  EXPECT_EQ(rotated.at("secret_changed_at"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(rotated.at("created_at"), "2026-01-01T00:00:00Z");
  write([after](core::Transaction& t) { EXPECT_EQ(t.clients().find("album")->secret, sha256(after)); });
  EXPECT_TRUE(is_live(token));
  EXPECT_TRUE(actions().contains("client_secret_rotated"));
}

TEST_F(ClientOperations, APublicClientHasNoSecretToRotate) {
  create({{"public", true}, {"redirect_uris", json::array{"https://album.example/cb"}}});
  const json::object answer = refused(asked("client.rotate_secret", "album"));
  EXPECT_EQ(answer.at("message"), "a public client has no secret");
  write([](core::Transaction& t) { EXPECT_FALSE(t.clients().find("album")->secret); });
}

TEST_F(ClientOperations, WhatADisabledClientGotIsDeadAtOnceAndStaysDead) {
  create();
  const Digest token = open_token_of("album");
  ASSERT_TRUE(is_live(token));

  EXPECT_EQ(on_album("client.disable").at("state"), "disabled");
  EXPECT_FALSE(is_live(token));
  EXPECT_EQ(on_album("client.show").at("state"), "disabled");

  EXPECT_EQ(on_album("client.enable").at("state"), "active");
  EXPECT_FALSE(is_live(token));
  EXPECT_TRUE(actions().contains("client_disabled") && actions().contains("client_enabled"));
}

TEST_F(ClientOperations, ADeletedClientIsGoneWithWhatItGotEvenIfItsIdComesBack) {
  create();
  const Digest token = open_token_of("album");
  clock.advance(1s);

  EXPECT_EQ(on_album("client.delete").at("id"), "album");

  EXPECT_FALSE(is_live(token));
  EXPECT_EQ(registered(), 0U);
  create();
  EXPECT_FALSE(is_live(token));
  EXPECT_TRUE(actions().contains("client_deleted"));
}

TEST_F(ClientOperations, NobodysIdIsRefusedByEveryVerbAndWritesNothing) {
  for (const char* verb : {"client.show", "client.rotate_secret", "client.disable", "client.enable", "client.delete"})
    for (const char* id : {"nobody", "", "ALBUM"})
      EXPECT_EQ(refused(asked(verb, id)).at("reasons"), (json::array{"client_unknown"})) << verb;
  EXPECT_EQ(actions(), std::multiset<std::string>{});
}

}  // namespace
}  // namespace propusk::cli
