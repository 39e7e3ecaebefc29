// Words of letters: complete in every language, escaped, and an operator's own are refused when they cannot be used.
#include "platform/mail/mail_templates.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "base/outage.hpp"
#include "platform/mail/embedded_templates.hpp"
#include "platform/mail/template_check.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;
using namespace std::string_literals;

core::Letter letter_of(core::MailKind kind, Language language) {
  core::Letter letter{.id = 1,
                      .kind = kind,
                      .language = language,
                      .recipient = "ann@example.net",
                      .created_at = instant(1'767'225'600'000'000),
                      .doors = {{"ann", Secret<>("https://id.example.org/auth/restore/MQ/s3cret/?a=1&b=2")}},
                      .facts = {"192.0.2.7", "Firefox on Linux", "new@example.net"}};
  return letter;
}

class MailTemplatesTest : public ::testing::Test {
 protected:
  const MailSite site{"Example", "https://id.example.org"};
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "propusk-templates-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  void put(const std::string& name, std::string_view text) { std::ofstream(folder_ / name) << text; }
  /// Where and what, without the directory; "" if the overrides are fine.
  std::string problem() {
    try {
      const MailTemplates templates(folder_);
      return "";
    } catch (const Outage& outage) {
      return std::string(outage.what()).substr(folder_.string().size() + 1);
    }
  }
  std::string problem_of(const std::string& name, std::string_view text) {
    put(name, text);
    std::string out = problem();
    fs::remove(folder_ / name);
    return out;
  }
  fs::path folder_;
};

TEST_F(MailTemplatesTest, every_letter_has_all_its_words_in_every_language) {
  const MailTemplates templates("");
  for (const core::MailKindRow& row : core::mail_kinds)
    for (const Language language : languages) {
      const MailWords words = templates.words(letter_of(row.kind, language), site);
      EXPECT_TRUE(words.subject.contains("Example")) << row.name;
      EXPECT_FALSE(words.subject.contains('\n'));
      for (const std::string& form : {words.text, words.html}) {
        EXPECT_TRUE(form.contains("Example")) << form;
        const bool names_no_place = row.kind == core::MailKind::confirmation && form == words.text;  // as recorded
        EXPECT_NE(form.contains("https://id.example.org"), names_no_place) << form;
        EXPECT_FALSE(form.contains("{{") || form.contains("}}")) << form;
        EXPECT_EQ(form.contains("s3cret"), row.purpose.has_value()) << form;
      }
      EXPECT_TRUE(words.html.contains("<html lang=\"" + std::string(language_name(language)) + "\">"));
      EXPECT_FALSE(words.html.contains("src=") || words.html.contains("url(")) << "nothing remote";
      EXPECT_EQ(words.text.contains("а"), language == Language::ru) << words.text;
    }
}

TEST_F(MailTemplatesTest, a_russian_recovery_letter_reads_like_this) {
  core::Letter letter = letter_of(core::MailKind::recovery, Language::ru);
  letter.doors.push_back({"ann2", Secret<>("https://id.example.org/2")});
  const MailWords words = MailTemplates("").words(letter, site);
  EXPECT_EQ(words.subject, "Example: новый пароль");
  EXPECT_EQ(words.text,
            "Поступила просьба задать новый пароль на сайте Example. Если это вы, откройте ссылку. Она сработает один "
            "раз, в течение часа.\n\nУчётная запись ann:\nhttps://id.example.org/auth/restore/MQ/s3cret/?a=1&b=2\n\n"
            "Учётная запись ann2:\nhttps://id.example.org/2\n\nЕсли это не вы, ничего делать не нужно: пароль не "
            "изменён, а без этого письма ссылкой никто не воспользуется.\n\nExample\nhttps://id.example.org\n");
}

// contracts/djoser.json "mail.password_reset", to the byte.
TEST_F(MailTemplatesTest, a_password_reset_of_one_account_is_the_recorded_letter) {
  core::Letter letter = letter_of(core::MailKind::password_reset, Language::en);
  letter.doors = {{"ann", Secret<>("https://id.example.org/1")}};
  const MailWords words = MailTemplates("").words(letter, site);
  EXPECT_EQ(words.subject, "Password reset on Example");
  EXPECT_EQ(words.text,
            "You're receiving this email because you requested a password reset for your user account at Example.\n\n"
            "Please go to the following page and choose a new password:\nhttps://id.example.org/1\n"
            "Your username, in case you've forgotten: ann\n\nThanks for using our site!\n\nThe Example team\n");
  EXPECT_TRUE(words.html.contains(
      "<p>You're receiving this email because you requested a password reset for your user account at Example.</p>\n\n"
      "<p>Please go to the following page and choose a new password:</p>\n"
      "<a href=\"https://id.example.org/1\">https://id.example.org/1</a>\n"
      "<p>Your username, in case you've forgotten: <b>ann</b></p>\n\n"
      "<p>Thanks for using our site!</p>\n\n<p>The Example team</p>\n"))
      << words.html;
}

TEST_F(MailTemplatesTest, a_reset_names_each_account_with_its_link) {
  for (const auto kind : {core::MailKind::password_reset, core::MailKind::username_reset}) {
    core::Letter letter = letter_of(kind, Language::en);
    letter.doors = {{"ann", Secret<>("https://id.example.org/1")}, {"ann2", Secret<>("https://id.example.org/2")}};
    EXPECT_TRUE(MailTemplates("")
                    .words(letter, site)
                    .text.contains("https://id.example.org/1\nYour username, in case you've forgotten: ann\n\n"
                                   "https://id.example.org/2\nYour username, in case you've forgotten: ann2\n\n"));
  }
}

// djoser's templates/email/activation.html in front; DESIGN.md §6.10 asks for the rest.
TEST_F(MailTemplatesTest, an_activation_says_who_asked_and_where_to_disown_it) {
  core::Letter letter = letter_of(core::MailKind::activation, Language::en);
  letter.doors = {{"ann", Secret<>("https://id.example.org/1")}};
  const MailTemplates templates("");
  EXPECT_EQ(templates.words(letter, site).subject, "Account activation on Example");
  EXPECT_EQ(templates.words(letter, site).text,
            "You're receiving this email because you need to finish activation process on Example.\n\n"
            "Please go to the following page to activate account:\nhttps://id.example.org/1\n\n"
            "Account: ann\nAsked for: 1 January 2026, 00:00 UTC\nFrom: 192.0.2.7\nDevice: Firefox on Linux\n\n"
            "The link works once, within three days. If you do not know this account, choose “This is not me” on the "
            "same page, or do nothing: without the link it does not get your address.\n\n"
            "Thanks for using our site!\n\nThe Example team\n");
  letter.facts = {};
  EXPECT_TRUE(templates.words(letter, site).text.contains("Asked for: 1 January 2026, 00:00 UTC\n\nThe link works"));
}

TEST_F(MailTemplatesTest, a_replaced_address_is_told_by_whom_and_how_to_undo_it) {
  core::Letter letter = letter_of(core::MailKind::email_replaced, Language::en);
  letter.doors = {{"ann", Secret<>("https://id.example.org/1")}};
  const MailWords words = MailTemplates("").words(letter, site);
  EXPECT_TRUE(words.text.starts_with(
      "The address ann@example.net of your account at Example has been replaced by new@example.net."))
      << words.text;
  EXPECT_TRUE(words.text.contains("Account: ann\nWhen: 1 January 2026, 00:00 UTC\nFrom: 192.0.2.7\nDevice: Firefox"));
  EXPECT_TRUE(words.text.contains("within 7 days.\nhttps://id.example.org/1\n")) << words.text;
}

// djoser's templates/email/*.html; the Russian ones say the same as its ru_RU catalogue.
TEST_F(MailTemplatesTest, subjects_of_djosers_letters_are_its_own) {
  const MailTemplates templates("");
  const auto subject = [&](core::MailKind kind, Language language) {
    return templates.words(letter_of(kind, language), site).subject;
  };
  EXPECT_EQ(subject(core::MailKind::username_reset, Language::en), "Username reset on Example");
  EXPECT_EQ(subject(core::MailKind::confirmation, Language::en),
            "Example - Your account has been successfully created and activated!");
  EXPECT_EQ(subject(core::MailKind::activation, Language::ru), "Активация учётной записи на Example");
  EXPECT_EQ(subject(core::MailKind::password_reset, Language::ru), "Сброс пароля на Example");
}

TEST_F(MailTemplatesTest, a_notice_says_when_from_where_and_by_what_as_far_as_it_is_known) {
  core::Letter letter = letter_of(core::MailKind::new_device, Language::en);
  const MailTemplates templates("");
  EXPECT_TRUE(templates.words(letter, site)
                  .text.contains(
                      "When: 1 January 2026, 00:00 UTC\nFrom: 192.0.2.7\nDevice: Firefox on Linux\n\nIf it was you"));
  letter.facts = {};
  EXPECT_TRUE(templates.words(letter, site).text.contains("When: 1 January 2026, 00:00 UTC\n\nIf it was you"));
  letter.language = Language::ru;
  EXPECT_TRUE(templates.words(letter, site).text.contains("Когда: 1 января 2026 г., 00:00 UTC\n\nЕсли это вы"));
}

TEST_F(MailTemplatesTest, html_escapes_what_strangers_typed) {
  core::Letter letter = letter_of(core::MailKind::new_device, Language::en);
  letter.doors = {{"<script>alert(1)</script>", Secret<>()}};
  letter.facts.device = "\"><img src=x onerror=alert(1)>";
  const MailWords words = MailTemplates("").words(letter, site);
  EXPECT_FALSE(words.html.contains("<script") || words.html.contains("<img")) << words.html;
  EXPECT_TRUE(words.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_TRUE(words.html.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"));
  EXPECT_TRUE(words.text.contains("<script>alert(1)</script>")) << "plain text has nothing to escape";
}

TEST_F(MailTemplatesTest, a_link_that_is_no_web_address_is_no_link) {
  core::Letter letter = letter_of(core::MailKind::email_change, Language::en);
  letter.doors = {{"ann", Secret<>("javascript:alert(1)")}};
  EXPECT_FALSE(MailTemplates("").words(letter, site).html.contains("href=\"javascript:"));
}

TEST_F(MailTemplatesTest, no_value_can_add_a_line) {
  core::Letter letter = letter_of(core::MailKind::new_device, Language::en);
  letter.doors = {{"ann\r\n\r\nVisit https://evil.example", Secret<>()}};
  letter.facts = {"192.0.2.7\nX: y", "a\0b\x1b\xe2\x80\xae\xff"s, ""};
  const MailWords words = MailTemplates("").words(letter, {"Evil\r\nBcc: x", "https://id.example.org"});
  EXPECT_EQ(words.subject, "Evil  Bcc: x: sign-in from a new device");
  EXPECT_TRUE(words.text.contains("account ann    Visit https://evil.example at")) << words.text;
  EXPECT_TRUE(words.text.contains("From: 192.0.2.7 X: y\nDevice: a b  \xef\xbf\xbd\n")) << words.text;
}

TEST_F(MailTemplatesTest, every_file_of_the_folder_is_built_in_and_passes_its_own_check) {
  std::set<std::string> files, built_in;
  for (const auto& file : fs::directory_iterator(PROPUSK_SOURCE_DIR "/src/platform/mail/templates"))
    files.insert(file.path().filename());
  for (const EmbeddedTemplate& embedded : embedded_templates()) {
    built_in.emplace(embedded.file);
    const auto role = template_role(embedded.file);
    ASSERT_TRUE(role) << embedded.file;
    EXPECT_NO_THROW(check_template(embedded.file, *role, embedded.text)) << embedded.file;
  }
  EXPECT_EQ(files, built_in);
  EXPECT_EQ(files.size(), core::mail_kinds.size() * languages.size() * 3 + 1);
}

TEST_F(MailTemplatesTest, the_reference_names_every_marker_and_kind) {
  std::ifstream file(PROPUSK_SOURCE_DIR "/docs/reference/mail-templates.md");
  const std::string reference = (std::ostringstream() << file.rdbuf()).str();
  for (const Marker& marker : markers)
    EXPECT_TRUE(reference.contains("`{{" + (marker.is_section ? "#"s : ""s) + std::string(marker.name) + "}}`"))
        << marker.name;
  for (const core::MailKindRow& row : core::mail_kinds)
    EXPECT_TRUE(reference.contains("`" + std::string(row.name) + "`"));
}

TEST_F(MailTemplatesTest, a_file_replaces_the_built_in_one_and_only_that) {
  put("test.en.subject.txt", "Ping of {{SITE}}\r\n");
  put("frame.html", "<html lang={{LANGUAGE}}>\n{{! ours }}{{>LETTER}}</html>\n");
  put(".hidden", "{{");
  const MailTemplates templates(folder_);
  const MailWords words = templates.words(letter_of(core::MailKind::test, Language::en), site);
  EXPECT_EQ(words.subject, "Ping of Example");
  EXPECT_TRUE(words.html.starts_with("<html lang=en>\n<p>This is a test letter of Example."));
  EXPECT_EQ(templates.words(letter_of(core::MailKind::test, Language::ru), site).subject, "Example: пробное письмо");
}

TEST_F(MailTemplatesTest, a_broken_file_is_refused_with_its_line_and_what_to_do) {
  EXPECT_EQ(problem_of("test.en.txt", "a\nb {{SITE} c\n"),
            "test.en.txt:2: `{{` has no `}}` on its line; close the marker");
  EXPECT_EQ(problem_of("recovery.ru.txt", "x\n{{#ACCOUNT}}\n{{LINK}}\n"),
            "recovery.ru.txt:2: `{{#ACCOUNT}}` is never closed; add `{{/ACCOUNT}}`");
  EXPECT_EQ(problem_of("recovery.ru.txt", "{{/ACCOUNT}}"),
            "recovery.ru.txt:1: `{{/ACCOUNT}}` closes nothing here; remove it");
  EXPECT_EQ(problem_of("password_changed.en.html", "{{#IF_CLIENT}}{{#IF_DEVICE}}\n{{/IF_CLIENT}}{{/IF_DEVICE}}"),
            "password_changed.en.html:2: `{{/IF_CLIENT}}` closes nothing here; `{{#IF_DEVICE}}` is open");
  EXPECT_EQ(problem_of("test.en.html", "<p>\n{{LINK}}"),
            "test.en.html:2: `{{LINK}}` is unknown here; known here: {{SITE}} {{ORIGIN}} {{LANGUAGE}} {{RECIPIENT}} "
            "{{WHEN}}");
  EXPECT_EQ(problem_of("recovery.en.html", "\n\n{{LINK}}"),
            "recovery.en.html:3: `{{LINK}}` stands only between `{{#ACCOUNT}}` and `{{/ACCOUNT}}`");
  EXPECT_EQ(problem_of("recovery.en.txt", "{{ACCOUNT}}"),
            "recovery.en.txt:1: `ACCOUNT` is a section; write `{{#ACCOUNT}}…{{/ACCOUNT}}`");
  EXPECT_EQ(problem_of("test.en.txt", "{{#SITE}}"), "test.en.txt:1: `SITE` is no section; write `{{SITE}}`");
  EXPECT_EQ(problem_of("email_change.en.txt", "Hello {{USERNAME}}\n"),
            "email_change.en.txt:1: the letter has no `{{LINK}}`; without it nobody can follow it");
  EXPECT_EQ(problem_of("email_replaced.en.txt", "Hello {{USERNAME}}\n"),
            "email_replaced.en.txt:1: the letter has no `{{LINK}}`; without it nobody can follow it");
  EXPECT_EQ(problem_of("username_reset.en.txt", "{{LINK}}"),
            "username_reset.en.txt:1: `{{LINK}}` stands only between `{{#ACCOUNT}}` and `{{/ACCOUNT}}`");
  EXPECT_EQ(problem_of("test.ru.subject.txt", "one\ntwo\n"),
            "test.ru.subject.txt:2: a subject is one line; remove this one");
  EXPECT_EQ(problem_of("frame.html", "<html></html>"), "frame.html:1: the frame holds `{{>LETTER}}` exactly once");
  EXPECT_EQ(problem_of("test.en.txt", "ok\n\xd0\n"), "test.en.txt:2: the bytes are not UTF-8; save the file in UTF-8");
  EXPECT_EQ(problem_of("test.en.txt", "ok\n\x1b[2J\n"), "test.en.txt:2: there is a control character; remove it");
  EXPECT_EQ(problem_of("test.en.txt", ""),
            "test.en.txt:1: the file is empty; write the text, or remove the file to get the built-in one");
  EXPECT_TRUE(problem_of("test.en.txt", std::string(70'000, 'x')).starts_with("test.en.txt:1: the file has more than"));
}

TEST_F(MailTemplatesTest, escaping_cannot_be_switched_off) {
  for (const char* marker : {"{{SITE:none}}", "{{%AUTOESCAPE context=\"XML\"}}", "{{=<% %>=}}", "{{>OTHER}}", "{{}}"})
    EXPECT_TRUE(problem_of("test.en.html", marker).starts_with("test.en.html:1: `{{")) << marker;
}

TEST_F(MailTemplatesTest, a_link_does_not_stand_in_a_subject) {
  EXPECT_TRUE(problem_of("email_change.en.subject.txt", "{{LINK}}").contains("unknown here"));
}

TEST_F(MailTemplatesTest, a_marker_where_nothing_can_be_escaped_is_refused) {
  EXPECT_TRUE(problem_of("test.en.html", "<a href={{ORIGIN}}>").starts_with("test.en.html:1: ctemplate refuses it"));
}

TEST_F(MailTemplatesTest, a_file_of_another_name_is_refused_with_the_names_that_exist) {
  EXPECT_TRUE(
      problem_of("recovery.en.htm", "x").starts_with("recovery.en.htm:1: no letter has a template of this name"));
  EXPECT_TRUE(problem_of("recovery.de.txt", "x").contains("LANGUAGE one of en ru"));
  EXPECT_TRUE(problem_of("welcome.en.txt", "x").contains("KIND is one of recovery email_change password_changed"));
}

TEST_F(MailTemplatesTest, a_directory_that_is_not_there_is_refused) {
  EXPECT_THROW(MailTemplates(folder_ / "nothing"), Outage);
}

}  // namespace
}  // namespace propusk::platform
