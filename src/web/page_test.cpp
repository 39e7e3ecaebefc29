// What pages are as bytes: escaped, protected by headers, small, in one language.
#include "web/page.hpp"

#include <gtest/gtest.h>

#include "base/testing/fake_clock.hpp"
#include "web/form_page.hpp"
#include "web/handlers.hpp"

namespace propusk::web {
namespace {

class PageTest : public ::testing::Test {
 protected:
  Visit visit(Language language = Language::en, bool chooses = false) {
    return {{gate, "id.example.org", clock, templates, assets}, request, reply, language, chooses};
  }
  bool has_header(std::string_view line) const {
    return ("\r\n" + reply.lines()).find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
  bool says(std::string_view words) const { return reply.body().find(words) != std::string::npos; }
  void send_password_form() {
    Page page(visit(), "password", Text::password_title);
    page.scripted().set("USERNAME", "ann").set("HINT", "hint");
    send_page(visit(), 200, page);
  }

  http::CrossSiteGate gate{"https://id.example.org", {}, false};
  propusk::testing::FakeClock clock;
  Templates templates;
  Assets assets;
  http::Request request;
  http::Reply reply;
};

constexpr std::string_view hostile = "</title></p>'\"><script>alert(1)</script>{{SITE}}&amp;";

TEST_F(PageTest, AValueIsEscapedWhereverItStands) {
  const Visit here = visit();
  Page ask(here, "ask", Text::ask_title);
  ask.set("EMAIL", hostile);
  Page password(here, "password", Text::password_title);
  password.set("USERNAME", hostile);
  Page address(here, "address", Text::confirm_title);
  address.set("USERNAME", hostile).set("EMAIL", hostile);
  Page activation(here, "activation", Text::activate_title);
  activation.set("USERNAME", hostile).set("EMAIL", hostile).content().ShowSection("NAMED");
  Page username(here, "username", Text::rename_title);
  username.set("USERNAME", hostile).set("NEW_NAME", hostile).set("TYPE", "text");
  Page undo(here, "undo", Text::undo_title);
  undo.set("EMAIL", hostile).set("OLD_EMAIL", hostile);
  Page devices(here, "devices", Text::devices_title);
  devices.set("FORM_TOKEN", hostile);
  auto* device = devices.content().AddSectionDictionary("DEVICE");
  for (const char* name : {"NAME", "PLACE", "ID", "NUMBER"}) device->SetValue(name, as_template(hostile));
  device->ShowSection("OTHER_DEVICE");
  Page activity(here, "activity", Text::activity_title);
  auto* event = activity.content().AddSectionDictionary("EVENT");
  for (const char* name : {"WORDS", "ACTOR", "STAMP"}) event->SetValue(name, as_template(hostile));
  Page account(here, "account", Text::your_account);
  account.content().AddSectionDictionary("SECTION")->SetValue("SUMMARY", as_template(hostile));
  Page letter(here, "letter", hostile, false);
  letter.set("RECIPIENT", hostile).set("KIND", hostile).set("ID", hostile);

  for (const Page* page :
       {&ask, &password, &address, &activation, &username, &undo, &devices, &activity, &account, &letter}) {
    const std::string html = page->print();
    EXPECT_EQ(html.find("<script>"), std::string::npos) << html;
    EXPECT_EQ(html.find("'\""), std::string::npos) << html;
    EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;{{SITE}}&amp;amp;"), std::string::npos) << html;
  }
}

TEST_F(PageTest, AFormEscapesWhateverItIsGiven) {
  const std::string value(hostile);
  send_form(
      visit(),
      {.title = Text::sign_in,
       .button = Text::sign_in,
       .sentences = {value},
       .username = value,
       .inputs = {{.name = "name",
                   .label = Text::sign_in_name,
                   .type = "text",
                   .token = "off",
                   .value = value,
                   .hint = value},
                  {.name = "secret", .label = Text::password, .type = "password", .token = "off", .value = "hush"}},
       .form_token = value});
  EXPECT_FALSE(says("<script>"));
  EXPECT_FALSE(says("'\""));
  EXPECT_FALSE(says("hush")) << "a password is never sent back";
  EXPECT_TRUE(says("value=\"&lt;/title&gt;&lt;/p&gt;&#39;&quot;&gt;&lt;script&gt;"));
}

TEST_F(PageTest, AFormSaysEachMistakeAtItsFieldAndAtTheTop) {
  send_form(visit(), {.title = Text::password_title,
                      .button = Text::password_button,
                      .inputs = {{.name = "current_password",
                                  .label = Text::current_password,
                                  .type = "password",
                                  .token = "current-password"},
                                 {.name = "new_password",
                                  .label = Text::new_password,
                                  .type = "password",
                                  .token = "new-password",
                                  .hint = "hint"}},
                      .mistakes = {{"new_password", Text::password_too_short},
                                   {"current_password", Text::current_password_wrong},
                                   {"new_password", Text::password_numeric}}});
  EXPECT_EQ(reply.status, 400);
  EXPECT_TRUE(says("<title>Error: Set a new password"));
  EXPECT_TRUE(says("<a href=\"#current_password\">The password is wrong</a>"));
  EXPECT_TRUE(says("id=\"current_password-mistake-1\">The password is wrong</p>"));
  EXPECT_TRUE(says("aria-describedby=\"current_password-mistake-1\""));
  EXPECT_TRUE(says("aria-describedby=\"new_password-hint new_password-mistake-2 new_password-mistake-3\""));
  EXPECT_TRUE(says("id=\"new_password-mistake-3\">The password needs more than digits</p>"));
}

TEST_F(PageTest, OnlyWhatIsDoneHereCanBeSaidToBeDone) {
  request.query = "done=password";
  EXPECT_EQ(done_text(request), Text::password_changed);
  for (const char* query : {"", "done=", "done=<b>", "done=passwords", "dine=password"}) {
    request.query = query;
    EXPECT_FALSE(done_text(request)) << query;
  }
}

TEST_F(PageTest, AnAddressThatIsNoWebAddressIsNoLink) {
  Page letter(visit(), "letter", "subject", false);
  auto* part = letter.content().AddSectionDictionary("PART");
  part->SetValueAndShowSection("URL", "javascript:alert(1)", "LINK");

  EXPECT_EQ(letter.print().find("href=\"javascript:"), std::string::npos);
}

TEST_F(PageTest, EveryPageCarriesTheProtectingHeaders) {
  request.is_secure = true;
  send_notice(visit(), {.title = Text::sent_title, .sentences = {}, .way = {}});

  EXPECT_TRUE(has_header(
      "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
      "form-action 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
      "require-trusted-types-for 'script'"));
  for (const char* line :
       {"Cache-Control: no-store", "Content-Type: text/html; charset=utf-8", "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin", "Strict-Transport-Security: max-age=31536000"})
    EXPECT_TRUE(has_header(line)) << line << "\n" << reply.lines();
  EXPECT_EQ(reply.lines().find("Set-Cookie"), std::string::npos);
}

TEST_F(PageTest, PlainHttpPromisesNoHttps) {
  send_notice(visit(), {.title = Text::sent_title, .sentences = {}, .way = {}});
  EXPECT_EQ(reply.lines().find("Strict-Transport-Security"), std::string::npos);
}

TEST_F(PageTest, AChosenLanguageIsRememberedForAYear) {
  request.is_secure = true;
  send_elsewhere(visit(Language::ru, true), 303, "/auth/reset/sent/");

  EXPECT_TRUE(has_header("Location: /auth/reset/sent/?lang=ru"));
  EXPECT_TRUE(
      has_header("Set-Cookie: propusk_language=ru; expires=Fri, 01 Jan 2027 00:00:00 GMT; HttpOnly; Max-Age=31536000; "
                 "Path=/; SameSite=Lax; Secure"))
      << reply.lines();
}

TEST_F(PageTest, APageSpeaksOneLanguageAndOffersTheOther) {
  send_notice(visit(Language::ru), {.title = Text::changed_title, .sentences = {}, .way = {}});

  EXPECT_TRUE(says("<html lang=\"ru\">"));
  EXPECT_TRUE(says("<title>Пароль изменён · id.example.org</title>"));
  EXPECT_TRUE(says("<a href=\"?lang=en\" hreflang=\"en\" lang=\"en\">English</a>"));
  EXPECT_FALSE(says("Password changed"));
}

TEST_F(PageTest, AMistakeIsSaidAtTheTopBesideTheFieldAndInTheTitle) {
  Page page(visit(), "password", Text::password_title);
  page.mistake("new_password", Text::password_too_short).mistake("new_password", Text::password_numeric);
  send_page(visit(), 400, page);

  EXPECT_TRUE(says("<title>Error: Set a new password · id.example.org</title>"));
  EXPECT_TRUE(says("role=\"alert\" tabindex=\"-1\" autofocus"));
  EXPECT_TRUE(says("<a href=\"#new_password\">The password is too short</a>"));
  EXPECT_TRUE(says("id=\"new_password-mistake-2\">The password needs more than digits</p>"));
  EXPECT_TRUE(says("aria-invalid=\"true\""));
  EXPECT_TRUE(says("aria-describedby=\"new_password-hint new_password-mistake-1 new_password-mistake-2\""));
}

TEST_F(PageTest, PasswordManagersFindTheirFields) {
  send_password_form();
  EXPECT_TRUE(says("name=\"username\" value=\"ann\" autocomplete=\"username\" readonly"));
  EXPECT_TRUE(says("<input type=\"password\" id=\"new_password\" name=\"new_password\" autocomplete=\"new-password\""));
  EXPECT_FALSE(says("aria-invalid"));

  Page ask(visit(), "ask", Text::ask_title);
  send_page(visit(), 200, ask);
  EXPECT_TRUE(says("<input type=\"email\" id=\"email\" name=\"email\" value=\"\" autocomplete=\"email\""));
}

// UX.md §7 bar 6: 14 KB compressed and 4 requests; the heaviest page is the one with the script.
TEST_F(PageTest, APageIsSmall) {
  send_password_form();
  const std::size_t bytes =
      gzip(reply.body()).size() + assets.style().gzipped.size() + assets.script().gzipped.size() + reply.lines().size();

  EXPECT_LE(bytes, 14U * 1024);
  EXPECT_LE(assets.script().gzipped.size(), 6U * 1024);
  EXPECT_TRUE(says(assets.style().path));
  EXPECT_TRUE(says(assets.script().path));
}

TEST_F(PageTest, NothingIsInline) {
  send_password_form();
  for (const char* inline_thing : {" style=", "<style", " onclick", " onload", "<script>"})
    EXPECT_FALSE(says(inline_thing)) << inline_thing;
}

TEST_F(PageTest, EveryRefusalHasAPage) {
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<core::Refusal>(i);
    reply.clear();
    send_refusal(visit(Language::ru), core::Refused(refusal, seconds{61}));
    EXPECT_EQ(reply.status, to_page(refusal).status);
    EXPECT_TRUE(says(text(to_page(refusal).title, Language::ru))) << core::refusal_name(refusal);
  }
}

TEST_F(PageTest, ALimitSaysWhenToComeBack) {
  send_refusal(visit(), core::Refused(core::Refusal::limited, seconds{61}));

  EXPECT_EQ(reply.status, 429);
  EXPECT_TRUE(has_header("Retry-After: 61"));
  EXPECT_TRUE(says("Try again in 2\u00a0minutes."));
}

TEST_F(PageTest, ADeadLinkLeadsOn) {
  send_refusal(visit(), core::Refused(core::Refusal::link_used));
  EXPECT_TRUE(says("<a class=\"button\" href=\"/auth/reset/\">Ask for a new link</a>"));

  send_refusal(visit(), core::Refused(core::Refusal::link_expired), DeadEnd::email_change);
  EXPECT_FALSE(says("/auth/reset/"));
  EXPECT_TRUE(says("Ask for the change once more in your app."));

  send_refusal(visit(), core::Refused(core::Refusal::link_unknown), DeadEnd::username_reset);
  EXPECT_TRUE(says("Ask for a new link in your app."));
}

TEST_F(PageTest, ADeadActivationLinkLeadsToAnotherUnlessItHasDoneItsWork) {
  for (const auto dead : {core::Refusal::link_expired, core::Refusal::link_unknown, core::Refusal::uid_unknown}) {
    send_refusal(visit(), core::Refused(dead), DeadEnd::activation);
    EXPECT_TRUE(says("<a class=\"button\" href=\"/auth/activation/\">Ask for a new link</a>"));
  }
  send_refusal(visit(), core::Refused(core::Refusal::link_used), DeadEnd::activation);
  EXPECT_EQ(reply.status, 410);
  EXPECT_TRUE(says("If you activated your account by it, open your app and sign in."));
  EXPECT_FALSE(says("/auth/activation/"));
}

TEST_F(PageTest, WhoHasTakenTheAccountBackIsLedToANewPassword) {
  send_refusal(visit(), core::Refused(core::Refusal::link_used), DeadEnd::email_undo);
  EXPECT_TRUE(says("<a class=\"button\" href=\"/auth/reset/\">Set a new password</a>"));
  send_refusal(visit(), core::Refused(core::Refusal::link_expired), DeadEnd::email_undo);
  EXPECT_FALSE(says("/auth/reset/"));
  EXPECT_TRUE(says("write to those who run this site"));
}

TEST_F(PageTest, TheNewNameIsAFieldOfItsKind) {
  Page page(visit(), "username", Text::rename_title);
  page.set("TYPE", "email").set("TOKEN", "email").mistake("new_name", Text::email_taken);
  send_page(visit(), 400, page);
  EXPECT_TRUE(says("<input type=\"email\" id=\"new_name\" name=\"new_name\" value=\"\" autocomplete=\"email\""));
  EXPECT_TRUE(says("aria-invalid=\"true\" aria-describedby=\"new_name-mistake\""));
  EXPECT_TRUE(says("<a href=\"#new_name\">Another account has this address</a>"));
}

TEST_F(PageTest, AnAssetIsNamedByItsContent) {
  EXPECT_EQ(assets.find(assets.style().path), &assets.style());
  EXPECT_EQ(assets.find("/-/assets/0000000000000000.css"), nullptr);
  EXPECT_TRUE(assets.style().path.ends_with(".css"));
  EXPECT_EQ(assets.style().path.size(), std::string_view("/-/assets/0123456789abcdef.css").size());
  EXPECT_TRUE(assets.style().gzipped.starts_with("\x1f\x8b"));
}

}  // namespace
}  // namespace propusk::web
