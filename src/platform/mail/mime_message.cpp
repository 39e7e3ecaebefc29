// Written by hand, because curl_mime writes only into a transfer of its own, and the maildir, the log and the inbox
// need the same bytes that a server gets.
#include "platform/mail/mime_message.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>

#include "platform/mail/mail_dates.hpp"
#include "platform/mail/plain_text.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t line_limit = 76;  // RFC 2045 §6.7 rule 5, and of a line with encoded words RFC 2047 §2
constexpr std::string_view word_begin = "=?utf-8?B?", word_end = "?=";

std::string base64(std::string_view text) {
  std::string out(((text.size() + 2) / 3) * 4 + 1, '\0');  // EVP_EncodeBlock ends with NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<std::uint8_t*>(out.data()),
                                   reinterpret_cast<const std::uint8_t*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Whether ASCII says it: printable, and nothing that reads as an encoded word.
bool is_plain_ascii(std::string_view text) {
  return !text.contains("=?") && std::ranges::all_of(text, [](char byte) { return byte >= ' ' && byte <= '~'; });
}

/// Encoded words from `column` on, each of whole characters, folded. `text` is well-formed UTF-8.
std::string encoded_words(std::string_view text, std::size_t column) {
  std::string out;
  while (!text.empty()) {
    const std::size_t room = (line_limit - column - word_begin.size() - word_end.size()) / 4 * 3;
    const std::string_view piece = clipped(text, room);
    out.append(word_begin).append(base64(piece)).append(word_end);
    text.remove_prefix(piece.size());
    if (!text.empty()) out += "\r\n ";
    column = 1;
  }
  return out;
}

/// A display name as a quoted string or in encoded words.
std::string display_name(std::string_view name, std::size_t column) {
  if (!is_plain_ascii(name) || column + name.size() > line_limit / 2) return encoded_words(name, column);
  std::string quoted = "\"";
  for (char byte : name) {
    if (byte == '"' || byte == '\\') quoted += '\\';
    quoted += byte;
  }
  return quoted + '"';
}

std::string from_line(const MimeMessage& message) {
  constexpr std::string_view name = "From: ";
  const std::string shown = plain_text(message.from_name);
  if (shown.empty()) return fmt::format("{}{}\r\n", name, message.from.text());
  return fmt::format("{}{}\r\n <{}>\r\n", name, display_name(shown, name.size()), message.from.text());
}

std::string part(std::string_view boundary, std::string_view type, std::string_view text) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n", boundary,
      type, quoted_printable(text));
}
}  // namespace

std::string header_line(std::string_view name, std::string_view text) {
  const std::string shown = plain_text(text);
  const std::size_t column = name.size() + 2;
  const bool is_plain = is_plain_ascii(shown) && column + shown.size() <= line_limit;
  return fmt::format("{}: {}\r\n", name, is_plain ? shown : encoded_words(shown, column));
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char byte = text[at];
    if (byte == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
    const bool is_blank = byte == ' ' || byte == '\t';
    const bool is_literal = (byte > ' ' && byte <= '~' && byte != '=') || (is_blank && !ends_line);
    const std::size_t width = is_literal ? 1 : 3;
    if (column + width > line_limit - 1) {  // one byte for the `=` of the soft line break
      out += "=\r\n";
      column = 0;
    }
    if (is_literal)
      out += byte;
    else
      fmt::format_to(std::back_inserter(out), "={:02X}", static_cast<unsigned char>(byte));
    column += width;
  }
  return out;
}

std::string mime_bytes(const MimeMessage& message) {
  const std::string boundary = "=_propusk_" + message.id;  // `=_` never occurs in quoted-printable
  std::string out = from_line(message);
  out += fmt::format("To: {}\r\n", message.to.text());
  out += header_line("Subject", message.subject);
  out += fmt::format(
      "Date: {}\r\nMessage-ID: <propusk.{}@{}>\r\nMIME-Version: 1.0\r\nContent-Language: {}\r\n"
      "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"  // RFC 3834 §5; the second for Exchange
      "Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n",
      header_date(message.date), message.id, message.from.domain, language_name(message.language), boundary);
  out += part(boundary, "text/plain", message.text);
  out += part(boundary, "text/html", message.html);
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace propusk::platform
