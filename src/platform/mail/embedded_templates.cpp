// The letters' own words, embedded at compile time, so that the one binary is all there is to install.
#include "platform/mail/embedded_templates.hpp"

#include <algorithm>
#include <array>

#include "platform/mail/embedded_account_letters.hpp"

namespace propusk::platform {
namespace {
constexpr char frame[] = {
#embed "templates/frame.html"
};
constexpr char recovery_en_subject[] = {
#embed "templates/recovery.en.subject.txt"
};
constexpr char recovery_en_text[] = {
#embed "templates/recovery.en.txt"
};
constexpr char recovery_en_html[] = {
#embed "templates/recovery.en.html"
};
constexpr char recovery_ru_subject[] = {
#embed "templates/recovery.ru.subject.txt"
};
constexpr char recovery_ru_text[] = {
#embed "templates/recovery.ru.txt"
};
constexpr char recovery_ru_html[] = {
#embed "templates/recovery.ru.html"
};
constexpr char email_change_en_subject[] = {
#embed "templates/email_change.en.subject.txt"
};
constexpr char email_change_en_text[] = {
#embed "templates/email_change.en.txt"
};
constexpr char email_change_en_html[] = {
#embed "templates/email_change.en.html"
};
constexpr char email_change_ru_subject[] = {
#embed "templates/email_change.ru.subject.txt"
};
constexpr char email_change_ru_text[] = {
#embed "templates/email_change.ru.txt"
};
constexpr char email_change_ru_html[] = {
#embed "templates/email_change.ru.html"
};
constexpr char password_changed_en_subject[] = {
#embed "templates/password_changed.en.subject.txt"
};
constexpr char password_changed_en_text[] = {
#embed "templates/password_changed.en.txt"
};
constexpr char password_changed_en_html[] = {
#embed "templates/password_changed.en.html"
};
constexpr char password_changed_ru_subject[] = {
#embed "templates/password_changed.ru.subject.txt"
};
constexpr char password_changed_ru_text[] = {
#embed "templates/password_changed.ru.txt"
};
constexpr char password_changed_ru_html[] = {
#embed "templates/password_changed.ru.html"
};
constexpr char email_change_asked_en_subject[] = {
#embed "templates/email_change_asked.en.subject.txt"
};
constexpr char email_change_asked_en_text[] = {
#embed "templates/email_change_asked.en.txt"
};
constexpr char email_change_asked_en_html[] = {
#embed "templates/email_change_asked.en.html"
};
constexpr char email_change_asked_ru_subject[] = {
#embed "templates/email_change_asked.ru.subject.txt"
};
constexpr char email_change_asked_ru_text[] = {
#embed "templates/email_change_asked.ru.txt"
};
constexpr char email_change_asked_ru_html[] = {
#embed "templates/email_change_asked.ru.html"
};
constexpr char email_changed_en_subject[] = {
#embed "templates/email_changed.en.subject.txt"
};
constexpr char email_changed_en_text[] = {
#embed "templates/email_changed.en.txt"
};
constexpr char email_changed_en_html[] = {
#embed "templates/email_changed.en.html"
};
constexpr char email_changed_ru_subject[] = {
#embed "templates/email_changed.ru.subject.txt"
};
constexpr char email_changed_ru_text[] = {
#embed "templates/email_changed.ru.txt"
};
constexpr char email_changed_ru_html[] = {
#embed "templates/email_changed.ru.html"
};
constexpr char new_device_en_subject[] = {
#embed "templates/new_device.en.subject.txt"
};
constexpr char new_device_en_text[] = {
#embed "templates/new_device.en.txt"
};
constexpr char new_device_en_html[] = {
#embed "templates/new_device.en.html"
};
constexpr char new_device_ru_subject[] = {
#embed "templates/new_device.ru.subject.txt"
};
constexpr char new_device_ru_text[] = {
#embed "templates/new_device.ru.txt"
};
constexpr char new_device_ru_html[] = {
#embed "templates/new_device.ru.html"
};
constexpr char test_en_subject[] = {
#embed "templates/test.en.subject.txt"
};
constexpr char test_en_text[] = {
#embed "templates/test.en.txt"
};
constexpr char test_en_html[] = {
#embed "templates/test.en.html"
};
constexpr char test_ru_subject[] = {
#embed "templates/test.ru.subject.txt"
};
constexpr char test_ru_text[] = {
#embed "templates/test.ru.txt"
};
constexpr char test_ru_html[] = {
#embed "templates/test.ru.html"
};

constexpr std::array letters{
    EmbeddedTemplate{"frame.html", whole(frame)},
    EmbeddedTemplate{"recovery.en.subject.txt", whole(recovery_en_subject)},
    EmbeddedTemplate{"recovery.en.txt", whole(recovery_en_text)},
    EmbeddedTemplate{"recovery.en.html", whole(recovery_en_html)},
    EmbeddedTemplate{"recovery.ru.subject.txt", whole(recovery_ru_subject)},
    EmbeddedTemplate{"recovery.ru.txt", whole(recovery_ru_text)},
    EmbeddedTemplate{"recovery.ru.html", whole(recovery_ru_html)},
    EmbeddedTemplate{"email_change.en.subject.txt", whole(email_change_en_subject)},
    EmbeddedTemplate{"email_change.en.txt", whole(email_change_en_text)},
    EmbeddedTemplate{"email_change.en.html", whole(email_change_en_html)},
    EmbeddedTemplate{"email_change.ru.subject.txt", whole(email_change_ru_subject)},
    EmbeddedTemplate{"email_change.ru.txt", whole(email_change_ru_text)},
    EmbeddedTemplate{"email_change.ru.html", whole(email_change_ru_html)},
    EmbeddedTemplate{"password_changed.en.subject.txt", whole(password_changed_en_subject)},
    EmbeddedTemplate{"password_changed.en.txt", whole(password_changed_en_text)},
    EmbeddedTemplate{"password_changed.en.html", whole(password_changed_en_html)},
    EmbeddedTemplate{"password_changed.ru.subject.txt", whole(password_changed_ru_subject)},
    EmbeddedTemplate{"password_changed.ru.txt", whole(password_changed_ru_text)},
    EmbeddedTemplate{"password_changed.ru.html", whole(password_changed_ru_html)},
    EmbeddedTemplate{"email_change_asked.en.subject.txt", whole(email_change_asked_en_subject)},
    EmbeddedTemplate{"email_change_asked.en.txt", whole(email_change_asked_en_text)},
    EmbeddedTemplate{"email_change_asked.en.html", whole(email_change_asked_en_html)},
    EmbeddedTemplate{"email_change_asked.ru.subject.txt", whole(email_change_asked_ru_subject)},
    EmbeddedTemplate{"email_change_asked.ru.txt", whole(email_change_asked_ru_text)},
    EmbeddedTemplate{"email_change_asked.ru.html", whole(email_change_asked_ru_html)},
    EmbeddedTemplate{"email_changed.en.subject.txt", whole(email_changed_en_subject)},
    EmbeddedTemplate{"email_changed.en.txt", whole(email_changed_en_text)},
    EmbeddedTemplate{"email_changed.en.html", whole(email_changed_en_html)},
    EmbeddedTemplate{"email_changed.ru.subject.txt", whole(email_changed_ru_subject)},
    EmbeddedTemplate{"email_changed.ru.txt", whole(email_changed_ru_text)},
    EmbeddedTemplate{"email_changed.ru.html", whole(email_changed_ru_html)},
    EmbeddedTemplate{"new_device.en.subject.txt", whole(new_device_en_subject)},
    EmbeddedTemplate{"new_device.en.txt", whole(new_device_en_text)},
    EmbeddedTemplate{"new_device.en.html", whole(new_device_en_html)},
    EmbeddedTemplate{"new_device.ru.subject.txt", whole(new_device_ru_subject)},
    EmbeddedTemplate{"new_device.ru.txt", whole(new_device_ru_text)},
    EmbeddedTemplate{"new_device.ru.html", whole(new_device_ru_html)},
    EmbeddedTemplate{"test.en.subject.txt", whole(test_en_subject)},
    EmbeddedTemplate{"test.en.txt", whole(test_en_text)},
    EmbeddedTemplate{"test.en.html", whole(test_en_html)},
    EmbeddedTemplate{"test.ru.subject.txt", whole(test_ru_subject)},
    EmbeddedTemplate{"test.ru.txt", whole(test_ru_text)},
    EmbeddedTemplate{"test.ru.html", whole(test_ru_html)},
};

constexpr auto embedded = [] {
  std::array<EmbeddedTemplate, letters.size() + account_letters::all.size()> both{};
  std::ranges::copy(account_letters::all, std::ranges::copy(letters, both.begin()).out);
  return both;
}();
}  // namespace

std::span<const EmbeddedTemplate> embedded_templates() { return embedded; }

std::optional<std::string_view> embedded_template(std::string_view file) {
  const auto* found = std::ranges::find(embedded, file, &EmbeddedTemplate::file);
  if (found == embedded.end()) return std::nullopt;
  return found->text;
}

}  // namespace propusk::platform
