// What the tokens of djoser promise: one per sign-in, ended one by one or all at once, by time and by number, kept as
// digests alone, and good for nothing where another kind is asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/jwt_claims.hpp"
#include "tests/scenarios/mobile_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* unknown_token = R"({"detail":"Invalid token."})";

class DjoserTokens : public ::testing::Test {
 protected:
  explicit DjoserTokens(const config::Settings& settings = djoser_settings(config::DjoserProfile::stock))
      : server(settings) {
    EXPECT_EQ(client.register_stock("ann", "ann@example.com").status, 201);
    EXPECT_EQ(client.register_stock("bob", "bob@example.com").status, 201);
  }
  [[nodiscard]] std::string bearer_of(const std::string& name) const { return "JWT " + client.pair_of(name).access; }

  TestServer server;
  DjoserClient client{server};
  EnvelopeClient envelope{server};
  MobileClient mobile{server};
};

TEST_F(DjoserTokens, EverySignInHasATokenOfItsOwn) {
  const std::string phone = member(client.sign_in("ann"), "auth_token");
  const std::string tablet = member(client.sign_in("ann"), "auth_token");

  EXPECT_NE(phone, tablet);
  for (const std::string& token : {phone, tablet}) {
    EXPECT_EQ(token.size(), 40U);
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos) << token;
    EXPECT_EQ(member(client.me("Token " + token), "username"), "ann");
  }
}

TEST_F(DjoserTokens, SigningOutEndsThePresentedOneAlone) {
  const std::string phone = client.token_of("ann"), tablet = client.token_of("ann"), pair = bearer_of("ann"),
                    other_pair = bearer_of("ann");
  server.clock().advance(1s);

  EXPECT_EQ(client.sign_out(phone).status, 204);
  EXPECT_EQ(client.sign_out(pair).status, 204);

  EXPECT_EQ(client.me(phone).body, unknown_token);
  EXPECT_EQ(client.me(pair).status, 401);
  EXPECT_TRUE(client.is_live(tablet));
  EXPECT_TRUE(client.is_live(other_pair));
  const Answer again = client.sign_out(phone);
  EXPECT_EQ(again.status, 401);
  EXPECT_EQ(again.body, unknown_token);
  EXPECT_EQ(server.audit("ann").front().action, core::AuditAction::signed_out);
}

class DjoserLogoutOfAll : public DjoserTokens {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.djoser.logout = config::TokenLogout::all;
    return settings;
  }
  DjoserLogoutOfAll() : DjoserTokens(settings()) {}
};

TEST_F(DjoserLogoutOfAll, OneSignOutEndsEveryTokenOfTheAccountAndNoSession) {
  const std::vector<std::string> ended{client.token_of("ann"), client.token_of("ann"), bearer_of("ann"),
                                       bearer_of("ann")};
  const std::string refresh = client.pair_of("ann").refresh, of_bob = client.token_of("bob");
  const std::string session = mobile.session_of("ann");
  server.clock().advance(1s);

  EXPECT_EQ(client.sign_out(ended[0]).status, 204);

  for (const std::string& token : ended) EXPECT_EQ(client.me(token).status, 401) << token;
  EXPECT_EQ(client.refresh(refresh).status, 401);
  EXPECT_TRUE(client.is_live(of_bob));
  EXPECT_TRUE(mobile.is_live(session));
  EXPECT_EQ(server.audit("ann").front().action, core::AuditAction::tokens_ended);
  server.restart();
  for (const std::string& token : ended) EXPECT_EQ(client.me(token).status, 401) << token;
}

// Last-seen is known to the hour, so want of use is too (DESIGN.md §5).
TEST_F(DjoserTokens, OneEndsAfterThirtyDaysWithoutUse) {
  const std::string seen_in_time = client.token_of("ann"), seen_too_late = client.token_of("ann"),
                    never_seen = client.token_of("ann");

  server.clock().advance(30 * 24h + 1h - 1us);
  EXPECT_TRUE(client.is_live(seen_in_time));

  server.clock().advance(1us);
  EXPECT_TRUE(client.is_live(seen_in_time));
  EXPECT_EQ(client.me(seen_too_late).body, unknown_token);
  server.restart();
  EXPECT_TRUE(client.is_live(seen_in_time));
  EXPECT_EQ(client.me(never_seen).body, unknown_token);
}

