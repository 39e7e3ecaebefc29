// Mails: the stored names of kinds and states, and ids.
#include "core/outbox/mail.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/testing/fake_clock.hpp"

namespace propusk::core {
namespace {

TEST(Mail, EveryKindIsFoundByItsStoredName) {
  for (const MailKindRow& row : mail_kinds) {
    EXPECT_EQ(mail_kind(row.name), row.kind);
    EXPECT_EQ(row_of(row.kind).name, row.name);
  }
  EXPECT_FALSE(mail_kind("newsletter"));
  EXPECT_FALSE(mail_kind(""));
}

TEST(Mail, EveryStateIsFoundByItsStoredName) {
  std::set<std::string_view> names;
  for (const MailState state :
       {MailState::queued, MailState::sent, MailState::dead, MailState::expired, MailState::cancelled}) {
    EXPECT_EQ(mail_state(mail_state_name(state)), state);
    names.insert(mail_state_name(state));
  }
  EXPECT_EQ(names.size(), 5U);
  EXPECT_FALSE(mail_state("paused"));
  EXPECT_FALSE(mail_state(""));
}

TEST(Mail, IdsArePositiveAndDifferent) {
  testing::SeededRandom random;
  std::set<MailId> drawn;
  for (int i = 0; i < 1000; ++i) drawn.insert(draw_mail_id(random));

  EXPECT_EQ(drawn.size(), 1000U);
  EXPECT_GT(*drawn.begin(), MailId{0});
}

TEST(Mail, AnIdIsSixteenHexDigitsAndNothingElseIsOne) {
  EXPECT_EQ(mail_id_text(MailId{1}), "0000000000000001");
  EXPECT_EQ(mail_id("0000000000000001"), MailId{1});
  EXPECT_EQ(mail_id(mail_id_text(MailId{INT64_MAX})), MailId{INT64_MAX});
  for (const char* text : {"", "1", "0000000000000000", "8000000000000000", "000000000000000g", "00000000000000001"})
    EXPECT_FALSE(mail_id(text)) << text;
}

}  // namespace
}  // namespace propusk::core
