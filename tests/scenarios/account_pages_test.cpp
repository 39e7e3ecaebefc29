// The hosted pages of one's own account over HTTP: who gets in, what a form must prove, and what each page does.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "tests/scenarios/mobile_client.hpp"
#include "tests/scenarios/oauth_client.hpp"
#include "web/assets.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

bool says(const Answer& page, std::string_view words) { return page.body.contains(words); }

class AccountPages : public ::testing::Test {
 protected:
  AccountPages() {
    EXPECT_EQ(envelope.register_person("ann", "ann@example.com").status, 200);
    EXPECT_EQ(envelope.register_person("bob", "bob@example.com").status, 200);
  }
  static config::Settings settings() {
    config::Settings settings = oauth_settings();
    settings.djoser.profile_fields = {"first_name", "phone"};
    return settings;
  }
  /// Names of what happened to somebody, newest first.
  std::vector<std::string> actions(const std::string& username) {
    std::vector<std::string> names;
    for (const core::AuditEvent& event : server.audit(username))
      names.emplace_back(core::audit_action_name(event.action));
    return names;
  }
  std::string recovery_link_of(const std::string& email) {
    std::ignore = envelope.restore(email);
    return mailbox.wait_for_links(email, "/auth/restore/").at(0);
  }

  TestServer server{settings()};
  WebClient web{server};
  EnvelopeClient envelope{server};
  MobileClient mobile{server};
  DjoserClient djoser{server};
  Mailbox mailbox{server.directory()};
};

// signing in

TEST_F(AccountPages, AnyIdentifierSignsInAndTheSessionIsThatOfEveryDialect) {
  for (const char* name : {"ann", "ANN", "ann@example.com", "Ann@Example.com", " ann "}) {
    const Answer in = web.sign_in(name);
    EXPECT_EQ(in.status, 303) << name;
    EXPECT_EQ(in.header("Location"), "/accounts/");
    const std::string session = in.cookie("sessionid").value();
    EXPECT_TRUE(mobile.is_live(session));
    EXPECT_TRUE(envelope.is_live(session));
  }
  EXPECT_EQ(web.get("/accounts/", mobile.session_of("ann")).status, 200);
  EXPECT_EQ(web.get("/accounts", envelope.session_of("ann")).status, 200);
}

TEST_F(AccountPages, UnknownAndWrongReadTheSame) {
  const Answer wrong = web.sign_in("ann", "wrong password"), unknown = web.sign_in("nobody", "wrong password");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_TRUE(says(wrong, "The name or the password is wrong"));
  const auto but_for_the_name = [](const Answer& page, const std::string& name) {
    std::string body = page.body;
    const std::string typed = "value=\"" + name;
    if (const std::size_t at = body.find(typed); at != std::string::npos) body.replace(at, typed.size(), "value=\"");
    return body;
  };
  EXPECT_EQ(but_for_the_name(wrong, "ann"), but_for_the_name(unknown, "nobody"));
  EXPECT_FALSE(wrong.cookie("sessionid"));
  EXPECT_FALSE(says(wrong, "wrong password")) << "what was typed as a password never comes back";
}

TEST_F(AccountPages, OnlyARightPasswordTellsThatAnAccountIsDisabled) {
  server.create_account("eve", password);
  server.disable_account("eve");
  EXPECT_TRUE(says(web.sign_in("eve", "wrong password"), "The name or the password is wrong"));
  const Answer right = web.sign_in("eve");
  EXPECT_FALSE(right.cookie("sessionid"));
  EXPECT_FALSE(says(right, "The name or the password is wrong"));
}

TEST_F(AccountPages, EverySignInHasAKeyOfItsOwnAndEndsTheOneBefore) {
  const std::string first = web.session_of("ann");
  const std::string second = web.sign_in("ann", password, first).cookie("sessionid").value();
  EXPECT_NE(first, second);
  EXPECT_FALSE(web.is_live(first));
  EXPECT_TRUE(web.is_live(second));
  const std::string planted(32, 'p');
  EXPECT_NE(web.sign_in("ann", password, planted).cookie("sessionid"), planted);
  EXPECT_FALSE(web.is_live(planted));
}

