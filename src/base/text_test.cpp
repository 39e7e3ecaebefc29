// Unicode traps: ill-formed UTF-8, look-alikes, case folding of four alphabets, international domains.
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace propusk {
namespace {
using namespace std::string_view_literals;

TEST(Text, well_formed_utf8_is_accepted_up_to_the_last_code_point) {
  for (std::string_view text : {""sv, "plain"sv, "a\0b"sv, "\x7f"sv, "é"sv, "€"sv, "\xed\x9f\xbf"sv, "\xee\x80\x80"sv,
                                "😀"sv, "\xf4\x8f\xbf\xbf"sv})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Text, overlong_forms_surrogates_stray_and_missing_bytes_are_refused) {
  for (std::string_view text : {"\x80"sv,
                                "\xc3"sv,
                                "a\xc3"sv,
                                "\xc3("sv,
                                "\xe2\x82"sv,
                                "\xe2\x28\xa1"sv,
                                "\xf0\x9f\x98"sv,
                                "\xff"sv,
                                "\xfe"sv,
                                "\xc0\xaf"sv,
                                "\xc1\xbf"sv,
                                "\xe0\x80\xaf"sv,
                                "\xe0\x9f\xbf"sv,
                                "\xf0\x80\x80\xaf"sv,
                                "\xf0\x8f\xbf\xbf"sv,
                                "\xed\xa0\x80"sv,
                                "\xed\xbf\xbf"sv,
                                "\xed\xa0\xbd\xed\xb8\x80"sv,
                                "\xf4\x90\x80\x80"sv,
                                "\xf5\x80\x80\x80"sv,
                                "\xf8\x88\x80\x80\x80"sv}) {
    EXPECT_FALSE(is_utf8(text));
    EXPECT_FALSE(nfc(text));
    EXPECT_FALSE(canonical_name(text));
    EXPECT_FALSE(canonical_email(std::string(text) + "@example.com"));
    EXPECT_FALSE(canonical_email("ann@" + std::string(text)));
  }
}

TEST(Text, bytes_of_another_charset_become_utf8) {
  EXPECT_EQ(to_utf8("\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251"), "Привет");
  EXPECT_EQ(to_utf8("\xf0\xd2\xc9\xd7\xc5\xd4", "KOI8-R"), "Привет");
  EXPECT_EQ(to_utf8("caf\xe9", "iso-8859-1"), "café");
  EXPECT_EQ(to_utf8("a\0b"sv, "iso-8859-1"), "a\0b"sv);
  EXPECT_EQ(to_utf8("", "koi8-r"), "");
}

TEST(Text, utf8_and_unknown_charsets_are_utf8) {
  for (const char* charset : {"utf-8", "UTF8", "", "no-such-charset"}) {
    EXPECT_EQ(to_utf8("п", charset), "п") << charset;
    EXPECT_FALSE(to_utf8("\xcf\xf0", charset)) << charset;
  }
}

TEST(Text, bytes_that_a_charset_does_not_know_have_no_text) {
  EXPECT_FALSE(to_utf8("\xd0\xbf", "us-ascii"));
  EXPECT_FALSE(to_utf8("\x81", "shift_jis"));
}

TEST(Text, length_is_counted_in_code_points) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("пароль"), 6U);
  EXPECT_EQ(code_points("a€😀"), 3U);
  EXPECT_EQ(code_points("e\xcc\x81"), 2U);
}

TEST(Text, code_points_are_read_one_by_one) {
  EXPECT_EQ(to_code_points("aя€😀"), U"aя€😀");
  EXPECT_EQ(to_code_points("a\xff\xc3"), U"a\ufffd\ufffd");
  EXPECT_EQ(to_code_points(""), U"");
}

