// MimeMessage: a letter as the bytes that mail programs read (RFC 5322, RFC 2045-2047).
#pragma once
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "platform/mail/mailbox.hpp"

namespace propusk::platform {

/// What a message is made of. `from_name` and `subject` may hold anything: what is not printable becomes a space.
struct MimeMessage {
  std::string id;  ///< hex; the Message-ID and the boundary are made of it
  std::string from_name;
  Mailbox from, to;
  std::string subject;
  Instant date{};
  Language language{};
  std::string text, html;  ///< UTF-8; lines end with LF
};

/// The message, multipart/alternative. Lines end with CRLF and have at most 78 bytes, but for those of an address,
/// which is not folded. ASCII, but for a To address that is not. The same bytes for the same message.
std::string mime_bytes(const MimeMessage& message);

/// `text` in quoted-printable (RFC 2045 §6.7), lines of at most 76 bytes.
std::string quoted_printable(std::string_view text);
/// `Name: text` with its line end; in encoded words (RFC 2047) when ASCII does not say it on one line.
std::string header_line(std::string_view name, std::string_view text);

}  // namespace propusk::platform
