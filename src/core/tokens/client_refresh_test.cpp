// Refreshing what a client got for a person: for whom, for what, how long, and what a used token costs.
#include <gtest/gtest.h>

#include "core/tokens/refresh.hpp"
#include "core/tokens/testing/client_world.hpp"

namespace propusk::core {
namespace {
using namespace std::chrono_literals;
using testing::refusal_of, testing::run;

class ClientRefreshing : public testing::ClientWorld {
 protected:
  void SetUp() override {
    ClientWorld::SetUp();
    open_for("app", "sign-in", first);
  }
  /// A token of the sign-in, for the access token "access N", one more each time.
  RefreshPresented token(const Secret<>& half, const std::string& scope = "") {
    RefreshPresented presented{.credential = sha256("sign-in"), .token_id = half};
    presented.client = known("app");
    presented.scope = scope;
    presented.access = AccessDraft{.digest = sha256("access " + std::to_string(++count))};
    return presented;
  }
  Result<Refreshed> refresh(const RefreshPresented& presented) {
    return run(refresh_tokens(presented, caller, {sessions(), counters, row_of(CredentialKind::oauth_refresh).life}));
  }
  Result<Refreshed> refresh(const Secret<>& half, const std::string& scope = "") { return refresh(token(half, scope)); }
  /// The half that comes next; the refresh must succeed.
  Secret<> next(const Secret<>& half) { return refresh(half).value().next_token_id; }
  std::string look(const RefreshPresented& presented) {
    return refusal_of(run(look_at_refresh_token(presented, caller, {sessions(), counters})));
  }
  bool is_last_access_live() { return is_live("access " + std::to_string(count)); }
  int live_access_tokens() {
    int live = int{is_live("access sign-in")};
    for (int i = 1; i <= count; ++i) live += int{is_live("access " + std::to_string(i))};
    return live;
  }

