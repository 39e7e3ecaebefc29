// PreHijack: a thief who prepares an account on somebody else's address, and its victim, who comes by a provider or by
// the mailbox (MSRC, "Pre-hijacked accounts", USENIX Security 2022).
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/scenarios/oauth_client.hpp"
#include "tests/support/fake_providers.hpp"
#include "tests/support/scripted_fetcher.hpp"
#include "tests/support/served_providers.hpp"

namespace propusk::testing {

/// A provider, and what it says of the victim.
struct PreHijackCase {
  std::string provider, email;
  bool is_authoritative;        ///< the mailbox is the provider's own
  std::string other_email;      ///< of the victim too: the provider vouches for it to nobody of `is_verified` false
  bool tells_unverified_email;  ///< as a hint
  friend std::ostream& operator<<(std::ostream& out, const PreHijackCase& of) { return out << of.provider; }
};

class PreHijack : public ::testing::TestWithParam<PreHijackCase> {
 protected:
  static constexpr const char* thiefs_email = "thief@evil.test";
  const std::string& provider() const { return GetParam().provider; }
  const std::string& email() const { return GetParam().email; }

  PreHijack() {
    issue(provider(), "vera", {.id = "501", .username = "vera", .email = email()});
    issue(provider(), "thief", {.id = "666", .username = "eve", .email = thiefs_email});
  }
  /// From now on the provider knows the person by a token of this name.
  void issue(const std::string& backend, const std::string& token, FakePerson person) {
    fakes.issue(backend, token, {.person = std::move(person), .client = fakes.settings_of(backend).client_id});
  }

  // the thief

  /// What opens an account besides its name and password, and goes on opening it.
  struct Held {
    std::string session, token, jwt, access, refresh, code;
  };
  Held hold(const std::string& name) {
    const std::string session = web.session_of(name);
    const OauthPair pair = client.pair_of(name);
    return {.session = session,
            .token = djoser.token_of(name),
            .jwt = djoser.pair_of(name).refresh,
            .access = pair.access,
            .refresh = pair.refresh,
            .code = client.code_for(session)};
  }
  /// Signs up, with the victim's address if no other is given, and keeps everything that opens the account.
  Held prepare(const std::string& given = "") {
    EXPECT_EQ(envelope.register_person("thief", given.empty() ? email() : given).body, R"({"status": 1, "error": 0})");
    return hold("thief");
  }
  /// The link to the address that the thief wants for the account instead.
  std::string ask_for_email(const Held& held, const std::string& wanted) {
    const Fields fields{{"new_email", wanted}, {"current_password", password}};
    EXPECT_EQ(web.post("/accounts/email/", held.session, fields).header("Location"), "/accounts/email/?done=email");
    return mailbox.wait_for_links(wanted, "/auth/email/").front();
  }
  /// The ways by which `held`, the password of "thief" and the thief's person at the provider open the account. Codes
  /// and refresh tokens are used up by that.
  std::set<std::string> ways_into(const std::string& username, const Held& held) {
    const auto if_it_is = [&](const char* way, const std::string& opened) {
      return opened == username ? std::set<std::string>{way} : std::set<std::string>{};
    };
    std::set<std::string> ways;
    ways.merge(if_it_is("password", username_in(client.by_password("thief"))));
    ways.merge(if_it_is("address and password", username_in(client.by_password(email()))));
    ways.merge(if_it_is("session", username_on_page(held.session)));
    ways.merge(if_it_is("token", username_of(held.token)));
    ways.merge(if_it_is("access token", username_of("Bearer " + held.access)));
    ways.merge(if_it_is("jwt", username_in(djoser.refresh(held.jwt), "access", "JWT ")));
    ways.merge(if_it_is("refresh token", username_in(client.refresh(held.refresh))));
    ways.merge(if_it_is("code", username_in(client.exchange(held.code))));
    ways.merge(if_it_is("identity", username_by(provider(), "thief")));
    return ways;
  }
  /// All of them but the one that needs a connection.
  static std::set<std::string> every_way() {
    return {"password", "address and password", "session", "token", "access token", "jwt", "refresh token", "code"};
  }

  // anybody

  /// Whose account a provider's token opens; "" if none.
  std::string username_by(const std::string& backend, const std::string& token) {
    return username_in(client.convert(backend, token));
  }
  std::string username_of(const std::string& authorization) {
    const Answer answer = djoser.me(authorization);
    return answer.status == 200 ? member(answer, "username") : "";
  }
  /// To the provider and back, as a browser that has the session goes.
  Answer connect(const std::string& session, const std::string& person) {
    fakes.set_visitor(person);
    const Answer left = web.post("/accounts/connections/", session, {{"connect", provider()}});
    const std::string onward = left.header("Refresh").value_or("0; url=https://providers.test/nowhere");
    return come_back(session, left.cookie("propusk_provider").value_or(""), onward.substr(onward.find('=') + 1));
  }
  Answer come_back(const std::string& session, const std::string& flow, const std::string& url) {
    const std::map<std::string, std::string> brought = fakes.visit(url);
    const std::string query = urlencoded({{"code", brought.at("code")}, {"state", brought.at("state")}});
    return web.get("/auth/complete/" + provider() + "/?" + query, "",
                   {{"Cookie", "sessionid=" + session + "; propusk_provider=" + flow}});
  }
  /// Reads the mail at an address of the victim and sets a new password.
  void recover(const std::string& address, const std::string& secret = other_password) {
    std::ignore = envelope.restore(address);
    const std::string link = mailbox.wait_for_links(address, "/auth/restore/").front();
    EXPECT_EQ(envelope.follow(link, {{"new_password", secret}}).status, 303);
  }
  void recover() { recover(email()); }
  /// What the victim has after a recovery: the password, and the provider, once it is connected if it does not own the
  /// mailbox.
  void expect_victim_is_in(const std::string& username) {
    EXPECT_EQ(username_in(client.by_password(email(), other_password)), username);
    EXPECT_EQ(username_by(provider(), "vera"), GetParam().is_authoritative ? username : "");
    EXPECT_EQ(connect(web.session_of(email(), other_password), "vera").header("Location"),
              "/accounts/connections/?done=connected");
    EXPECT_EQ(username_by(provider(), "vera"), username);
    EXPECT_EQ(server.account(username).email, email());
    EXPECT_TRUE(server.account(username).email_verified);
  }

  config::Settings settings() {
    config::Settings settings = oauth_settings();
    settings.providers = settings_of(configuration_of(fakes, secrets.path())).providers;
    return settings;
  }
  std::string username_in(const Answer& answer, const char* name = "access_token", const char* scheme = "Bearer ") {
    return answer.status == 200 ? username_of(scheme + member(answer, name)) : "";
  }

 private:
  std::string username_on_page(const std::string& session) {
    const std::string body = web.get("/accounts/", session).body;
    std::smatch found;
    const std::regex summary(R"(/accounts/profile/"><b>[^<]*</b> <span class="hint">([^<]*)<)");
    return std::regex_search(body, found, summary) ? found[1].str() : "";
  }

  TemporaryDirectory secrets;

 protected:
  FakeProviders fakes;
  ScriptedFetcher fetcher{[this](const UpstreamRequest& request) { return fakes.answer(request); }};
  TestServer server{settings(), fetcher};
  WebClient web{server};
  EnvelopeClient envelope{server};
  DjoserClient djoser{server};
  OauthClient client{server};
  Mailbox mailbox{server.directory()};
};

}  // namespace propusk::testing
