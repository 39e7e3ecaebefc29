// multipart/form-data (RFC 7578) as Django's MultiPartParser reads it: what it does not understand, it skips.
#include <algorithm>

#include "base/encoding.hpp"
#include "http/ascii.hpp"
#include "http/form.hpp"
#include "http/form_limits.hpp"
#include "http/media_type.hpp"

namespace propusk::http {

namespace {
constexpr std::size_t boundary_limit = 201;  // Django's boundary_re; RFC 2046 §5.1.1 has 70

/// What the header lines of a part say.
struct PartHead {
  std::optional<std::string> name;
  bool is_file = false;
  bool is_base64 = false;  ///< forbidden by RFC 7578 §4.7, but sent by old clients
};

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= boundary_limit && text.back() != ' ' &&
         std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

PartHead read_head(std::string_view lines) {
  PartHead head;
  while (!lines.empty()) {
    std::string_view line = take_until(lines, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view name = take_until(line, ':');
    if (same_text(name, "Content-Disposition")) {
      const MediaType disposition(line);
      head.name = disposition.parameter("name");
      // An input without a chosen file has an empty name, and is a field to Django.
      head.is_file = !disposition.parameter("filename").value_or("").empty() || disposition.parameter("filename*");
    } else if (same_text(name, "Content-Transfer-Encoding")) {
      head.is_base64 = same_text(trimmed(line), "base64");
    }
  }
  return head;
}

/// Text that is no base64 stands as it is.
std::string from_base64(std::string_view text) {
  std::string url;
  for (const char c : text) {
    if (c != '\r' && c != '\n' && c != '=') url.push_back(c == '+' ? '-' : c == '/' ? '_' : c);
  }
  const auto bytes = from_base64url(url);
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : std::string(text);
}

/// Adds one part, given without its delimiters, to `form`.
void add_part(std::string_view part, const std::string& charset, Form& form) {
  const auto head_end = part.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return;
  const PartHead head = read_head(part.substr(0, head_end));
  part.remove_prefix(head_end + 4);
  if (!head.name || head.is_file) return;
  form.add(std::string(trimmed(*head.name)), head.is_base64 ? from_base64(part) : std::string(part), charset);
}
}  // namespace

std::expected<Form, FormError> parse_multipart(std::string_view body, std::string_view boundary,
                                               const std::string& charset) {
  if (!is_boundary(boundary)) return std::unexpected(FormError::malformed);
  const std::string delimiter = "--" + std::string(boundary);
  Form form;
  body.remove_prefix(std::min(body.find(delimiter), body.size()));
  for (std::size_t parts = 0; !body.empty(); ++parts) {
    body.remove_prefix(delimiter.size());
    if (body.starts_with("--")) break;
    if (parts == form_field_limit) return std::unexpected(FormError::too_many_fields);
    std::string_view part = body.substr(0, body.find(delimiter));
    body.remove_prefix(part.size());
    if (!body.empty()) {  // the line end before a delimiter belongs to the delimiter
      if (part.ends_with('\n')) part.remove_suffix(1);
      if (part.ends_with('\r')) part.remove_suffix(1);
    }
    add_part(part, charset, form);
  }
  return form;
}

}  // namespace propusk::http