TEST_F(AccountPages, SomebodyElsesSessionDoesNotStayBehind) {
  const std::string of_bob = web.session_of("bob");
  EXPECT_EQ(web.sign_in("ann", password, of_bob).status, 303);
  EXPECT_FALSE(web.is_live(of_bob));
}

TEST_F(AccountPages, WhoIsNotSignedInIsLedToTheSignInAndBack) {
  for (const std::string path : {"/accounts/", "/accounts/profile/", "/accounts/username/", "/accounts/email/",
                                 "/accounts/password/", "/accounts/sessions/", "/accounts/connections/",
                                 "/accounts/apps/", "/accounts/activity/", "/accounts/data/", "/accounts/delete/"}) {
    for (const std::string& session : {std::string(), std::string(32, 'x')}) {
      const Answer answer = web.get(path, session);
      EXPECT_EQ(answer.status, 302) << path;
      EXPECT_EQ(answer.header("Location"), "/accounts/login/?next=" + path);
    }
    if (path != "/accounts/" && path != "/accounts/activity/") EXPECT_EQ(web.post(path, "", {}).status, 303) << path;
  }
  const Answer in =
      web.post_as_is("/accounts/login/?next=/accounts/email/", "", {{"username", "ann"}, {"password", password}});
  EXPECT_EQ(in.header("Location"), "/accounts/email/");
  EXPECT_EQ(web.get("/accounts/login/?next=/accounts/data/", in.cookie("sessionid").value()).header("Location"),
            "/accounts/data/");
}

TEST_F(AccountPages, NoLinkLeadsASignInToAnotherSite) {
  for (const char* next : {"//evil.example", "/%5Cevil.example", "https:%2F%2Fevil.example", "/%09/evil.example",
                           "%2F%2Fevil.example", "/%0d%0aSet-Cookie:a=b", "javascript:alert(1)", "/a//evil.example"}) {
    const std::string path = std::string("/accounts/login/?next=") + next;
    const Answer in = web.post_as_is(path, "", {{"username", "ann"}, {"password", password}});
    EXPECT_EQ(in.status, 303) << next;
    EXPECT_EQ(in.header("Location"), "/accounts/") << next;
    EXPECT_FALSE(says(web.get(path), "evil")) << next;
    EXPECT_EQ(web.get(path, in.cookie("sessionid").value()).header("Location"), "/accounts/") << next;
  }
}

TEST_F(AccountPages, AWayOnIsKeptThroughMistakesAndLanguages) {
  const Answer page = web.get("/accounts/login/?next=/accounts/data/%3Fa%3Db");
  EXPECT_TRUE(says(page, "href=\"?lang=ru&amp;next=/accounts/data/%3Fa%3Db\"")) << page.body;
  EXPECT_TRUE(says(page, "href=\"/accounts/signup/?next=/accounts/data/%3Fa%3Db\"") ||
              says(page, "href=\"/accounts/signup/?next=/accounts/data/%3fa%3db\""))
      << page.body;
  const Answer in = web.post_as_is("/accounts/login/?lang=ru&next=/accounts/data/%3Fa%3Db", "",
                                   {{"username", "ann"}, {"password", password}});
  EXPECT_EQ(in.header("Location"), "/accounts/data/?a=b");
  EXPECT_EQ(in.cookie("propusk_language"), "ru");
}

TEST_F(AccountPages, OldAddressesLeadHere) {
  EXPECT_EQ(web.get("/login?next=/accounts/email/").header("Location"), "/accounts/login/?next=/accounts/email/");
  EXPECT_EQ(web.get("/login/?next=//evil.example").header("Location"), "/accounts/login/");
  EXPECT_EQ(web.get("/signup").header("Location"), "/accounts/signup/");
  EXPECT_EQ(web.get("/.well-known/change-password").header("Location"), "/accounts/password/");
}

// what a form must prove

