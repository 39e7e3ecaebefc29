// How far each provider's word on an address is taken, and what else of an answer is believed.
#include "providers/person.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <vector>

namespace propusk::providers {
namespace {
namespace json = boost::json;
using core::EmailTrust;
using ::testing::ElementsAre;
constexpr EmailTrust none = EmailTrust::none, verified = EmailTrust::verified, owned = EmailTrust::authoritative;

/// As the catalogue's row of a provider reads it.
Outcome<core::ProviderIdentity> read(std::string_view provider, const json::value& person, bool trusts_email = false) {
  const auto rows = catalogue();
  const auto row = std::ranges::find(rows, provider, &Provider::name);
  return read_person(person, {.provider = provider, .question = *row->person, .trusts_email = trusts_email});
}

/// What an answer says of an address being verified.
enum class Says : std::uint8_t { yes, no, nothing, the_text };
struct Trusted {
  const char *provider, *email;
  Says verified;
  const char* hosted_domain;
  EmailTrust trust;
};
using enum Says;
/// UX.md §5a.
constexpr std::array trust_matrix{
    Trusted{"google-oauth2", "a@gmail.com", yes, "", owned},
    Trusted{"google-oauth2", "a@GMail.Com", yes, "", owned},
    Trusted{"google-oauth2", "a@googlemail.com", yes, "", owned},
    Trusted{"google-oauth2", "a@firm.example", yes, "firm.example", owned},
    Trusted{"google-oauth2", "a@firm.example", yes, "Firm.Example", owned},
    Trusted{"google-oauth2", "a@example.org", yes, "firm.example", verified},
    Trusted{"google-oauth2", "a@example.org", yes, "", verified},
    Trusted{"google-oauth2", "a@example.org", the_text, "", verified},
    Trusted{"google-oauth2", "a@gmail.com", no, "", none},
    Trusted{"google-oauth2", "a@gmail.com", nothing, "", none},
    Trusted{"google-oauth2", "a@firm.example", no, "firm.example", none},
    Trusted{"google-oauth2", "a@gmail.com.evil.example", yes, "", verified},
    Trusted{"google-oauth2", "a@evilgmail.com", yes, "", verified},
    Trusted{"yandex-oauth2", "a@yandex.ru", nothing, "", owned},
    Trusted{"yandex-oauth2", "a@YA.ru", nothing, "", owned},
    Trusted{"yandex-oauth2", "a@yandex.com", nothing, "", owned},
    Trusted{"yandex-oauth2", "a@yandex.ru.evil.example", nothing, "", none},
    Trusted{"yandex-oauth2", "a@sub.yandex.ru", nothing, "", none},
    Trusted{"yandex-oauth2", "a@gmail.com", nothing, "", none},
    Trusted{"yandex-oauth2", "a@gmail.com", yes, "", none},
    Trusted{"yandex-oauth2", "a@gmail.com", yes, "gmail.com", none},
    Trusted{"yandex-oauth2", "a@yandex.ru.", nothing, "", none},
    Trusted{"vk-oauth2", "a@vk.com", yes, "", none},
    Trusted{"vk-oauth2", "a@mail.ru", yes, "", none},
    Trusted{"mailru", "a@mail.ru", nothing, "", owned},
    Trusted{"mailru", "a@Inbox.RU", nothing, "", owned},
    Trusted{"mailru", "a@list.ru", nothing, "", owned},
    Trusted{"mailru", "a@bk.ru", nothing, "", owned},
    Trusted{"mailru", "a@b\u212a.ru", nothing, "", none},  // KELVIN SIGN: a `k` to those who fold more than ASCII
    Trusted{"mailru", "a@internet.ru", nothing, "", owned},
    Trusted{"mailru", "a@gmail.com", yes, "", none},
    Trusted{"github", "a@gmail.com", yes, "", none},
};

TEST(PersonTest, trust_follows_the_matrix) {
  for (const Trusted& at : trust_matrix) {
    json::object person{{"sub", "1"}, {"id", "1"}, {"user_id", "1"}};
    person["email"] = at.email;
    person["default_email"] = at.email;
    if (at.verified == the_text) person["email_verified"] = "true";
    if (at.verified == yes || at.verified == no) person["email_verified"] = at.verified == yes;
    if (*at.hosted_domain) person["hd"] = at.hosted_domain;
    const auto identity = read(at.provider, person);
    ASSERT_TRUE(identity) << at.provider << ' ' << at.email;
    EXPECT_EQ(identity->email, at.email);
    EXPECT_EQ(identity->email_trust, at.trust) << at.provider << ' ' << at.email;
  }
}

TEST(PersonTest, an_open_id_issuer_is_believed_as_far_as_the_operator_says) {
  const auto trust = [](json::value email_verified, bool trusts_email) {
    return read("oidc", json::object{{"sub", "1"}, {"email", "a@example.org"}, {"email_verified", email_verified}},
                trusts_email)
        ->email_trust;
  };

  EXPECT_EQ(trust(true, true), verified);
  EXPECT_EQ(trust(true, false), none);
  EXPECT_EQ(trust(false, true), none);
  EXPECT_EQ(trust("true", true), verified);
  EXPECT_EQ(trust(1, true), none);
  EXPECT_EQ(trust(nullptr, true), none);
}

TEST(PersonTest, what_is_no_plain_address_is_dropped) {
  for (const char* address :
       {"a@b@gmail.com", "victim@gmail.com@evil.example", "a b@gmail.com", "a@gmail.com ", " a@gmail.com",
        "a@gmail.com\n", "a\t@gmail.com", "a", "\"a b\"@gmail.com", "a@gmail.com,b@gmail.com", "a@gmail\u00a0.com",
        "a@gm\u200bail.com", "a@gmail.com\xff", "a\u202e@gmail.com", "<a@gmail.com>"}) {
    const auto identity =
        read("google-oauth2", json::object{{"sub", "1"}, {"email", address}, {"email_verified", true}});
    ASSERT_TRUE(identity) << address;
    EXPECT_EQ(identity->email, "") << address;
    EXPECT_EQ(identity->email_trust, none) << address;
    EXPECT_EQ(identity->imported_subject, "") << address;
  }
  EXPECT_FALSE(is_plain_address("a@" + std::string(319, 'x')));
  EXPECT_TRUE(is_plain_address("a@" + std::string(318, 'x')));
  EXPECT_TRUE(is_plain_address("почта@пример.рф"));
}

TEST(PersonTest, the_key_of_old_systems_is_an_address_that_is_believed) {
  const auto imported = [](const char* provider, json::object person) {
    person["sub"] = "1";
    person["id"] = "1";
    return read(provider, std::move(person))->imported_subject;
  };

  EXPECT_EQ(imported("google-oauth2", {{"email", "Ann@example.org"}, {"email_verified", true}}), "Ann@example.org");
  EXPECT_EQ(imported("google-oauth2", {{"email", "Ann@example.org"}, {"email_verified", false}}), "");
  EXPECT_EQ(imported("mailru", {{"email", "ann@mail.ru"}}), "ann@mail.ru");
  EXPECT_EQ(imported("mailru", {{"email", "ann@example.org"}}), "");
  EXPECT_EQ(imported("yandex-oauth2", {{"default_email", "ann@yandex.ru"}}), "");
  EXPECT_EQ(imported("oidc", {{"email", "ann@example.org"}, {"email_verified", true}}), "");
}

TEST(PersonTest, a_subject_is_a_text_or_a_whole_number_of_seen_ascii) {
  const auto subject = [](std::string_view value) {
    const auto identity = read("oidc", json::parse("{\"sub\":" + std::string(value) + "}"));
    return identity ? identity->subject : "none: " + identity.error().why;
  };

  EXPECT_EQ(subject("\"abc|DEF-1\""), "abc|DEF-1");
  EXPECT_EQ(subject("9007199254740993"), "9007199254740993");
  EXPECT_EQ(subject("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(subject("-1"), "-1");
  for (const char* wrong : {"18446744073709551616", "1.5", "1e3", "true", "null", "\"\"", "{}", "[\"1\"]",
                            "\"a\\u0000\"", "\"a\\n\"", "\"a b\"", "\"é\""})
    EXPECT_EQ(subject(wrong), "none: no subject") << wrong;
  EXPECT_EQ(subject('"' + std::string(255, 'x') + '"'), std::string(255, 'x'));
  EXPECT_EQ(subject('"' + std::string(256, 'x') + '"'), "none: no subject");
}

TEST(PersonTest, names_are_cut_and_parted) {
  const auto names = [](json::object person) {
    person["sub"] = "1";
    const auto identity = read("google-oauth2", std::move(person));
    return std::vector{identity->first_name, identity->last_name, identity->username};
  };

  EXPECT_THAT(names({{"name", "Ann van Lee"}, {"email", "ann@x.org"}}), ElementsAre("Ann", "van Lee", "ann@x.org"));
  EXPECT_THAT(names({{"name", "Ann Lee"}, {"given_name", "A."}}), ElementsAre("A.", "", ""));
  EXPECT_THAT(names({{"name", "Ann"}}), ElementsAre("Ann", "", ""));
  EXPECT_THAT(names({{"given_name", "A\r\nB"}, {"family_name", "L\xff"}}), ElementsAre("AB", "", ""));
  std::string letters;
  for (int i = 0; i < 400; ++i) letters += "я";
  EXPECT_EQ(names({{"given_name", letters}})[0], letters.substr(0, 600));
  EXPECT_EQ(names({{"given_name", "x" + letters}})[0].size(), 599U) << "no half of a letter";
}

TEST(PersonTest, the_address_of_a_list_is_primary_and_verified) {
  const auto chosen = [](const char* list) { return primary_address(json::parse(list)); };

  EXPECT_EQ(chosen(R"([{"email":"a@x.org","primary":false,"verified":true},
                       {"email":"b@x.org","primary":true,"verified":true}])"),
            "b@x.org");
  EXPECT_EQ(chosen(R"([{"email":"a@x.org","primary":true,"verified":false}])"), "");
  EXPECT_EQ(chosen(R"([{"email":"a@x.org","primary":false,"verified":true}])"), "");
  EXPECT_EQ(chosen(R"([{"email":"a@b@x.org","primary":true,"verified":true}])"), "");
  EXPECT_EQ(chosen(R"({"email":"a@x.org"})"), "");
  EXPECT_EQ(chosen(R"([1,null,"a@x.org"])"), "");
}

}  // namespace
}  // namespace propusk::providers
