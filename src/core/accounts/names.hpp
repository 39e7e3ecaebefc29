// Names people give themselves: which usernames and e-mail addresses are well-formed.
#pragma once
#include <cstdint>
#include <string_view>

namespace propusk::core {

/// The shapes that the dialects' contracts allow.
enum class UsernameShape : std::uint8_t {
  slug,     ///< `mobile`: ^[-a-zA-Z0-9_]+$, at most 150 (CONTRACTS.md §1 "Rules")
  handle,   ///< `envelope`: ^[a-zA-Z0-9_@+.\-]{1,30}$ (CONTRACTS.md §2 "register")
  word,     ///< `djoser`: 1 to 150 code points that are seen (is_graphic), no slash; which others is the dialect's
            ///< to say (django.contrib.auth)
  address,  ///< `djoser` where the e-mail is the username: an address of at most 254 code points
};
bool is_username(std::string_view text, UsernameShape shape);

/// Longest address that is stored, in code points: Django's own limit (RFC 3696 §3).
inline constexpr std::size_t email_limit = 320;
/// Django's EmailValidator, as the recorded servers used it: no trimming, quoted local parts and domain literals
/// included, Unicode domains through IDN; at most email_limit code points.
bool is_email(std::string_view text);

/// Which addresses a dialect takes, beyond is_email.
enum class EmailShape : std::uint8_t {
  any,
  short_tld,  ///< `envelope`: the last label has 2 to 6 letters (CONTRACTS.md §2 "register")
};
bool is_email(std::string_view text, EmailShape shape);

}  // namespace propusk::core