/// A form that changes something, and where it leads; "": its answer is what was asked for.
struct Write {
  std::string path;
  Fields fields;
  std::string done;
};
std::vector<Write> writes() {
  return {
      {"/accounts/profile/", {{"first_name", "Anna"}}, "/accounts/profile/?done=saved"},
      {"/accounts/email/",
       {{"current_password", password}, {"new_email", "new@example.com"}},
       "/accounts/email/?done=email"},
      {"/accounts/sessions/", {{"others", "end"}}, "/accounts/sessions/"},
      {"/accounts/connections/", {{"disconnect", "github 1"}}, "/accounts/connections/"},
      {"/accounts/apps/", {{"withdraw", "album"}}, "/accounts/apps/"},
      {"/accounts/data/", {{"current_password", password}}, ""},
      {"/accounts/username/",
       {{"current_password", password}, {"new_username", "anna"}},
       "/accounts/profile/?done=username"},
      {"/accounts/password/",
       {{"current_password", password}, {"new_password", other_password}},
       "/accounts/?done=password"},
      {"/accounts/delete/", {{"current_password", password}}, "/accounts/delete/done/"},
      {"/accounts/logout/", {}, "/accounts/login/?done=out"},
  };
}
/// What browsers say of a form that another site posts.
std::vector<Fields> foreign_heads() {
  return {
      {{"Sec-Fetch-Site", "cross-site"}},
      {{"Sec-Fetch-Site", "same-site"}},
      {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}},
      {{"Origin", "null"}},
      {{"Origin", "https://evil.example"}},
      {{"Referer", "https://evil.example/page"}},
  };
}

TEST_F(AccountPages, AWriteNeedsItsTokenAndItsOriginEach) {
  const std::string session = web.session_of("ann"), of_bob = web.session_of("bob");
  const std::size_t before = actions("ann").size();
  for (const Write& write : writes()) {
    Fields with_token = write.fields;
    with_token.emplace_back("form_token", web::form_token(session));
    for (const Fields& head : foreign_heads()) {
      const Answer answer = web.post_as_is(write.path, session, with_token, head);
      EXPECT_EQ(answer.status, 403) << write.path;
      EXPECT_TRUE(says(answer, "This form came from another site")) << write.path;
    }
    const std::string token = web::form_token(session);
    for (const std::string& wrong : {std::string(), token.substr(1), web::form_token(of_bob), session}) {
      Fields fields = write.fields;
      if (!wrong.empty()) fields.emplace_back("form_token", wrong);
      const Answer answer = web.post_as_is(write.path, session, fields);
      EXPECT_EQ(answer.status, 403) << write.path << wrong;
      EXPECT_TRUE(says(answer, "This form is out of date")) << write.path;
    }
    EXPECT_TRUE(web.is_live(session)) << write.path;
  }
  EXPECT_EQ(server.account("ann").email, "ann@example.com");
  EXPECT_EQ(server.account("ann").fields[0], "");
  EXPECT_EQ(actions("ann").size(), before) << "nothing happened";
  EXPECT_EQ(web.sign_in("ann").status, 303);
}

TEST_F(AccountPages, TheSameFormsWithBothHaveTheirEffects) {
  const Fields own_heads[] = {{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}},
                              {{"Origin", "http://127.0.0.1:" + std::to_string(server.port())}}};
  int number = 0;
  for (const Fields& head : own_heads) {
    for (Write& write : std::vector<Write>(writes())) {
      const std::string name = "carl" + std::to_string(number++);
      for (auto& [field, value] : write.fields) {
        if (field == "new_username") value = "renamed" + name;
        if (field == "new_email") value = name + "@new.example";
      }
      ASSERT_EQ(envelope.register_person(name, name + "@example.com").status, 200);
      const std::string session = web.session_of(name);
      write.fields.emplace_back("form_token", web::form_token(session));
      const Answer answer = web.post_as_is(write.path, session, write.fields, head);
      EXPECT_EQ(answer.status, write.done.empty() ? 200 : 303) << write.path << answer.body;
      if (!write.done.empty()) EXPECT_EQ(answer.header("Location"), write.done);
    }
  }
}

