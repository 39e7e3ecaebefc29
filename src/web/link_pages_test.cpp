// The pages of other mailed links: looking changes nothing, each button does one thing, and where the pages are is a
// setting.
#include "web/testing/link_pages.hpp"
#include "base/bug.hpp"

namespace propusk::web {
namespace {
using namespace std::chrono_literals;
using core::LinkPurpose;
using stores::testing::run;
using testing::LinkPages;

TEST_F(LinkPages, ANewPasswordIsSetAtTheConfiguredPathToo) {
  const std::string path =
      "/auth/password/reset/confirm/" + link(LinkPurpose::recovery, have(core::AccountState::active));
  EXPECT_EQ(get(path), 200);
  EXPECT_TRUE(says("value=\"ann7\""));
  EXPECT_EQ(post(path + "/", "new_password=123"), 400);
  EXPECT_EQ(post(path, "new_password=brave+new+pony"), 303);
  EXPECT_TRUE(leads_to("/auth/restore/done/"));
  EXPECT_EQ(stored()->password_hash, "plain$brave new pony");
}

TEST_F(LinkPages, AUsernameIsChangedAndAMistakeUsesNoLink) {
  have(core::AccountState::active, "bob@example.org", 8);
  const std::string path =
      "/auth/username/reset/confirm/" + link(LinkPurpose::username_reset, have(core::AccountState::active));
  EXPECT_EQ(get(path), 200);
  EXPECT_TRUE(says("<dd>ann7</dd>") && says("autocomplete=\"username\""));
  const std::pair<const char*, const char*> mistakes[] = {
      {"new_name=", "Use letters, digits"},
      {"new_name=a+b", "Use letters, digits"},
      {"new_name=%3Cscript%3E", "&lt;script&gt;"},
      {"new_name=ann8", "Somebody has this username already"},
      {"new_name=eve%40example.org", "only if it is the address of the account"},
  };
  for (const auto& [form, words] : mistakes) {
    EXPECT_EQ(post(path, form), 400) << form;
    EXPECT_TRUE(says(words)) << form << reply.body();
  }

  EXPECT_EQ(post(path, "new_name=+%D0%B0%D0%BD%D1%8F+"), 303);
  EXPECT_TRUE(leads_to("/auth/username/reset/done/"));
  EXPECT_EQ(stored()->username, "аня");
  EXPECT_EQ(post(path, "new_name=other"), 410);
  EXPECT_TRUE(says("Ask for a new link in your app."));
  EXPECT_EQ(get("/auth/username/reset/done/"), 200);
  EXPECT_TRUE(says("sign in with the new username"));
}

TEST_F(LinkPages, WherePeopleSignInByAddressThatIsWhatIsAskedFor) {
  web.reset_as_email = core::EmailRule{.is_claimed = true, .needs_activation = true, .renames_username = true};
  have(core::AccountState::active, "bob@example.org", 8);
  const std::string path =
      "/auth/username/reset/confirm/" + link(LinkPurpose::username_reset, have(core::AccountState::active));
  EXPECT_EQ(get(path), 200);
  EXPECT_TRUE(says("<input type=\"email\"") && says("Choose a new address"));
  EXPECT_EQ(post(path, "new_name=ann"), 400);
  EXPECT_TRUE(says("Enter the whole address"));
  EXPECT_EQ(post(path, "new_name=bob%40example.org"), 400);
  EXPECT_TRUE(says("Another account has this address"));
  EXPECT_EQ(post(path, "new_name=new%40example.org"), 303);
  EXPECT_EQ(stored()->email, "new@example.org");
  EXPECT_EQ(stored()->state, core::AccountState::pending);
  EXPECT_EQ(get("/auth/username/reset/done/"), 200);
  EXPECT_TRUE(says("Follow its link to activate your account."));
}

TEST_F(LinkPages, AnAccountIsTakenBackByTheButtonOnly) {
  const core::Account account = have(core::AccountState::active, "eve@example.org");
  const std::string path = "/auth/email/undo/" + link(LinkPurpose::email_undo, account, "ann@example.org");
  for (const std::string& each : {path, path + "/"}) {
    EXPECT_EQ(get(each), 200);
    EXPECT_TRUE(says("<dd>eve@example.org</dd>") && says("<dd>ann@example.org</dd>"));
    EXPECT_EQ(ask(http::Method::post, each, "", "cross-site"), 403);
  }
  EXPECT_EQ(stored()->email, "eve@example.org");

  EXPECT_EQ(post(path), 303);
  EXPECT_TRUE(leads_to("/auth/email/undo/done/"));
  EXPECT_EQ(stored()->email, "ann@example.org");
  EXPECT_GT(stored()->epoch, account.epoch) << "everybody is signed out";
  EXPECT_EQ(get("/auth/email/undo/done"), 200);
  EXPECT_TRUE(says("<a class=\"button\" href=\"/auth/reset/\">Set a new password</a>"));
  EXPECT_EQ(post(path), 410);
  EXPECT_TRUE(says("The account has been taken back."));
}

TEST_F(LinkPages, AnAddressThatSomebodyHasProvedSinceIsNotTakenBack) {
  const core::Account account = have(core::AccountState::active, "eve@example.org");
  const std::string path = "/auth/email/undo/" + link(LinkPurpose::email_undo, account, "bob@example.org");
  const core::Account bob = have(core::AccountState::active, "bob@example.org", 8);
  std::ignore = run(store->write(
      [bob](core::Transaction& t) -> core::Result<core::Inserted> {
        return t.accounts().set_verified_email(bob.id, bob.email, bob.email_key);
      },
      soon()));
  EXPECT_EQ(post(path), 409);
  EXPECT_TRUE(says("This address is taken"));
  EXPECT_EQ(stored()->email, "eve@example.org");
}

TEST_F(LinkPages, ALinkOfAnotherPurposeOpensNoPage) {
  const core::Account account = have(core::AccountState::active);
  const std::string recovery = link(LinkPurpose::recovery, account), undo = link(LinkPurpose::email_undo, account);
  for (const std::string& path : {"/auth/activate/" + recovery, "/auth/username/reset/confirm/" + recovery,
                                  "/auth/email/undo/" + recovery, "/auth/password/reset/confirm/" + undo})
    EXPECT_EQ(get(path), 404) << path;
}

TEST_F(LinkPages, WhereThePagesAreIsASetting) {
  Web elsewhere = make_web();
  elsewhere.paths = {.activation = "/welcome/{uid}/{token}/", .password_reset = "", .username_reset = ""};
  router = http::Router();
  mount(router, elsewhere);
  const std::string parts = link(LinkPurpose::activation, have(core::AccountState::pending));
  EXPECT_EQ(get("/welcome/" + parts), 200);
  EXPECT_EQ(get("/welcome/" + parts + "/"), 200);
  for (const char* path : {"/auth/activate/", "/auth/password/reset/confirm/", "/auth/username/reset/confirm/"})
    EXPECT_EQ(get(path + parts), 0) << path;
  EXPECT_EQ(get("/auth/username/reset/done/"), 0);
  EXPECT_EQ(get("/auth/email/undo/" + parts), 404) << "this one is always there";
}

TEST_F(LinkPages, TwoPagesDoNotShareAPath) {
  Web twice = make_web();
  twice.paths.username_reset = twice.paths.activation;
  http::Router other;
  EXPECT_THROW(mount(other, twice), Bug);
}

TEST_F(LinkPages, OtherMethodsAreNamed) {
  for (const char* path : {"/auth/activate/Nw/x", "/auth/activation/", "/auth/email/undo/Nw/x/"}) {
    EXPECT_EQ(ask(http::Method::del, path), 405) << path;
    EXPECT_NE(reply.lines().find("Allow: GET, HEAD, POST, OPTIONS\r\n"), std::string::npos) << path;
    EXPECT_EQ(ask(http::Method::options, path), 204) << path;
  }
}

}  // namespace
}  // namespace propusk::web
