// What providers say of people is kept short, valid and harmless.
#include "core/social/told.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/social/social_link.hpp"

namespace propusk::core {
namespace {

ProviderIdentity at(std::string provider, std::string subject) {
  ProviderIdentity identity;
  identity.provider = std::move(provider);
  identity.subject = std::move(subject);
  return identity;
}
ProviderIdentity with_email(std::string email, EmailTrust trust) {
  ProviderIdentity identity = at("google-oauth2", "1");
  identity.email = std::move(email);
  identity.email_trust = trust;
  return identity;
}
std::string times(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Told, AKeyHasASubjectAndAProviderOfItsLength) {
  EXPECT_TRUE(can_be_stored(at("p", "1")));
  EXPECT_FALSE(can_be_stored(at("p", "")));
  EXPECT_FALSE(can_be_stored(at("", "1")));
  EXPECT_TRUE(can_be_stored(at("p", times(255, "s"))));
  EXPECT_FALSE(can_be_stored(at("p", times(256, "s"))));
  EXPECT_TRUE(can_be_stored(at("p", times(255, "я")))) << "characters, not bytes";
  EXPECT_FALSE(can_be_stored(at("p", times(256, "я"))));
  EXPECT_TRUE(can_be_stored(at(times(32, "p"), "1")));
  EXPECT_FALSE(can_be_stored(at(times(33, "p"), "1")));
}

TEST(Told, AKeyIsUtf8WithoutNul) {
  for (const std::string& odd : {std::string("a\0b", 3), std::string("a\xff"), std::string("\xed\xa0\x80")}) {
    EXPECT_FALSE(can_be_stored(at("p", odd)));
    EXPECT_FALSE(can_be_stored(at(odd, "1")));
  }
}

TEST(Told, TextLosesControlsAndTheSpacesAtItsEnds) {
  EXPECT_EQ(told_text("  Anna  Maria ", 150), "Anna  Maria");
  EXPECT_EQ(told_text("An\r\nna\t\x7f", 150), "Anna");
  EXPECT_EQ(told_text("A\u202enna\u200b", 150), "Anna") << "nothing turns the line around or hides in it";
  EXPECT_EQ(told_text(" \u00a0\n ", 150), "");
  EXPECT_EQ(told_text("", 150), "");
}

TEST(Told, TextThatIsNoUtf8IsRepaired) { EXPECT_EQ(told_text("A\xffnna", 150), "A\ufffdnna"); }

TEST(Told, TextIsCutByCharactersAndEndsInNoSpace) {
  EXPECT_EQ(told_text(times(151, "я"), 150), times(150, "я"));
  EXPECT_EQ(told_text("abc def", 4), "abc");
  EXPECT_EQ(told_text("   abcd", 4), "abcd") << "spaces in front are not counted";
  EXPECT_EQ(told_text("abcd", 0), "");
}

TEST(Told, AUsernameIsWhatEveryDialectTakes) {
  EXPECT_EQ(plain_username("ann.smith_7+x-y"), "ann.smith_7+x-y");
  EXPECT_EQ(plain_username("Ann Smith/7\n"), "AnnSmith7");
  EXPECT_EQ(plain_username("Анна"), "Анна");
  EXPECT_EQ(plain_username("ａｎｎ"), "ann") << "NFKC";
  EXPECT_EQ(plain_username("<script>"), "script");
  EXPECT_EQ(plain_username(times(151, "a")), times(150, "a"));
}

TEST(Told, AUsernameIsNeverAnAddress) {
  EXPECT_EQ(plain_username("ann@gmail.com"), "ann");
  EXPECT_EQ(plain_username("@ann"), "");
  EXPECT_EQ(plain_username("ann\uff20gmail.com").find('@'), std::string::npos) << "a wide @ becomes one by NFKC";
  EXPECT_EQ(plain_username("ann\ufe6bgmail.com").find('@'), std::string::npos);
}

TEST(Told, AUsernameHasALetterOrNumeral) {
  for (const char* none : {"", "...", "_", "+-", "@", " ", "\u200b", "\xff"})
    EXPECT_EQ(plain_username(none), "") << none;
  EXPECT_EQ(plain_username("_7"), "_7");
}

TEST(Told, AnAddressIsVouchedForOnlyWhereTheProviderDoes) {
  EXPECT_EQ(vouched_email(with_email("ann@x.org", EmailTrust::none)), "");
  EXPECT_EQ(vouched_email(with_email("ann@x.org", EmailTrust::verified)), "ann@x.org");
  EXPECT_EQ(vouched_email(with_email("ann@x.org", EmailTrust::authoritative)), "ann@x.org");
  for (const char* none : {"", "ann", "ann@", "@x.org", "ann@x.org, bob@x.org", "ann@x.org\nBcc: bob@x.org"})
    EXPECT_EQ(vouched_email(with_email(none, EmailTrust::authoritative)), "") << none;
}

TEST(Told, AMailboxIsTheProvidersOwnOnlyWhereItIsAuthoritative) {
  EXPECT_EQ(own_mailbox(with_email("Ann@Gmail.com", EmailTrust::authoritative)), "ann@gmail.com");
  EXPECT_EQ(own_mailbox(with_email("ann@gmail.com", EmailTrust::verified)), "");
  EXPECT_EQ(own_mailbox(with_email("ann@gmail.com", EmailTrust::none)), "");
  EXPECT_EQ(own_mailbox(with_email("ann", EmailTrust::authoritative)), "");
}

TEST(Told, MailboxesAreComparedToTheByteButForAsciiCase) {
  EXPECT_EQ(mailbox_of("ANN@Gmail.COM"), "ann@gmail.com");
  EXPECT_NE(mailbox_of("ａnn@gmail.com"), "ann@gmail.com");
  EXPECT_NE(mailbox_of("a.nn@gmail.com"), "ann@gmail.com");
  EXPECT_NE(mailbox_of("Я@x.org"), mailbox_of("я@x.org")) << "another mailbox as far as anybody knows";
  EXPECT_NE(mailbox_of("\u212aate@x.org"), mailbox_of("kate@x.org")) << "KELVIN SIGN folds to k, but is none";
}

TEST(Told, APersonIsShownByNameElseAddressElseUsername) {
  ProviderIdentity identity = with_email("ann@x.org", EmailTrust::none);
  identity.username = "ann7";
  EXPECT_EQ(display_of(identity), "ann@x.org");
  identity.last_name = "Smith";
  EXPECT_EQ(display_of(identity), "Smith");
  identity.first_name = "Ann\n";
  EXPECT_EQ(display_of(identity), "Ann Smith");
  identity.first_name = identity.last_name = identity.email = "";
  EXPECT_EQ(display_of(identity), "ann7");
  identity.username = "";
  EXPECT_EQ(display_of(identity), "");
}

TEST(Told, AProviderThatIsNotOfferedAnyMoreIsCalledByItsBackend) {
  const std::array offered{OfferedProvider{.name = "google-oauth2", .label = "Google"}};
  EXPECT_EQ(label_of("google-oauth2", offered), "Google");
  EXPECT_EQ(label_of("vk-oauth2", offered), "vk-oauth2");
  EXPECT_EQ(label_of("Google", offered), "Google") << "a label is no name, and stands for itself";
  EXPECT_EQ(label_of("google-oauth2", {}), "google-oauth2");
}

}  // namespace
}  // namespace propusk::core