TEST_F(AccountPages, ASignInAndASignUpOfAnotherSiteAreRefused) {
  for (const Fields& head : foreign_heads()) {
    const Answer in = web.post_as_is("/accounts/login/", "", {{"username", "ann"}, {"password", password}}, head);
    EXPECT_EQ(in.status, 403);
    EXPECT_FALSE(in.cookie("sessionid"));
    EXPECT_EQ(web.post_as_is("/accounts/signup/", "", {{"username", "puppet"}, {"password", password}}, head).status,
              403);
  }
  EXPECT_EQ(web.sign_in("puppet").status, 400);
}

TEST_F(AccountPages, PagesOfASessionLetBrowsersSayWhereTheirFormsComeFrom) {
  const std::string session = web.session_of("ann");
  for (const std::string path :
       {"/accounts/", "/accounts/login/?again=yes", "/accounts/password/", "/accounts/sessions/"}) {
    const Answer page = web.get(path, session);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.header("Referrer-Policy"), "same-origin");
    EXPECT_EQ(page.header("Cache-Control"), "no-store");
    EXPECT_EQ(page.header("X-Frame-Options"), "DENY");
    EXPECT_TRUE(page.header("Content-Security-Policy").value().contains("form-action 'self'"));
    EXPECT_FALSE(says(page, session)) << "the key of a session is in no page";
  }
  EXPECT_EQ(web.get("/auth/reset/").header("Referrer-Policy"), "no-referrer");
}

// devices

TEST_F(AccountPages, EveryKindOfCredentialIsListedAndEndsByItsButton) {
  const std::string session = web.session_of("ann"), other = mobile.session_of("ann"), token = djoser.token_of("ann");
  const JwtPair pair = djoser.pair_of("ann");
  const OauthPair of_app = OauthClient(server).pair_of("ann");
  const auto live_ways = [&] {
    return int{web.is_live(other)} + int{djoser.is_live(token)} + int{djoser.is_live("JWT " + pair.access)} +
           int{djoser.is_live("Bearer " + of_app.access)};
  };
  const std::size_t buttons = 4;
  EXPECT_EQ(web.ends(session).size(), buttons);
  EXPECT_EQ(live_ways(), 4);
  for (std::size_t left = buttons; left > 0; --left) {
    const std::string id = web.ends(session).at(0);
    EXPECT_EQ(web.post("/accounts/sessions/", session, {{"end", id}}).header("Location"),
              "/accounts/sessions/?done=device");
    EXPECT_EQ(web.ends(session).size(), left - 1);
    EXPECT_EQ(live_ways(), static_cast<int>(left) - 1) << "the next request of it is signed out";
  }
  EXPECT_TRUE(web.is_live(session));
  EXPECT_EQ(djoser.refresh(pair.refresh).status, 401);
  const std::vector<std::string> trail = actions("ann");
  EXPECT_EQ(std::ranges::count(trail, "session_revoked"), 1);
  EXPECT_EQ(std::ranges::count(trail, "token_revoked"), 3);
}

TEST_F(AccountPages, NobodyEndsWhatIsSomebodyElses) {
  const std::string of_ann = web.session_of("ann"), of_bob = web.session_of("bob"),
                    phone_of_bob = web.session_of("bob");
  const std::string id = web.ends(of_bob).at(0);
  const std::size_t before = server.audit("bob").size();

  EXPECT_EQ(web.post("/accounts/sessions/", of_ann, {{"end", id}}).header("Location"), "/accounts/sessions/");
  EXPECT_EQ(web.post("/accounts/sessions/", of_ann, {{"others", "end"}}).status, 303);
  for (const std::string& wrong : {id.substr(1), id + "0", std::string(16, '0'), std::string()})
    EXPECT_EQ(web.post("/accounts/sessions/", of_bob, {{"end", wrong}}).header("Location"), "/accounts/sessions/")
        << "another's id gives the same answer as none";

  EXPECT_TRUE(web.is_live(of_bob) && web.is_live(phone_of_bob));
  EXPECT_EQ(server.audit("bob").size(), before);
  EXPECT_EQ(web.post("/accounts/sessions/", of_bob, {{"end", id}}).header("Location"),
            "/accounts/sessions/?done=device")
      << "the control: its owner ends it";
  EXPECT_FALSE(web.is_live(phone_of_bob));
}

