// multipart/form-data (RFC 7578), strictly: CRLF lines, the delimiter at once, a closing delimiter, no part encodings.
#include <algorithm>

#include "http/ascii.hpp"
#include "http/form.hpp"
#include "http/form_limits.hpp"
#include "http/media_type.hpp"

namespace propusk::http {

namespace {
constexpr std::size_t boundary_limit = 70;  // RFC 2046 §5.1.1

/// What the header lines of a part say.
struct PartHead {
  std::optional<std::string> name;
  bool is_file = false;
};

std::expected<PartHead, FormError> read_head(std::string_view lines) {
  PartHead head;
  while (!lines.empty()) {
    std::string_view line = take_until(lines, '\n');
    if (!line.ends_with('\r')) return std::unexpected(FormError::malformed);
    line.remove_suffix(1);
    if (line.find(':') == std::string_view::npos) return std::unexpected(FormError::malformed);
    const std::string_view name = take_until(line, ':');
    if (same_text(name, "Content-Disposition")) {
      const MediaType disposition(line);
      if (!disposition.is("form-data")) return std::unexpected(FormError::malformed);
      head.name = disposition.parameter("name");
      head.is_file = disposition.parameter("filename").has_value() || disposition.parameter("filename*").has_value();
    } else if (same_text(
                   name,
                   "Content-Transfer-Encoding")) {  // forbidden for HTTP by RFC 7578 §4.7, but sent by old clients
      const std::string_view encoding = trimmed(line);
      const bool is_plain = same_text(encoding, "binary") || same_text(encoding, "8bit") || same_text(encoding, "7bit");
      if (!is_plain) return std::unexpected(FormError::malformed);
    }
  }
  return head;
}

/// Adds one part, given without its delimiters, to `form`.
std::expected<void, FormError> add_part(std::string_view part, Form& form) {
  std::string_view lines;
  if (!part.starts_with("\r\n")) {
    const auto head_end = part.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::unexpected(FormError::malformed);
    lines = part.substr(0, head_end + 2);
    part.remove_prefix(head_end + 2);
  }
  const auto head = read_head(lines);
  if (!head) return std::unexpected(head.error());
  if (head->name && !head->is_file) form.add(*head->name, std::string(part.substr(2)));
  return {};
}
}  // namespace

std::expected<Form, FormError> parse_multipart(std::string_view body, std::string_view boundary) {
  if (boundary.empty() || boundary.size() > boundary_limit) return std::unexpected(FormError::malformed);
  const std::string delimiter = "\r\n--" + std::string(boundary);
  if (body.starts_with("\r\n")) body.remove_prefix(2);
  if (!body.starts_with(std::string_view(delimiter).substr(2))) return std::unexpected(FormError::malformed);
  body.remove_prefix(delimiter.size() - 2);

  Form form;
  for (std::size_t parts = 0; !body.starts_with("--"); ++parts) {
    if (parts == form_field_limit) return std::unexpected(FormError::too_many_fields);
    if (!body.starts_with("\r\n")) return std::unexpected(FormError::malformed);
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) return std::unexpected(FormError::malformed);
    if (end < 2) return std::unexpected(FormError::malformed);  // two delimiters share their line end: no part between
    if (auto added = add_part(body.substr(2, end - 2), form); !added) return std::unexpected(added.error());
    body.remove_prefix(end + delimiter.size());
  }
  return form;
}

}  // namespace propusk::http
