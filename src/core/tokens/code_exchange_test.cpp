// The exchange of a code: who gets tokens for it, once, and what becomes of them when it comes again.
#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "core/tokens/testing/client_world.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using testing::refusal_of, testing::run;

constexpr const char *verifier = "the-verifier-of-tests-is-as-long-as-RFC-7636-wants-it",
                     *redirect = "https://app.example/cb";

class CodeExchange : public testing::ClientWorld {
 protected:
  void SetUp() override {
    ClientWorld::SetUp();
    open("browser", CredentialKind::browser_session);
    const CodeDraft yes{.session = sha256("browser"),
                        .offer = {.client = known("app"), .redirect_uri = redirect, .scope = "read"},
                        .redirect_uri = redirect,
                        .code_challenge = to_base64url(sha256(verifier).bytes),
                        .code = sha256("code"),
                        .remember = true};
    ASSERT_TRUE(run(issue_code(yes, caller, sessions())));
  }
  CodePresented rightly() {
    return {.code = Secret<>("code"), .client = known("app"), .redirect_uri = redirect, .verifier = Secret<>(verifier)};
  }
  /// Draws for the sign-in "NAME" and "access NAME" under it.
  Result<CodeExchanged> exchange(const CodePresented& presented, const std::string& name = "sign-in") {
    const CredentialDraft draft{.kind = CredentialKind::oauth_refresh,
                                .digest = sha256(name),
                                .first_refresh = sha256("first token of " + name),
                                .access = AccessDraft{.digest = sha256("access " + name)}};
    return run(exchange_code(presented, draft, caller, sessions()));
  }
  std::optional<AuthorizationCode> code() {
    return read([](const Transaction& t) { return t.grants().find_code(sha256("code")); });
  }
  /// Refused, nothing was opened, and nobody has used the code up.
  void expect_refused(const CodePresented& presented, const char* why) {
    EXPECT_EQ(refusal_of(exchange(presented, "refused")), why);
    EXPECT_FALSE(find("refused"));
    EXPECT_FALSE(find("access refused"));
    EXPECT_EQ(code()->used_at, std::nullopt);
  }
};

TEST_F(CodeExchange, OpensASignInWithTheTermsOfTheCode) {
  clock.advance(10s);
  const auto exchanged = exchange(rightly());
  ASSERT_TRUE(exchanged);
  EXPECT_EQ(exchanged->account, AccountId{1});
  EXPECT_EQ(exchanged->scope, "read");

  const auto sign_in = find("sign-in"), access = find("access sign-in");
  ASSERT_TRUE(sign_in && access);
  const CredentialTerms terms{.client = "app", .client_epoch = 1, .scope = "read"};
  EXPECT_EQ(sign_in->terms, terms);
  EXPECT_EQ(sign_in->account, AccountId{1});
  EXPECT_EQ(sign_in->created_at, clock.now());
  EXPECT_EQ(sign_in->label, "Album/1.0");
  EXPECT_EQ(access->terms, terms);
  EXPECT_EQ(access->parent, sign_in->digest);
  EXPECT_TRUE(is_live("sign-in") && is_live("access sign-in"));
  EXPECT_EQ(code()->used_at, clock.now());
  EXPECT_EQ(code()->credential, sign_in->digest);
  EXPECT_EQ(events(AuditAction::signed_in), 1);
  EXPECT_EQ(read([](const Transaction& t) { return t.accounts().find(AccountId{1}); })->last_sign_in_at, clock.now());
}

TEST_F(CodeExchange, WorksUntilTheMinuteIsOver) {
  clock.advance(60s - 1us);
  EXPECT_EQ(refusal_of(exchange(rightly())), "");
}

TEST_F(CodeExchange, DoesNotWorkWhenTheMinuteIsOver) {
  clock.advance(60s);
  expect_refused(rightly(), "grant_refused");
}

