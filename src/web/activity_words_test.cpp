// What happened to an account, as its owner reads it.
#include "web/activity_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace propusk::web {
namespace {

TEST(ActivityWords, EveryActionHasItsOwnInEveryLanguage) {
  for (const Language language : languages) {
    std::set<std::string_view> all;
    for (std::size_t i = 0; i < core::audit_action_count; ++i) {
      const std::string_view words = activity_words(static_cast<core::AuditAction>(i), language);
      EXPECT_TRUE(all.insert(words).second) << words;
      const bool is_russian = std::ranges::any_of(words, [](char c) { return static_cast<unsigned char>(c) >= 0xD0; });
      EXPECT_EQ(is_russian, language == Language::ru) << words;
    }
  }
}

TEST(ActivityWords, AnEventSaysHowOftenAndByWhom) {
  core::AuditEvent event;
  event.action = core::AuditAction::sign_in_failed;
  event.actor = "clients";
  event.detail = "count=17";
  EXPECT_EQ(told(event, Language::en), "Wrong passwords: 17");
  EXPECT_EQ(doer(event, Language::en), "from one address or several");
  event.detail = "count=17 dialect=web";
  EXPECT_EQ(told(event, Language::en), "Wrong passwords: 17") << "the number alone";

  event.action = core::AuditAction::signed_in;
  event.actor = "client 2001:db8::1";
  event.detail = "dialect=web";
  EXPECT_EQ(told(event, Language::ru), "Выполнен вход");
  EXPECT_EQ(doer(event, Language::ru), "с\u00a0IP-адреса 2001:db8::1");
  event.actor = "operator uid 0";
  EXPECT_EQ(doer(event, Language::en), "by those who run this site");
  event.actor = "upkeep";
  EXPECT_EQ(doer(event, Language::en), "by itself");
}

}  // namespace
}  // namespace propusk::web
