// Authorization codes: what a person is asked about, and what of their yes is written.
#include "core/tokens/authorization_code.hpp"

#include <gtest/gtest.h>

#include "core/tokens/testing/client_world.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using testing::refusal_of, testing::run;

class AuthorizationCodes : public testing::ClientWorld {
 protected:
  void SetUp() override {
    ClientWorld::SetUp();
    open("browser", CredentialKind::browser_session);
  }
  Result<AuthorizationOffer> look(const std::string& client, const std::string& uri = "") {
    const AuthorizationAsked asked{.client_id = client, .redirect_uri = uri, .scope = "", .code_challenge = ""};
    return run(look_at_client(asked, caller, clients()));
  }
  /// The offer of a client's whole scope, or of a part of it.
  AuthorizationOffer offer(const std::string& client = "app", const std::string& scope = "read write") {
    return {.client = known(client), .redirect_uri = "https://" + client + ".example/cb", .scope = scope};
  }
  bool has_consent(const AuthorizationOffer& offer, std::int64_t account = 1) {
    return run(has_consented(AccountId{account}, offer, caller, clients()));
  }
  CodeDraft draft(const std::string& code, const std::string& session = "browser") {
    return {.session = sha256(session),
            .offer = offer(),
            .redirect_uri = "https://app.example/cb",
            .code_challenge = "challenge",
            .code = sha256(code),
            .remember = true};
  }
  std::string issue(const CodeDraft& draft) { return refusal_of(run(issue_code(draft, caller, sessions()))); }
  std::optional<AuthorizationCode> code(const std::string& secret) {
    return read([secret](const Transaction& t) { return t.grants().find_code(sha256(secret)); });
  }
};

TEST_F(AuthorizationCodes, AreOf256RandomBits) {
  const Secret<> one = new_authorization_code(random), other = new_authorization_code(random);
  EXPECT_EQ(one.reveal().size(), 43U);
  EXPECT_FALSE(one == other);
}

TEST_F(AuthorizationCodes, AreForActiveClientsAlone) {
  EXPECT_EQ(look("app")->client->id, "app");
  EXPECT_EQ(refusal_of(look("stranger")), "client_unknown");
  EXPECT_EQ(refusal_of(look("")), "client_unknown");
  disable_client("app");
  EXPECT_EQ(refusal_of(look("app")), "client_unknown");
}

TEST_F(AuthorizationCodes, GoNowhereButToTheClientsOwnAddresses) {
  EXPECT_EQ(look("app")->redirect_uri, "https://app.example/cb") << "the only one";
  EXPECT_EQ(look("app", "https://app.example/cb")->redirect_uri, "https://app.example/cb");
  for (const char* uri : {"https://other.example/cb", "https://app.example/cb/", "https://app.example/cb?a", "x"})
    EXPECT_EQ(refusal_of(look("app", uri)), "client_malformed") << uri;
}

TEST_F(AuthorizationCodes, GoToThePortOfThisMachineThatWasAskedFor) {
  change_client("app", [](Client& app) { app.redirect_uris = {"http://127.0.0.1/cb", "https://app.example/cb"}; });
  EXPECT_EQ(look("app", "http://127.0.0.1:50123/cb")->redirect_uri, "http://127.0.0.1:50123/cb");
  EXPECT_EQ(refusal_of(look("app")), "client_malformed") << "one of two must be named";
}

TEST_F(AuthorizationCodes, AreOfferedForWhatTheClientMayHave) {
  const auto judged = [this](const std::string& scope) {
    return judge_authorization(offer("app", ""),
                               {.client_id = "app", .redirect_uri = "", .scope = scope, .code_challenge = ""});
  };
  EXPECT_EQ(judged("")->scope, "read write");
  EXPECT_EQ(judged("read")->scope, "read");
  EXPECT_EQ(judged("read")->redirect_uri, "https://app.example/cb");
  EXPECT_EQ(refusal_of(judged("admin")), "scope_refused");
  change_client("app", [](Client& app) { std::erase(app.grants, ClientGrant::authorization_code); });
  EXPECT_EQ(refusal_of(judged("")), "grant_not_allowed");
}

TEST_F(AuthorizationCodes, AreRememberedForTheSamePersonClientAndScope) {
  EXPECT_FALSE(has_consent(offer()));
  CodeDraft yes = draft("code");
  yes.offer = offer("app", "read");
  yes.remember = true;
  ASSERT_EQ(issue(yes), "");

  EXPECT_TRUE(has_consent(offer("app", "read")));
  EXPECT_FALSE(has_consent(offer("app", "read write"))) << "more than was said yes to";
  EXPECT_FALSE(has_consent(offer("other", "read")));
  EXPECT_FALSE(has_consent(offer("app", "read"), 2));
  yes.offer = offer();
  yes.code = sha256("second code");
  ASSERT_EQ(issue(yes), "");
  EXPECT_TRUE(has_consent(offer("app", "write")));
  EXPECT_EQ(events(AuditAction::consent_given), 2);
}