TEST_F(CodeExchange, TakesTheCodeItsClientItsAddressAndItsVerifierTogether) {
  CodePresented wrong = rightly();
  for (const char* other : {"", "Code", "code "}) {
    wrong.code = Secret<>(other);
    expect_refused(wrong, "grant_refused");
  }
  wrong = rightly();
  wrong.client = known("other");
  expect_refused(wrong, "grant_refused");
  wrong = rightly();
  for (const char* other : {"", "https://app.example/cb/", "https://other.example/cb"}) {
    wrong.redirect_uri = other;
    expect_refused(wrong, "grant_refused");
  }
  wrong = rightly();
  for (const std::string& other : {std::string(), std::string(verifier) + "x", to_base64url(sha256(verifier).bytes)}) {
    wrong.verifier = Secret<>(other);
    expect_refused(wrong, "grant_refused");
  }
  EXPECT_EQ(refusal_of(exchange(rightly())), "") << "who is wrong uses nothing up";
}

TEST_F(CodeExchange, IsForClientsThatMayUseCodes) {
  change_client("app", [](Client& app) { std::erase(app.grants, ClientGrant::authorization_code); });
  expect_refused(rightly(), "grant_not_allowed");
}

TEST_F(CodeExchange, EndsWhatAUsedCodeHadGiven) {
  ASSERT_TRUE(exchange(rightly()));
  open("another sign-in", CredentialKind::auth_token);

  EXPECT_EQ(refusal_of(exchange(rightly(), "again")), "grant_refused");

  EXPECT_FALSE(find("again") || find("access again"));
  EXPECT_FALSE(find("sign-in")) << "its thief's or its victim's: nobody knows";
  EXPECT_FALSE(find("access sign-in"));
  EXPECT_TRUE(is_live("another sign-in") && is_live("browser"));
  EXPECT_EQ(events(AuditAction::code_reused), 1);
  EXPECT_EQ(events(AuditAction::signed_in), 1);
  EXPECT_EQ(refusal_of(exchange(rightly(), "again")), "grant_refused");
  EXPECT_EQ(events(AuditAction::code_reused), 1) << "there is nothing more to end";
}

TEST_F(CodeExchange, EndsWhatAUsedCodeHadGivenHoweverLate) {
  ASSERT_TRUE(exchange(rightly()));
  clock.advance(24h);
  EXPECT_EQ(refusal_of(exchange(rightly(), "again")), "grant_refused");
  EXPECT_FALSE(find("sign-in"));
}

TEST_F(CodeExchange, EndsNothingForAStrangerWhoShowsAUsedCode) {
  ASSERT_TRUE(exchange(rightly()));
  CodePresented wrong = rightly();
  wrong.client = known("other");
  EXPECT_EQ(refusal_of(exchange(wrong, "again")), "grant_refused");
  wrong = rightly();
  wrong.verifier = Secret<>("guessed");
  EXPECT_EQ(refusal_of(exchange(wrong, "again")), "grant_refused");
  EXPECT_TRUE(is_live("sign-in") && is_live("access sign-in"));
  EXPECT_EQ(events(AuditAction::code_reused), 0);
}

TEST_F(CodeExchange, IsOverWhenThePersonEndsEverything) {
  end_everything(1);
  expect_refused(rightly(), "grant_refused");
}

TEST_F(CodeExchange, IsOverWhenTheAccountIsDisabled) {
  write([](Transaction& t) { t.accounts().set_state(AccountId{1}, AccountState::disabled); });
  expect_refused(rightly(), "grant_refused");
}

TEST_F(CodeExchange, IsOverWhenTheClientWasDisabledMeanwhile) {
  const CodePresented held = rightly();
  disable_client("app", true);
  expect_refused(held, "grant_refused");
  expect_refused(rightly(), "grant_refused");
}

TEST_F(CodeExchange, IsOverWhenTheConsentIsWithdrawn) {
  write([](Transaction& t) { t.grants().erase_consent(AccountId{1}, "app"); });
  EXPECT_EQ(refusal_of(exchange(rightly())), "grant_refused");
  EXPECT_FALSE(find("sign-in"));
}

}  // namespace
}  // namespace propusk::core
