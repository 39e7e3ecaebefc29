// Unicode text as people type it and as it is compared: UTF-8 checks and repairs, other charsets, NFC, NFKC case
// folding, lower case, white space, words, IDN domains.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace propusk {

/// The code points of valid UTF-8 that `keeps` says yes to, `limit` at most.
std::string filtered(std::string_view utf8, bool (*keeps)(char32_t), std::size_t limit);
/// True for well-formed UTF-8 (no surrogates, no overlong forms, nothing beyond U+10FFFF).
bool is_utf8(std::string_view text);
/// The text that `bytes` spell in an IANA charset, in UTF-8. An unknown charset is UTF-8. Nothing for bytes that the
/// charset does not know.
std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset);
/// The number of code points of well-formed UTF-8.
std::size_t code_points(std::string_view utf8);
/// The code points of `utf8`, U+FFFD in the place of an ill-formed sequence.
std::u32string to_code_points(std::string_view utf8);
/// The same as UTF-8: U+FFFD for every maximal ill-formed part (Unicode §3.9), as Python decodes with errors="replace".
std::string repaired(std::string_view bytes);
/// Without white space at both ends. White space is what Python's str.strip() takes for it: Unicode's White_Space and
/// U+001C to U+001F. An ill-formed byte is none.
std::string_view stripped(std::string_view utf8);
/// Lower case of well-formed UTF-8: Unicode's full mapping without the rules of a language, final sigma included, as
/// Python's str.lower().
std::string lower_case(std::string_view utf8);
/// What `\w` of Python's re takes for a word: a letter, a numeral of any script, or `_`.
bool is_word(char32_t point);
/// What is seen: no white space, no control or format character, nothing that is ignored by default, assigned.
bool is_graphic(char32_t point);
/// Whether a text is not empty and all of it digits of any script, as Python's str.isdigit() says.
bool is_all_digits(std::string_view utf8);
/// NFC of well-formed UTF-8: the form in which passwords are hashed (DESIGN.md §7). Nothing for ill-formed input.
std::optional<std::string> nfc(std::string_view utf8);
/// NFKC of well-formed UTF-8: the form in which Django stores usernames. Nothing for ill-formed input.
std::optional<std::string> nfkc(std::string_view utf8);
/// NFKC_Casefold of well-formed UTF-8: the form in which usernames are compared. Nothing for ill-formed input or
/// for a text that folds to nothing.
std::optional<std::string> canonical_name(std::string_view utf8);
/// The form in which addresses are compared: canonical local part, `@`, the domain in IDNA 2008 A-labels, lower-case,
/// without a trailing dot. The local part is what stands before the last `@`. Nothing if there is no `@`, a part is
/// empty, or the domain is not valid IDN.
std::optional<std::string> canonical_email(std::string_view utf8);

}  // namespace propusk
