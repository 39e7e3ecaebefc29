// The pages of activation: looking changes nothing, one button activates and the other disowns.
#include "web/testing/link_pages.hpp"

namespace propusk::web {
namespace {
using namespace std::chrono_literals;
using core::LinkPurpose;
using stores::testing::run;

class ActivationPages : public testing::LinkPages {};

TEST_F(ActivationPages, AnAccountIsActivatedByTheButtonOnly) {
  const std::string path = "/auth/activate/" + link(LinkPurpose::activation, have(core::AccountState::pending));
  for (const std::string& each : {path, path + "/"}) {
    EXPECT_EQ(get(each), 200);
    EXPECT_TRUE(says("<dd>ann7</dd>") && says("<dd>ann@example.org</dd>"));
    EXPECT_TRUE(says("If you did not make this account, say so: it will be deleted."));
    EXPECT_EQ(ask(http::Method::post, each, "action=activate", "cross-site"), 403);
    EXPECT_EQ(stored()->state, core::AccountState::pending);
  }

  EXPECT_EQ(post(path, "action=activate"), 303);
  EXPECT_TRUE(leads_to("/auth/activation/done/"));
  EXPECT_EQ(stored()->state, core::AccountState::active);
  EXPECT_TRUE(stored()->email_verified);
  EXPECT_EQ(get("/auth/activation/done"), 200);
  EXPECT_TRUE(says("Account activated"));

  EXPECT_EQ(get(path), 410);
  EXPECT_TRUE(says("If you activated your account by it"));
  EXPECT_EQ(post(path, "action=disown"), 410) << "who is active cannot be disowned any more";
  EXPECT_EQ(stored()->state, core::AccountState::active);
}

TEST_F(ActivationPages, DisowningDeletesANewAccount) {
  const std::string path = "/auth/activate/" + link(LinkPurpose::activation, have(core::AccountState::pending));
  EXPECT_EQ(post(path, "action=disown"), 303);
  EXPECT_TRUE(leads_to("/auth/activation/disowned/"));
  EXPECT_FALSE(stored());
  EXPECT_EQ(get(path), 404);
  EXPECT_EQ(get("/auth/activation/disowned/"), 200);
  EXPECT_TRUE(says("The account no longer has your address"));
}

TEST_F(ActivationPages, DisowningTakesTheAddressFromAnAccountThatWasUsed) {
  const core::Account account = have(core::AccountState::pending);
  std::ignore = run(store->write(
      [account](core::Transaction& t) -> core::Result<bool> {
        t.accounts().set_state(account.id, core::AccountState::active);
        t.accounts().set_state(account.id, core::AccountState::pending, account.pending_until);
        return true;
      },
      soon()));
  const std::string path = "/auth/activate/" + link(LinkPurpose::activation, account);
  EXPECT_EQ(get(path), 200);
  EXPECT_TRUE(says("it will lose your address"));
  EXPECT_EQ(post(path, "action=disown"), 303);
  ASSERT_TRUE(stored());
  EXPECT_FALSE(stored()->email_claimed);
  EXPECT_EQ(stored()->email, "");
}

TEST_F(ActivationPages, AnExpiredActivationLeadsToAnotherLink) {
  const std::string path = "/auth/activate/" + link(LinkPurpose::activation, have(core::AccountState::pending));
  clock.advance(73h);
  EXPECT_EQ(get(path), 410);
  EXPECT_TRUE(says("href=\"/auth/activation/\""));
  EXPECT_EQ(get("/auth/activation/"), 200);
  EXPECT_TRUE(says("Ask for an activation link"));
}

TEST_F(ActivationPages, AskingForAnotherActivationIsAnsweredAlikeWhoeverHasTheAddress) {
  have(core::AccountState::pending);
  EXPECT_EQ(post("/auth/activation/", "email=+ann%40example.org+"), 303);
  const std::string known = reply.lines();
  EXPECT_EQ(post("/auth/activation", "email=nobody%40example.org"), 303);
  EXPECT_EQ(reply.lines(), known);
  EXPECT_TRUE(leads_to("/auth/activation/sent/"));
  EXPECT_EQ(post("/auth/activation/", "email=ann"), 400);
  EXPECT_TRUE(says("value=\"ann\""));
  EXPECT_EQ(get("/auth/activation/sent/"), 200);
  EXPECT_TRUE(says("for three days"));
}

}  // namespace
}  // namespace propusk::web
