// Mailbox: an address that may stand in an envelope and in a header.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace propusk::platform {

struct Mailbox {
  std::string local;        ///< as typed: a dot-string, perhaps with letters beyond ASCII, or a quoted string
  std::string domain;       ///< ASCII: A-labels (RFC 5890), or an address literal in brackets
  bool needs_utf8 = false;  ///< the local part is not ASCII: only servers with SMTPUTF8 (RFC 6531) take it
  [[nodiscard]] std::string text() const { return local + '@' + domain; }
};

/// The parts of an address; nothing for what no server could take: no `@`, an impossible domain, a local part outside
/// RFC 5321 §4.1.2 and RFC 6531 §3.3 (so no controls, line ends, spaces or angle brackets), or an impossible length.
std::optional<Mailbox> mailbox(std::string_view typed);

}  // namespace propusk::platform