TEST_F(AccountPages, EverythingElseEndsAtOnceAndThisDeviceStays) {
  const std::string session = web.session_of("ann"), other = web.session_of("ann"), of_bob = web.session_of("bob");
  const std::string token = djoser.token_of("ann");
  const JwtPair pair = djoser.pair_of("ann");
  const std::string link = recovery_link_of("ann@example.com");
  server.clock().advance(1s);
  EXPECT_EQ(web.post("/accounts/sessions/", session, {{"others", "end"}}).header("Location"),
            "/accounts/sessions/?done=others");
  const auto only_this_lives = [&] {
    EXPECT_TRUE(web.is_live(session));
    EXPECT_FALSE(web.is_live(other) || djoser.is_live(token) || djoser.is_live("JWT " + pair.access));
  };
  only_this_lives();
  EXPECT_TRUE(web.is_live(of_bob));
  EXPECT_EQ(web.get(link).status, 200) << "a mailed link is no device";
  EXPECT_EQ(actions("ann").front(), "others_ended");
  server.restart();
  only_this_lives();
}

TEST_F(AccountPages, DevicesAreCalledByNameAndEscaped) {
  const Answer in = post_form(server.port(), "/accounts/login/", {{"username", "ann"}, {"password", password}},
                              {{"Sec-Fetch-Site", "same-origin"},
                               {"User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) CriOS/142.0"}});
  EXPECT_EQ(post_form(server.port(), "/auth/login", {{"username", "ann"}, {"password", password}},
                      {{"User-Agent", "<script>alert(1)</script>"}})
                .status,
            200);
  const Answer page = web.get("/accounts/sessions/", in.cookie("sessionid").value());
  EXPECT_TRUE(says(page, "Chrome, iPhone"));
  EXPECT_TRUE(says(page, "This device"));
  EXPECT_TRUE(says(page, "&lt;script&gt;alert"));
  EXPECT_FALSE(says(page, "<script>alert"));
}

TEST_F(AccountPages, ALongListOfDevicesStaysSmall) {
  const std::string session = web.session_of("ann");
  for (int i = 0; i < 59; ++i) {
    ASSERT_EQ(post_form(server.port(), "/auth/login", {{"username", "ann"}, {"password", password}},
                        {{"User-Agent", "Wallet" + std::to_string(i) + "/1.0"}})
                  .status,
              200);
  }
  const Answer page = web.get("/accounts/sessions/", session);
  EXPECT_EQ(web.ends(session).size(), 49U);
  EXPECT_TRUE(says(page, "10\u00a0older ones are not shown."));
  const web::Assets assets;
  const std::size_t bytes =
      web::gzip(page.body).size() + assets.style().gzipped.size() + assets.script().gzipped.size();
  EXPECT_LE(bytes, 13U * 1024) << "and 1 KiB of headers";
  EXPECT_TRUE(says(web.get("/accounts/", session), "60\u00a0devices are signed in"));
  EXPECT_EQ(web.post("/accounts/sessions/", session, {{"others", "end"}}).status, 303);
  EXPECT_EQ(server.live_sessions("ann"), 1U);
}

// changes

