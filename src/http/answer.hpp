// Answers as bytes: what every answer carries, and the plain answers of the server itself.
#pragma once
#include <string>
#include <string_view>

#include "http/reply.hpp"

namespace propusk::http {

struct AnswerFrame {
  std::string_view date_line;
  bool is_head = false;  ///< the request was HEAD: no body, no Content-Length
  bool is_kept = true;   ///< else `Connection: close`
  bool is_1_0 = false;   ///< then a kept connection is said to be kept
};

/// Appends status line, the reply's lines, Date, X-Content-Type-Options and Referrer-Policy unless the reply has them,
/// Content-Length (not with 1xx, 204, 304) and the body.
void append_answer(std::string& out, const Reply& reply, const AnswerFrame& frame);

/// Makes `reply` the server's own answer: the reason as text/plain, `Cache-Control: no-store`, and with 503 a
/// `Retry-After` of one second.
void write_plain(Reply& reply, int status);

}  // namespace propusk::http
