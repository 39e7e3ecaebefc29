// Plain text: what strangers typed, made harmless before it stands in a letter, a log line or an answer.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace propusk::platform {

/// One line of printable text in well-formed UTF-8: a space for each control, line end, and invisible or
/// direction-changing character; U+FFFD for bytes that are no UTF-8.
std::string plain_text(std::string_view text);
/// At most `limit` bytes of well-formed UTF-8, cut between characters.
std::string_view clipped(std::string_view text, std::size_t limit);

}  // namespace propusk::platform