// The expectations of the next four are Python's: bytes.decode("utf-8", "replace"), str.strip(), str.lower(), re's \w.
TEST(Text, every_maximal_ill_formed_part_becomes_one_replacement) {
  EXPECT_EQ(repaired("aя€😀"), "aя€😀");
  EXPECT_EQ(repaired("\xff\xfe"), "\ufffd\ufffd");
  EXPECT_EQ(repaired("\xe2\x82"), "\ufffd");
  EXPECT_EQ(repaired("\xe2\x82(\xf0\x9f\x98(\xc3"), "\ufffd(\ufffd(\ufffd");
  EXPECT_EQ(repaired("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(repaired("\xc0\xaf\xe0\x80\xaf"), "\ufffd\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(repaired("a\0b"sv), "a\0b"sv);
}

TEST(Text, white_space_of_any_script_is_stripped_from_both_ends) {
  EXPECT_EQ(stripped(" \t\n\v\f\r x y \r\n"), "x y");
  EXPECT_EQ(stripped("\x1c\x1d\x1e\x1f\xc2\x85\u00a0x\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"), "x");
  for (std::string_view kept :
       {"x"sv, "\x1b"sv, "\x7f"sv, "\0"sv, "\u180e"sv, "\u200b"sv, "\u2060"sv, "\ufeff"sv, "\xff"sv})
    EXPECT_EQ(stripped(kept), kept);
  EXPECT_EQ(stripped("\u2003x\u2003y\u2003"), "x\u2003y");
  EXPECT_EQ(stripped(" \u3000"), "");
  EXPECT_EQ(stripped(""), "");
}

TEST(Text, lower_case_is_the_full_mapping_of_no_language) {
  EXPECT_EQ(lower_case("ANN ПЁТР É"), "ann пётр é");
  EXPECT_EQ(lower_case("ΣΊΣΥΦΟΣ Σ ΑΣ."), "σίσυφος σ ας.");
  EXPECT_EQ(lower_case("\u0130I\u0131"), "i\u0307i\u0131");
  EXPECT_EQ(lower_case("ẞßǅﬁ"), "ßßǆﬁ");
  EXPECT_EQ(lower_case(""), "");
}

TEST(Text, a_word_has_letters_numerals_and_underscores) {
  for (char32_t point : U"aZяé日ªʰǅ09٣²½Ⅷ〇①_"sv) EXPECT_TRUE(is_word(point)) << static_cast<unsigned>(point);
  for (char32_t point : U"-.@+ !\u0301\u200d\u00a0€😀🅰\ufffd\x7f\U0010ffff"sv)
    EXPECT_FALSE(is_word(point)) << static_cast<unsigned>(point);
  EXPECT_FALSE(is_word(U'\0'));
}

TEST(Text, what_is_seen_is_no_white_space_and_no_control_or_format_character) {
  for (char32_t point : U"aZя日٣-/@.\u0301€😀"sv) EXPECT_TRUE(is_graphic(point)) << static_cast<unsigned>(point);
  for (
      char32_t point :
      U" \t\n\u0085\u00a0\u2028\u3000\x7f\u00ad\u200b\u202e\ufeff\u115f\u1160\u3164\uffa0\u034f\ufe0f\u2800\U0010ffff"sv)
    EXPECT_FALSE(is_graphic(point)) << static_cast<unsigned>(point);
}

TEST(Text, nfc_joins_accents_and_changes_nothing_else) {
  EXPECT_EQ(nfc("e\xcc\x81"), "é");
  EXPECT_EQ(nfc("и\xcc\x86"), "й");
  EXPECT_EQ(nfc("\xe2\x84\xab"), "Å");  // the angstrom sign is canonically the letter
  EXPECT_EQ(nfc("Pass ﬁ Ａ ß I"), "Pass ﬁ Ａ ß I");
  EXPECT_EQ(nfc(""), "");
  EXPECT_EQ(nfc("a\0b"sv), "a\0b"sv);
}

TEST(Text, names_that_look_alike_by_width_ligature_case_or_invisible_characters_are_one) {
  EXPECT_EQ(canonical_name("Ann"), "ann");
  EXPECT_EQ(canonical_name("ＡＮＮ"), "ann");
  EXPECT_EQ(canonical_name("ﬁona"), "fiona");
  EXPECT_EQ(canonical_name("𝒜𝓃𝓃"), "ann");
  EXPECT_EQ(canonical_name("a\xc2\xadnn"), "ann");      // soft hyphen
  EXPECT_EQ(canonical_name("a\xe2\x80\x8bnn"), "ann");  // zero width space
  EXPECT_EQ(canonical_name("ann\xef\xb8\x8f"), "ann");  // variation selector
  EXPECT_EQ(canonical_name("\xe2\x84\xaa"), "k");       // kelvin sign
  EXPECT_EQ(canonical_name("ПЁТР"), "пётр");
  EXPECT_EQ(canonical_name("ПЕ\xcc\x88ТР"), "пётр");
  EXPECT_EQ(canonical_name("STRASSE"), canonical_name("straße"));
  EXPECT_EQ(canonical_name("ΣΊΣΥΦΟΣ"), canonical_name("σίσυφος"));
}

TEST(Text, folding_does_not_follow_turkish_rules_and_keeps_alphabets_apart) {
  EXPECT_EQ(canonical_name("ADMIN"), "admin");
  EXPECT_EQ(canonical_name("adm\xc4\xb1n"), "adm\xc4\xb1n");   // dotless i is a letter of its own
  EXPECT_EQ(canonical_name("ADM\xc4\xb0N"), "admi\xcc\x87n");  // capital dotted I keeps its dot
  EXPECT_NE(canonical_name("аnn"), canonical_name("ann"));     // the first letter is Cyrillic
}

TEST(Text, a_name_that_folds_to_nothing_is_no_name) {
  EXPECT_FALSE(canonical_name(""));
  EXPECT_FALSE(canonical_name("\xc2\xad"));
  EXPECT_FALSE(canonical_name("\xe2\x80\x8b\xe2\x80\x8d"));
  EXPECT_EQ(canonical_name(" "), " ");
}

TEST(Text, a_canonical_name_is_its_own_canonical_name) {
  for (char32_t point = 1; point < 0x11000; ++point) {
    if (point >= 0xd800 && point < 0xe000) continue;
    std::string utf8;
    if (point < 0x80)
      utf8 = {static_cast<char>(point)};
    else if (point < 0x800)
      utf8 = {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
    else if (point < 0x10000)
      utf8 = {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
              static_cast<char>(0x80 | (point & 63))};
    else
      utf8 = {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)),
              static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))};
    ASSERT_TRUE(is_utf8(utf8));
    if (const auto once = canonical_name(utf8)) EXPECT_EQ(canonical_name(*once), once) << static_cast<unsigned>(point);
  }
}