TEST_F(DjoserTokens, OneThatIsUsedEveryDayLivesAHundredAndEightyDaysAndNotOneMore) {
  const std::string token = client.token_of("ann");
  for (int day = 1; day < 180; ++day) {
    server.clock().advance(24h);
    if (day % 25 == 0) server.restart();  // now only the store knows when it was used
    ASSERT_TRUE(client.is_live(token)) << day;
  }
  server.clock().advance(24h - 1us);
  EXPECT_TRUE(client.is_live(token));

  server.clock().advance(1us);
  EXPECT_EQ(client.me(token).body, unknown_token);
  server.restart();
  EXPECT_EQ(client.me(token).body, unknown_token);
}

class DjoserTokenLife : public DjoserTokens {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.djoser.token_lifetime = 2h;
    settings.djoser.token_idle = 0s;  // never for want of use
    settings.djoser.jwt_access_lifetime = 60s;
    settings.djoser.jwt_refresh_lifetime = 600s;
    return settings;
  }
  DjoserTokenLife() : DjoserTokens(settings()) {}
};

TEST_F(DjoserTokenLife, HowLongTokensLiveIsASetting) {
  const std::string token = client.token_of("ann");
  const JwtPair pair = client.pair_of("ann");

  server.clock().advance(59s);
  EXPECT_TRUE(client.is_live("JWT " + pair.access));
  server.clock().advance(1s);
  EXPECT_FALSE(client.is_live("JWT " + pair.access));
  server.clock().advance(539s);
  EXPECT_EQ(client.verify(pair.refresh).status, 200);
  server.clock().advance(1s);
  EXPECT_EQ(client.refresh(pair.refresh).status, 401);
  server.clock().advance(2h - 600s - 1us);
  EXPECT_TRUE(client.is_live(token));
  server.clock().advance(1us);
  EXPECT_FALSE(client.is_live(token));
}

TEST_F(DjoserTokens, AnAccountKeepsAHundredOfEachKindAndTheOldestEnds) {
  const std::string first_token = client.token_of("ann"), first_pair = client.pair_of("ann").refresh;
  server.clock().advance(1s);
  const std::string second_token = client.token_of("ann"), second_pair = client.pair_of("ann").refresh;
  for (int i = 0; i < 98; ++i) {
    server.clock().advance(1s);
    ASSERT_EQ(client.sign_in("ann").status, 200);
    ASSERT_EQ(client.create_jwt("ann").status, 200);
  }
  EXPECT_EQ(live_tokens(server, "ann"), 200U);
  EXPECT_EQ(client.verify(first_pair).status, 200);

  server.clock().advance(1s);
  ASSERT_EQ(client.sign_in("ann").status, 200);

  EXPECT_FALSE(client.is_live(first_token));
  EXPECT_TRUE(client.is_live(second_token));
  EXPECT_EQ(client.verify(first_pair).status, 200) << "another kind has its own hundred";
  ASSERT_EQ(client.create_jwt("ann").status, 200);
  EXPECT_EQ(client.verify(first_pair).status, 401);
  EXPECT_EQ(client.verify(second_pair).status, 200);
  EXPECT_EQ(live_tokens(server, "ann"), 200U);
}

TEST_F(DjoserTokens, ARestartKeepsTokens) {
  const std::string token = client.token_of("ann"), ended = client.token_of("ann");
  const JwtPair pair = client.pair_of("ann");
  ASSERT_EQ(client.sign_out(ended).status, 204);

  server.restart();

  EXPECT_TRUE(client.is_live(token));
  EXPECT_TRUE(client.is_live("Bearer " + pair.access));
  EXPECT_EQ(client.refresh(pair.refresh).status, 200);
  EXPECT_EQ(client.me(ended).body, unknown_token);
}

