// One pass over the reply's lines finds the safety headers; everything else is appending.
#include "http/answer.hpp"

#include <array>
#include <charconv>

#include "http/ascii.hpp"

namespace propusk::http {

namespace {
constexpr std::string_view nosniff = "X-Content-Type-Options: nosniff\r\n";
constexpr std::string_view referrer = "Referrer-Policy: same-origin\r\n";

void append_number(std::string& out, std::size_t value) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}

void append_status_line(std::string& out, int status) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(status));
  out.append(" ").append(reason_phrase(status)).append("\r\n");
}

bool is_named(std::string_view line, std::string_view model) {
  const std::string_view name = model.substr(0, model.find(':') + 1);
  return line.size() >= name.size() && same_text(line.substr(0, name.size()), name);
}

void append_safety(std::string& out, std::string_view lines) {
  bool has_nosniff = false, has_referrer = false;
  while (!lines.empty()) {
    const std::string_view line = take_until(lines, '\n');
    const char first = line.empty() ? '\0' : to_lower(line.front());
    if (first == 'x') has_nosniff = has_nosniff || is_named(line, nosniff);
    if (first == 'r') has_referrer = has_referrer || is_named(line, referrer);
  }
  if (!has_nosniff) out.append(nosniff);
  if (!has_referrer) out.append(referrer);
}
}  // namespace

void append_answer(std::string& out, const Reply& reply, const AnswerFrame& frame) {
  append_status_line(out, reply.status);
  out.append(reply.lines()).append(frame.date_line);
  append_safety(out, reply.lines());
  if (!frame.is_kept) {
    out.append("Connection: close\r\n");
  } else if (frame.is_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  const bool has_body = reply.status >= 200 && reply.status != 204 && reply.status != 304 && !frame.is_head;
  if (has_body) {
    out.append("Content-Length: ");
    append_number(out, reply.body().size());
    out.append("\r\n\r\n").append(reply.body());
  } else {
    out.append("\r\n");
  }
}

void write_plain(Reply& reply, int status) {
  reply.clear();
  reply.status = status;
  reply.headers("Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n");
  if (status == 503) reply.headers("Retry-After: 1\r\n");
  std::string text = std::to_string(status);
  reply.body(text.append(" ").append(reason_phrase(status)).append("\n"));
}

}  // namespace propusk::http
