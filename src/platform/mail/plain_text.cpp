// ICU decides what is printable: its category C holds controls, formats and unassigned characters.
#include "platform/mail/plain_text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace propusk::platform {

std::string plain_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    const int32_t start = at;
    UChar32 point = 0;
    U8_NEXT(text.data(), at, size, point);
    if (point < 0)
      out += "\xef\xbf\xbd";
    else if (u_isprint(point) && u_charType(point) != U_LINE_SEPARATOR && u_charType(point) != U_PARAGRAPH_SEPARATOR)
      out += text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
    else
      out += ' ';
  }
  return out;
}

std::string_view clipped(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && U8_IS_TRAIL(text[limit])) --limit;
  return text.substr(0, limit);
}

}  // namespace propusk::platform