/// Every byte below a directory.
std::string bytes_below(const std::filesystem::path& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}
std::string as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST_F(DjoserTokens, WhatIsStoredOfThemIsTheirDigestAlone) {
  const std::string token = member(client.sign_in("ann"), "auth_token");
  const JwtPair first = client.pair_of("ann");
  const JwtPair second = DjoserClient::pair_in(client.refresh(first.refresh));
  const JwtPair third = DjoserClient::pair_in(client.refresh(second.refresh));
  server.application().stop();

  const std::string stored = bytes_below(server.directory());

  // What lets somebody in, in hex on the wire.
  std::vector<std::string> secrets{token, claim(first.access, "sid"), claim(first.refresh, "jti")};
  for (const JwtPair& pair : {second, third}) secrets.push_back(claim(pair.refresh, "jti"));
  for (const std::string& secret : secrets) {
    EXPECT_FALSE(stored.contains(secret)) << secret;
    EXPECT_FALSE(stored.contains(as_text(from_hex(secret).value()))) << secret << " as bytes";
  }
  for (const JwtPair& pair : {first, second, third})
    for (const std::string& jwt : {pair.access, pair.refresh})
      EXPECT_FALSE(stored.contains(jwt.substr(jwt.rfind('.') + 1))) << "its signature is stored";
  // And this is how it would have been found.
  for (const std::string& digested : {token, claim(first.access, "sid"), claim(third.refresh, "jti")})
    EXPECT_TRUE(stored.contains(as_text(sha256(digested).bytes))) << digested;
}

TEST_F(DjoserTokens, EveryRouteThatTakesTokensTakesPairsUnderBothNames) {
  const std::string id = member(client.me(client.token_of("ann")), "id");
  const std::string wrong = R"({"current_password":"wrong-password"})";
  const std::string wrong_change = R"({"current_password":"wrong-password","new_password":"0ther-Pass-88"})";
  const std::string wrong_name = R"({"current_password":"wrong-password","new_username":"anna"})";
  const struct {
    const char* method;
    std::string path, body;
    int status;
  } routes[] = {
      {"GET", "/users/", "", 200},
      {"GET", "/users/me/", "", 200},
      {"GET", "/users/me", "", 200},
      {"PUT", "/users/me/", R"({"email":"ann@example.com"})", 200},
      {"PATCH", "/users/me/", "{}", 200},
      {"DELETE", "/users/me/", wrong, 400},
      {"GET", "/users/" + id + "/", "", 200},
      {"PUT", "/users/" + id + "/", R"({"email":"ann@example.com"})", 200},
      {"PATCH", "/users/" + id + "/", "{}", 200},
      {"DELETE", "/users/" + id + "/", wrong, 400},
      {"POST", "/users/set_password/", wrong_change, 400},
      {"POST", "/users/set_username/", wrong_name, 400},
      {"POST", "/token/logout/", "", 204},
      {"POST", "/token/logout", "", 204},
  };
  for (const auto& route : routes) {
    const Answer by_token = client.send(route.method, route.path, client.token_of("ann"), route.body);
    EXPECT_EQ(by_token.status, route.status) << route.method << ' ' << route.path << ' ' << by_token.body;
    for (const char* scheme : {"JWT ", "Bearer ", "jwt ", "BEARER  "}) {
      const Answer answer = client.send(route.method, route.path, scheme + client.pair_of("ann").access, route.body);
      EXPECT_EQ(whole(answer), whole(by_token)) << route.method << ' ' << route.path << ' ' << scheme;
    }
    EXPECT_EQ(client.send(route.method, route.path, "", route.body).status, 401) << route.method << ' ' << route.path;
    EXPECT_EQ(client.send(route.method, route.path, "Token " + std::string(40, 'a'), route.body).body, unknown_token);
  }
}

/// The places that take a credential: each says whether it was let in by one.
struct Places {
  const TestServer& server;
  const DjoserClient& client;
  const MobileClient& mobile;
  const EnvelopeClient& envelope;