TEST(Text, an_address_is_compared_by_folded_local_part_and_a_labels) {
  EXPECT_EQ(canonical_email("Ann@Example.COM"), "ann@example.com");
  EXPECT_EQ(canonical_email("ann@example.com."), "ann@example.com");
  EXPECT_EQ(canonical_email("ＡＮＮ＠x@ｅxample.com"), "ann@x@example.com");
  EXPECT_EQ(canonical_email("анна@Почта.РФ"), "анна@xn--80a1acny.xn--p1ai");
  EXPECT_EQ(canonical_email("a@XN--80A1ACNY.xn--p1ai"), "a@xn--80a1acny.xn--p1ai");
  EXPECT_EQ(canonical_email("a@пример。рф。"), canonical_email("a@пример.рф"));  // ideographic full stops
  EXPECT_EQ(canonical_email("\"a@b\"@example.com"), "\"a@b\"@example.com");
}

TEST(Text, domains_follow_idna_2008_without_transitional_mapping) {
  EXPECT_EQ(canonical_email("a@faß.de"), "a@xn--fa-hia.de");
  EXPECT_EQ(canonical_email("a@bu\xcc\x88"
                            "cher.example"),
            canonical_email("a@bücher.example"));
  EXPECT_EQ(canonical_email("a@BÜCHER.example"), "a@xn--bcher-kva.example");
  EXPECT_EQ(canonical_email("a@mail1.example"), "a@mail1.example");
}

TEST(Text, what_is_not_an_address_has_no_canonical_form) {
  for (std::string_view text : {""sv,
                                "ann"sv,
                                "@"sv,
                                "ann@"sv,
                                "@example.com"sv,
                                "ann@."sv,
                                "ann@.com"sv,
                                "ann@example..com"sv,
                                "ann@example.com.."sv,
                                "ann@exa mple.com"sv,
                                "ann@exa_mple.com"sv,
                                "ann@-a.com"sv,
                                "ann@a-.com"sv,
                                "ann@xn--a.com"sv,
                                "ann@xn--\xc3\xa9.com"sv,
                                "ann@[127.0.0.1]"sv,
                                "ann@a\0.com"sv,
                                "ann@a.com\0"sv,
                                "ann@a.com\n"sv,
                                "ann@<a>.com"sv,
                                "\xc2\xad@example.com"sv,
                                "ann@\xe2\x80\x8b"sv,
                                "ann@a\xe2\x80\xae.com"sv})
    EXPECT_FALSE(canonical_email(text)) << text << " became " << canonical_email(text).value_or("");
}

TEST(Text, a_label_has_63_bytes_and_a_domain_253) {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  ASSERT_EQ(longest.size(), 253U);
  EXPECT_EQ(canonical_email("a@" + longest), "a@" + longest);
  EXPECT_EQ(canonical_email("a@" + longest + '.'), "a@" + longest);
  EXPECT_FALSE(canonical_email("a@" + longest + 'b'));
  EXPECT_FALSE(canonical_email("a@" + label + "a.example"));
  EXPECT_FALSE(canonical_email("a@" + std::string(100'000, 'a')));
}

}  // namespace
}  // namespace propusk