TEST_F(AuthorizationCodes, AreGivenWithoutAQuestionWhereTheOperatorDecided) {
  change_client("app", [](Client& app) { app.skips_consent = true; });
  EXPECT_TRUE(has_consent(offer()));
  EXPECT_FALSE(has_consent(offer("other")));
}

TEST_F(AuthorizationCodes, AreWrittenAsADigestForAMinute) {
  end_everything(1);  // so that the epoch is not the first one
  write([](Transaction& t) { t.credentials().move_to_epoch(sha256("browser"), 2); });
  ASSERT_EQ(issue(draft("code")), "");

  const auto written = code("code");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->account, AccountId{1});
  EXPECT_EQ(written->epoch, 2);
  EXPECT_EQ(written->terms, (CredentialTerms{.client = "app", .client_epoch = 1, .scope = "read write"}));
  EXPECT_EQ(written->redirect_uri, "https://app.example/cb");
  EXPECT_EQ(written->code_challenge, "challenge");
  EXPECT_EQ(written->created_at, clock.now());
  EXPECT_EQ(written->expires_at, clock.now() + 60s);
  EXPECT_EQ(written->used_at, std::nullopt);
}

TEST_F(AuthorizationCodes, AreNotGivenWithoutAYesThatStillHolds) {
  CodeDraft silent = draft("code");
  silent.remember = false;
  EXPECT_EQ(issue(silent), "scope_refused") << "nobody was asked";
  EXPECT_FALSE(code("code"));

  ASSERT_EQ(issue(draft("first code")), "");
  EXPECT_EQ(issue(silent), "");
  write([](Transaction& t) { t.grants().erase_consent(AccountId{1}, "app"); });
  silent.code = sha256("third code");
  EXPECT_EQ(issue(silent), "scope_refused") << "withdrawn while the page was on its way";
}

TEST_F(AuthorizationCodes, AreNotGivenSilentlyInANameThatAnyProgramMayUse) {
  AuthorizationOffer native = offer();
  Client open = *native.client;
  open.kind = ClientKind::open;
  open.skips_consent = true;
  native.client = std::make_shared<const Client>(open);
  EXPECT_TRUE(has_consent(native));
  for (const char* uri : {"http://127.0.0.1:9000/cb", "com.example.app:/cb"}) {
    native.redirect_uri = uri;
    EXPECT_FALSE(has_consent(native)) << uri;
  }
}

TEST_F(AuthorizationCodes, AreGivenByABrowsersLiveSessionAlone) {
  for (const CredentialKindRow& row : credential_kinds) {
    const std::string name(row.name);
    open(name, row.kind);
    EXPECT_EQ(issue(draft("code of " + name, name)), row.kind == CredentialKind::browser_session ? "" : "not_signed_in")
        << name;
    EXPECT_EQ(code("code of " + name).has_value(), row.kind == CredentialKind::browser_session) << name;
  }
  EXPECT_EQ(issue(draft("code", "nobody's session")), "not_signed_in");
  clock.advance(row_of(CredentialKind::browser_session).life.lifetime);
  EXPECT_EQ(issue(draft("code")), "not_signed_in") << "expired";
  EXPECT_FALSE(code("code"));
}

TEST_F(AuthorizationCodes, AreNotGivenByADisabledAccount) {
  disable_account(1);
  EXPECT_EQ(issue(draft("code")), "account_disabled");
  EXPECT_FALSE(code("code"));
}

TEST_F(AuthorizationCodes, AreNotGivenToAClientThatChangedBeforeTheYes) {
  CodeDraft asked = draft("code");
  asked.remember = true;
  disable_client("app", true);
  EXPECT_EQ(issue(asked), "client_unknown") << "disabled, and enabled again";
  disable_client("app");
  asked.offer = offer();
  EXPECT_EQ(issue(asked), "client_unknown") << "disabled";
  write([](Transaction& t) { t.clients().erase("app"); });
  EXPECT_EQ(issue(asked), "client_unknown") << "gone";
  EXPECT_FALSE(code("code"));
  EXPECT_FALSE(has_consent(asked.offer));
  EXPECT_EQ(events(AuditAction::consent_given), 0);
}

TEST_F(AuthorizationCodes, AreLimitedForEachAccount) {
  for (int i = 0; i < 12; ++i) EXPECT_EQ(issue(draft("code " + std::to_string(i))), "") << i;
  const std::uint64_t before = writes();
  EXPECT_EQ(issue(draft("one too many")), "limited");
  EXPECT_EQ(writes(), before);
  open("of Bob", CredentialKind::browser_session, 2);
  EXPECT_EQ(issue(draft("code of Bob", "of Bob")), "");
}

}  // namespace
}  // namespace propusk::core