  [[nodiscard]] std::string let_in_by(const std::string& value) const {
    std::string in;
    const auto note = [&in](const char* place, bool is_in) { in += is_in ? std::string(place) + " " : ""; };
    note("Token", client.is_live("Token " + value));
    note("JWT", client.is_live("JWT " + value));
    note("Bearer", client.is_live("Bearer " + value));
    note("mobile", mobile.is_live(value));
    note("envelope", envelope.is_live(value));
    note("edit", !envelope.edit(value, {{"password", "wrong-password"}}).body.contains("41"));
    note("verify", client.verify(value).status == 200);
    note("refresh", client.refresh(value).status == 200);
    return in;
  }
};

TEST_F(DjoserTokens, OneKindIsNothingWhereAnotherIsAskedFor) {
  const std::string token = member(client.sign_in("ann"), "auth_token"), session = mobile.session_of("ann");
  const JwtPair pair = client.pair_of("ann");
  const Places places{server, client, mobile, envelope};
  for (const bool is_in_memory : {true, false}) {
    if (!is_in_memory) server.restart();
    EXPECT_EQ(places.let_in_by(token), "Token ");
    EXPECT_EQ(places.let_in_by(session), "mobile envelope edit ");
    EXPECT_EQ(places.let_in_by(pair.access), "JWT Bearer verify ");
    EXPECT_EQ(places.let_in_by(pair.refresh), "verify refresh ");
    // Names that stand in the tokens, of which one has the form of a session.
    EXPECT_EQ(places.let_in_by(claim(pair.access, "sid")), "");
    EXPECT_EQ(places.let_in_by(claim(pair.access, "jti")), "");
    EXPECT_EQ(places.let_in_by(claim(pair.refresh, "jti")), "");
  }
  EXPECT_EQ(client.refresh(pair.access).body, R"({"detail":"Token has wrong type","code":"token_not_valid"})");
  EXPECT_EQ(client.me("Bearer " + token).body, R"({"detail":"Invalid token header. No credentials provided."})");
}

TEST_F(DjoserTokens, ASessionCookieThatNamesAnotherKindEndsNothing) {
  const JwtPair pair = client.pair_of("ann");
  const std::string name = claim(pair.access, "sid");

  mobile.sign_out(name);
  envelope.sign_out(name);
  EXPECT_EQ(mobile.sign_in("bob", password, name).status, 200);
  EXPECT_EQ(mobile.sign_in("ann", password, name).status, 200);

  EXPECT_TRUE(client.is_live("JWT " + pair.access));
}

class DjoserTokensWithLimits : public DjoserTokens {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.limits.enabled = true;
    return settings;
  }
  DjoserTokensWithLimits() : DjoserTokens(settings()) {}
  void use_up_unknown_secrets() {
    std::string key(32, 'x');
    // The allowance of a prefix is 200, and 20 a second come back while a slow machine asks.
    for (int i = 1'000; i < 6'000 && !mobile.start(key.replace(0, 4, std::to_string(i))).header("Retry-After"); ++i) {
    }
  }
};

TEST_F(DjoserTokensWithLimits, ASessionCookieThatNamesAnotherKindEndsNothingPastTheAllowanceEither) {
  const JwtPair pair = client.pair_of("ann");
  server.restart();  // memory no longer knows the pair
  use_up_unknown_secrets();

  mobile.sign_out(claim(pair.access, "sid"));

  server.clock().advance(60s);
  EXPECT_TRUE(client.is_live("JWT " + pair.access));
}

TEST_F(DjoserTokensWithLimits, UnknownTokensAreRationedAndKnownOnesAreNot) {
  const std::string token = client.token_of("ann");
  std::string unknown(40, 'a');
  Answer answer;
  for (int i = 1'000; i < 6'000 && answer.status != 429; ++i) {
    answer = client.me("Token " + unknown.replace(0, 4, std::to_string(i)));
  }

  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.body, R"({"detail":"Request was throttled. Expected available in 1 second."})");
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_TRUE(client.is_live(token));
}

}  // namespace
}  // namespace propusk::testing