TEST_F(AccountPages, ANewPasswordKeepsThisBrowserUnderAFreshKey) {
  const std::string session = web.session_of("ann"), other = web.session_of("ann"), token = djoser.token_of("ann");
  const Answer wrong = web.post("/accounts/password/", session,
                                {{"current_password", "wrong password"}, {"new_password", other_password}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_TRUE(says(wrong, "href=\"#current_password\">The password is wrong")) << wrong.body;
  const Answer weak =
      web.post("/accounts/password/", session, {{"current_password", password}, {"new_password", "123"}});
  EXPECT_TRUE(says(weak, "The password is too short") && says(weak, "The password needs more than digits"));
  EXPECT_TRUE(web.is_live(other)) << "neither has changed anything";

  const Answer done =
      web.post("/accounts/password/", session, {{"current_password", password}, {"new_password", other_password}});
  EXPECT_EQ(done.header("Location"), "/accounts/?done=password");
  const std::string fresh = done.cookie("sessionid").value();
  EXPECT_NE(fresh, session);
  EXPECT_TRUE(web.is_live(fresh));
  EXPECT_FALSE(web.is_live(session) || web.is_live(other) || djoser.is_live(token));
  EXPECT_EQ(web.sign_in("ann", password).status, 400);
  EXPECT_EQ(web.sign_in("ann", other_password).status, 303);
  EXPECT_EQ(mailbox.wait_for("ann@example.com", "has been changed").size(), 1U);
}

TEST_F(AccountPages, AnAddressWaitsForItsLinkAndTheOldOneIsTold) {
  const std::string session = web.session_of("ann");
  const std::pair<const char*, const char*> mistakes[] = {
      {"nonsense", "Enter the whole address"},
      {"bob@example.com", "Another account has this address"},
      {"ANN@example.com", "This is what you have already"},
  };
  for (const auto& [email, words] : mistakes) {
    const Answer answer = web.post("/accounts/email/", session, {{"current_password", password}, {"new_email", email}});
    EXPECT_EQ(answer.status, 400) << email;
    EXPECT_TRUE(says(answer, words)) << email << answer.body;
  }
  EXPECT_EQ(
      web.post("/accounts/email/", session, {{"current_password", "wrong"}, {"new_email", "new@example.com"}}).status,
      400);
  EXPECT_EQ(
      web.post("/accounts/email/", session, {{"current_password", password}, {"new_email", "new@example.com"}}).status,
      303);
  EXPECT_EQ(server.account("ann").email, "ann@example.com") << "until the link is followed";
  const std::string link = mailbox.wait_for_links("new@example.com", "/auth/email/").at(0);
  EXPECT_EQ(mailbox.wait_for("ann@example.com", "new@example.com").size(), 1U);
  EXPECT_TRUE(says(web.get("/accounts/", session), "new@example.com waits until you follow the link"));
  EXPECT_EQ(envelope.follow(link).status, 303);
  EXPECT_TRUE(says(web.get("/accounts/", session), "new@example.com, confirmed"));
  const Answer same =
      web.post("/accounts/email/", session, {{"current_password", password}, {"new_email", "NEW@example.com"}});
  EXPECT_TRUE(says(same, "This is what you have already")) << same.body;
}

TEST_F(AccountPages, WhatPeopleTellOfThemselvesIsKeptAndCutToItsField) {
  const std::string session = web.session_of("ann");
  EXPECT_EQ(web.post("/accounts/profile/", session,
                     {{"first_name", " Anna "}, {"phone", "+7 900 000-00-00"}, {"last_name", "Not asked"}})
                .status,
            303);
  EXPECT_EQ(server.account("ann").fields[0], "Anna");
  EXPECT_EQ(server.account("ann").fields[1], "") << "a field that is not asked for is not taken";
  EXPECT_EQ(server.account("ann").fields[3], "+7 900 000-00-00");
  const Answer longest = web.post("/accounts/profile/", session, {{"first_name", std::string(151, 'a')}});
  EXPECT_EQ(longest.status, 400);
  EXPECT_TRUE(says(longest, "This is too long"));
  EXPECT_TRUE(says(web.get("/accounts/profile/", session), "value=\"Anna\""));
}

TEST_F(AccountPages, AUsernameIsChangedAfterThePassword) {
  const std::string session = web.session_of("ann");
  const std::pair<const char*, const char*> mistakes[] = {
      {"bob", "Somebody has this username already"},
      {"ann", "This is what you have already"},
      {"a b", "Use letters, digits"},
      {"eve@example.com", "only if it is the address of the account"},
  };
  for (const auto& [name, words] : mistakes)
    EXPECT_TRUE(
        says(web.post("/accounts/username/", session, {{"current_password", password}, {"new_username", name}}), words))
        << name;
  EXPECT_TRUE(says(web.post("/accounts/username/", session, {{"current_password", "wrong"}, {"new_username", "anna"}}),
                   "href=\"#current_password\">The password is wrong"))
      << "it is said of the password alone";
  EXPECT_EQ(web.post("/accounts/username/", session, {{"current_password", password}, {"new_username", "anna"}}).status,
            303);
  EXPECT_EQ(web.sign_in("anna").status, 303);
}

TEST_F(AccountPages, AnAccountIsDeletedByItsOwnerAlone) {
  const std::string session = web.session_of("ann"), of_bob = web.session_of("bob");
  EXPECT_EQ(web.post("/accounts/delete/", session, {{"current_password", "wrong"}}).status, 400);
  EXPECT_TRUE(web.is_live(session));
  const Answer done = web.post("/accounts/delete/", session, {{"current_password", password}});
  EXPECT_EQ(done.header("Location"), "/accounts/delete/done/");
  EXPECT_EQ(done.cookie("sessionid"), "\"\"");
  EXPECT_FALSE(web.is_live(session));
  EXPECT_TRUE(web.is_live(of_bob));
  EXPECT_EQ(web.sign_in("ann").status, 400);
}

// what is shown

TEST_F(AccountPages, AnExportHoldsEverythingButSecretsAndOtherPeople) {
  const std::string session = web.session_of("ann"), token = djoser.token_of("ann");
  const JwtPair pair = djoser.pair_of("ann");
  const OauthPair of_app = OauthClient(server).pair_of("ann");
  std::ignore = web.session_of("bob");
  const std::string link = recovery_link_of("ann@example.com");
  server.clock().advance(1s);

  const Answer answer = web.post("/accounts/data/", session, {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"account.json\"");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const boost::json::object data = boost::json::parse(answer.body).as_object();
  EXPECT_EQ(data.at("account").at("username"), "ann");
  EXPECT_EQ(data.at("account").at("email"), "ann@example.com");
  EXPECT_EQ(data.at("credentials").as_array().size(), core::credential_kinds.size()) << "one of every kind";
  EXPECT_EQ(data.at("events").as_array().at(0).at("action"), "data_exported");
  EXPECT_EQ(data.at("links").as_array().at(0).at("purpose"), "recovery");
  EXPECT_EQ(answer.body.find("bob"), std::string::npos);
  const Digest digest = sha256(session);
  for (const std::string& secret :
       {std::string(password), std::string("$argon2"), session, token.substr(6), pair.refresh, of_app.access,
        of_app.refresh, parts_of(link).token, to_hex(digest.bytes)})
    EXPECT_EQ(answer.body.find(secret), std::string::npos) << secret;
}

TEST_F(AccountPages, AnExportOfAnOldSessionTakesThePassword) {
  const std::string session = web.session_of("ann");
  server.clock().advance(10min);
  EXPECT_FALSE(says(web.get("/accounts/data/", session), "current_password"));
  server.clock().advance(1s);
  EXPECT_TRUE(says(web.get("/accounts/data/", session), "current_password"));
  EXPECT_EQ(web.post("/accounts/data/", session, {}).status, 400);
  EXPECT_EQ(web.post("/accounts/data/", session, {{"current_password", "wrong"}}).status, 400);
  EXPECT_EQ(web.post("/accounts/data/", session, {{"current_password", password}}).status, 200);
}

TEST_F(AccountPages, WhatHappenedIsToldInWords) {
  const std::string session = web.session_of("ann");
  server.set_password("bob", other_password);
  const Answer mine = web.get("/accounts/activity/", session);
  EXPECT_TRUE(says(mine, "<b>Signed in</b> <span class=\"hint\">from 127.0.0.1</span>")) << mine.body;
  EXPECT_TRUE(says(mine, "Account created"));
  EXPECT_FALSE(says(mine, "Password set for you")) << "that is Bob's";
  const Answer his = web.get("/accounts/activity/", web.session_of("bob", other_password), {{"Accept-Language", "ru"}});
  EXPECT_TRUE(says(his, "Для вас задан новый пароль</b> <span class=\"hint\">администраторами сайта")) << his.body;
}

// out, and up

TEST_F(AccountPages, SigningOutTakesAButton) {
  const std::string session = web.session_of("ann");
  EXPECT_TRUE(says(web.get("/accounts/logout/", session), "<button>Sign out</button>"));
  EXPECT_TRUE(web.is_live(session));
  const Answer out = web.post("/accounts/logout/", session, {});
  EXPECT_EQ(out.header("Location"), "/accounts/login/?done=out");
  EXPECT_EQ(out.cookie("sessionid"), "\"\"");
  EXPECT_FALSE(web.is_live(session));
  EXPECT_EQ(web.get("/accounts/logout/").header("Location"), "/accounts/login/");
}

TEST_F(AccountPages, SigningUpTellsWhatIsTaken) {
  const Answer taken = web.post_as_is("/accounts/signup/", "", {{"username", "ann"}, {"password", "123"}});
  EXPECT_EQ(taken.status, 400);
  EXPECT_TRUE(says(taken, "Somebody has this username already") && says(taken, "The password is too short"))
      << taken.body;
  EXPECT_TRUE(says(taken, "name=\"username\" value=\"ann\"")) << taken.body;
  EXPECT_TRUE(says(web.post_as_is("/accounts/signup/", "", {{"username", "a b"}, {"password", password}}),
                   "Use letters, digits"));
  const Answer made = web.post_as_is("/accounts/signup/?next=/accounts/data/", "",
                                     {{"username", "Ζωή"}, {"email", ""}, {"password", password}});
  EXPECT_EQ(made.status, 303) << made.body;
  EXPECT_EQ(made.header("Location"), "/accounts/login/?done=up&next=/accounts/data/");
  EXPECT_FALSE(made.cookie("sessionid"));
  EXPECT_EQ(web.sign_in("Ζωή").status, 303);
}

TEST(SignUpBySeed, AsksForAnAddressAndActivatesIt) {
  TestServer server(djoser_settings());
  const WebClient web(server);
  EXPECT_FALSE(says(web.get("/accounts/signup/"), "name=\"username\""));
  const Answer made = web.post_as_is("/accounts/signup/", "", {{"email", "ann@EXAMPLE.com"}, {"password", password}});
  EXPECT_EQ(made.header("Location"), "/accounts/signup/sent/") << made.body;
  EXPECT_TRUE(says(web.get("/accounts/signup/sent/"), "Check your mail"));
  EXPECT_NE(web.sign_in("ann@example.com").status, 303) << "nobody enters before the link is followed";
  const std::string link = Mailbox(server.directory()).wait_for_links("ann@example.com", "/auth/activate/").at(0);
  EXPECT_EQ(web.post_as_is(link, "", {{"action", "activate"}}).status, 303);
  EXPECT_EQ(web.sign_in("ann@example.com").status, 303);
  const Answer again = web.post_as_is("/accounts/signup/", "", {{"email", "ann@example.com"}, {"password", password}});
  EXPECT_EQ(again.status, 400);
  EXPECT_TRUE(says(again, "Another account has this address")) << again.body;
  EXPECT_TRUE(says(web.post_as_is("/accounts/signup/", "", {{"email", "x"}, {"password", password}}),
                   "Enter the whole address"));
}

TEST(SignInLimits, SayWhenToComeBackAndOfferTheWayAround) {
  TestServer server(settings_with_mail());
  const WebClient web(server);
  Answer limited = web.sign_in("nobody");
  EXPECT_EQ(limited.status, 400) << "the first is not limited";
  for (int i = 0; i < 200 && limited.status != 429; ++i) limited = web.sign_in("nobody");
  ASSERT_EQ(limited.status, 429);
  EXPECT_TRUE(limited.header("Retry-After"));
  EXPECT_TRUE(says(limited, "Too many attempts") && says(limited, "/auth/reset/"));
}

}  // namespace
}  // namespace propusk::testing