  const Secret<> first = new_opaque_token_id(random);
  OutcomeCounters counters;
  int count = 0;
};

TEST_F(ClientRefreshing, TakesHalvesOf15LettersAndDigits) {
  const Secret<> other = new_opaque_token_id(random);
  EXPECT_EQ(first.reveal().size(), 15U);
  EXPECT_FALSE(first == other);
  EXPECT_EQ(next(first).reveal().size(), 15U);
}

TEST_F(ClientRefreshing, GivesTheNextTokenAndEndsTheAccessTokensBefore) {
  const auto refreshed = refresh(first);
  ASSERT_TRUE(refreshed);
  EXPECT_EQ(refreshed->account, AccountId{1});
  EXPECT_EQ(refreshed->scope, "read write");
  EXPECT_FALSE(refreshed->next_token_id == first);
  EXPECT_TRUE(is_last_access_live());
  EXPECT_EQ(live_access_tokens(), 1) << "the one before has ended";
  const auto access = find("access 1");
  EXPECT_EQ(access->terms, find("sign-in")->terms);
  EXPECT_EQ(access->parent, sha256("sign-in"));
  EXPECT_EQ(access->expires_at, clock.now() + 10h);
  EXPECT_EQ(counters.granted(), 1U);
}

TEST_F(ClientRefreshing, IsForTheClientThatGotTheSignIn) {
  RefreshPresented stolen = token(first);
  stolen.client = known("other");
  EXPECT_EQ(refusal_of(refresh(stolen)), "not_signed_in");
  EXPECT_TRUE(is_live("sign-in") && is_live("access sign-in")) << "a stranger ends nothing";
  EXPECT_EQ(refusal_of(refresh(first)), "");
}

TEST_F(ClientRefreshing, DoesNotMixTheTokensOfClientsWithSignedOnes) {
  const Secret<> signed_half = new_token_id(random);
  open("signed", CredentialKind::jwt_refresh);
  write([signed_half](Transaction& t) {
    t.credentials().put_chain(
        {.credential = sha256("signed"), .current = sha256(signed_half.reveal()), .previous = {}});
  });
  RefreshPresented as_signed = token(first);
  as_signed.client = nullptr;
  EXPECT_EQ(refusal_of(refresh(as_signed)), "not_signed_in");
  RefreshPresented as_client = token(signed_half);
  as_client.credential = sha256("signed");
  EXPECT_EQ(refusal_of(refresh(as_client)), "not_signed_in");
  EXPECT_TRUE(is_live("sign-in") && is_live("signed"));
}

TEST_F(ClientRefreshing, TakesNothingThatOnlyLooksLikeAToken) {
  const std::string half = first.reveal();
  for (const std::string& other : {std::string(), half.substr(1), half + "x", std::string(32, 'a')})
    EXPECT_EQ(refusal_of(refresh(Secret<>(other))), "not_signed_in") << other;
  EXPECT_TRUE(is_live("sign-in"));
  EXPECT_EQ(refusal_of(refresh(first)), "");
}

TEST_F(ClientRefreshing, NarrowsTheAccessTokenAndNotTheSignIn) {
  const auto narrowed = refresh(first, "read");
  EXPECT_EQ(narrowed->scope, "read");
  EXPECT_EQ(find("access 1")->terms->scope, "read");
  EXPECT_EQ(refresh(narrowed->next_token_id)->scope, "read write");
}

TEST_F(ClientRefreshing, NeverWidensAndUsesNothingUpWhenItRefuses) {
  EXPECT_EQ(refusal_of(refresh(first, "read admin")), "scope_refused");
  EXPECT_FALSE(is_last_access_live());
  EXPECT_TRUE(is_live("access sign-in"));
  EXPECT_EQ(refusal_of(refresh(first)), "");
  EXPECT_EQ(counters.refused(Refusal::scope_refused), 1U);
}

TEST_F(ClientRefreshing, TellsTheSameSuccessorAgainAsLongAsNobodyHasUsedIt) {
  const Secret<> second = next(first);
  clock.advance(24h);
  EXPECT_TRUE(next(first) == second) << "the answer was lost a day ago";
  EXPECT_TRUE(is_last_access_live());
  EXPECT_EQ(refusal_of(refresh(second)), "");
}

TEST_F(ClientRefreshing, KeepsTenAccessTokensOfLostAnswers) {
  const Secret<> second = next(first);
  for (int i = 0; i < 11; ++i) {
    clock.advance(1s);
    EXPECT_TRUE(next(first) == second);
  }
  EXPECT_EQ(live_access_tokens(), 10);
  EXPECT_TRUE(is_last_access_live());
  EXPECT_FALSE(is_live("access 2")) << "the oldest go";
}

TEST_F(ClientRefreshing, ToleratesALostAnswerForTenSeconds) {
  const Secret<> second = next(first), third = next(second);
  clock.advance(10s);
  EXPECT_TRUE(next(second) == third);
}

TEST_F(ClientRefreshing, EndsTheSignInOfATokenThatComesAgainLater) {
  const Secret<> second = next(first), third = next(second);
  open_for("app", "elsewhere", first);
  clock.advance(10s + 1us);
  EXPECT_EQ(refusal_of(refresh(second)), "not_signed_in");
  EXPECT_FALSE(find("sign-in"));
  EXPECT_EQ(live_access_tokens(), 0);
  EXPECT_EQ(refusal_of(refresh(third)), "not_signed_in") << "its thief's or its victim's: nobody knows";
  EXPECT_EQ(events(AuditAction::refresh_reused), 1);
  EXPECT_TRUE(is_live("elsewhere") && is_live("access elsewhere"));
}

TEST_F(ClientRefreshing, EndsTheSignInOfATokenFromBeforeTheLastOneAtOnce) {
  std::ignore = next(next(first));
  EXPECT_EQ(refusal_of(refresh(first)), "not_signed_in");
  EXPECT_FALSE(find("sign-in"));
  EXPECT_EQ(events(AuditAction::refresh_reused), 1);
}

TEST_F(ClientRefreshing, ProlongsTheSignInUpToItsLongestLife) {
  const Instant opened = clock.now();
  Secret<> half = first;
  for (int month = 0; month < 5; ++month) {
    clock.advance(days(30) - 1s);
    const auto refreshed = refresh(half);
    ASSERT_TRUE(refreshed) << month;
    EXPECT_EQ(refreshed->expires_at, clock.now() + days(30)) << month;
    half = refreshed->next_token_id;
  }
  clock.advance(days(30) - 1s);
  const auto last = refresh(half);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->expires_at, opened + days(180)) << "a person signs in at last";
  EXPECT_EQ(find("access " + std::to_string(count))->expires_at, opened + days(180)) << "no token outlives its sign-in";
  clock.advance(6s);
  EXPECT_EQ(refusal_of(refresh(last->next_token_id)), "not_signed_in");
}

TEST_F(ClientRefreshing, EndsForWantOfUseToTheSecond) {
  clock.advance(days(30) - 1us);
  EXPECT_EQ(look(token(first)), "");
  clock.advance(1us);
  EXPECT_EQ(refusal_of(refresh(first)), "not_signed_in");
}

TEST_F(ClientRefreshing, EndsWithTheClientForGood) {
  const RefreshPresented held = token(first);
  disable_client("app");
  EXPECT_EQ(refusal_of(refresh(held)), "not_signed_in");
  change_client("app", [](Client& app) { app.state = ClientState::active; });
  EXPECT_EQ(refusal_of(refresh(first)), "not_signed_in");
}

TEST_F(ClientRefreshing, EndsWithTheAccount) {
  write([](Transaction& t) { t.accounts().set_state(AccountId{1}, AccountState::disabled); });
  EXPECT_EQ(refusal_of(refresh(first)), "account_disabled");
  write([](Transaction& t) { t.accounts().set_state(AccountId{1}, AccountState::active); });
  end_everything(1);
  EXPECT_EQ(refusal_of(refresh(first)), "not_signed_in");
}

TEST_F(ClientRefreshing, IsForetoldWithoutAnyChange) {
  const Secret<> second = next(first), third = next(second);
  const std::uint64_t before = writes();
  EXPECT_EQ(look(token(third)), "");
  EXPECT_EQ(look(token(second)), "") << "its answer may have been lost";
  EXPECT_EQ(look(token(first)), "not_signed_in") << "used, and nothing is ended by looking";
  EXPECT_EQ(writes(), before);
  EXPECT_TRUE(is_live("sign-in"));
}

TEST_F(ClientRefreshing, EndsWithAllTokensOfItsOwnerAndNotWithThoseOfOthers) {
  for (const CredentialKindRow& row : credential_kinds) open(std::string(row.name), row.kind);
  open_for("app", "Bob's", first, 2);
  ASSERT_TRUE(run(end_all_tokens(AccountId{1}, caller, sessions())));
  for (const CredentialKindRow& row : credential_kinds)
    EXPECT_EQ(is_live(std::string(row.name)), row.kind == CredentialKind::browser_session) << row.name;
  EXPECT_FALSE(is_live("sign-in") || is_live("access sign-in"));
  EXPECT_EQ(refusal_of(refresh(first)), "not_signed_in");
  EXPECT_TRUE(is_live("Bob's") && is_live("access Bob's"));
  EXPECT_EQ(events(AuditAction::tokens_ended), 1);
}

}  // namespace
}  // namespace propusk::core
