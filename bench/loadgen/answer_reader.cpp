// The answers of one connection, one after the other; no pipelining.
#include "loadgen/answer_reader.hpp"

#include <string.h>  // strcasestr, strncasecmp: POSIX and GNU

#include <cstdlib>

namespace loadgen {
namespace {
bool is_named(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         strncasecmp(line.data(), name.data(), name.size()) == 0;
}
bool mentions(std::string_view line, const char* word) {
  return strcasestr(std::string(line).c_str(), word) != nullptr;
}
}  // namespace

void AnswerReader::start(bool has_no_body) {
  std::string kept = std::move(bytes_);  // its memory
  *this = {};
  bytes_ = std::move(kept);
  bytes_.clear();
  has_no_body_ = has_no_body;
}

Reading AnswerReader::feed(std::string_view bytes) {
  bytes_.append(bytes);
  if (head_size_ == 0)
    if (const Reading head = read_head(); head != Reading::complete) return head;
  if (until_close_) return Reading::needs_more;
  if (is_chunked_) return read_chunks();
  return bytes_.size() - head_size_ >= content_length_ ? Reading::complete : Reading::needs_more;
}

Reading AnswerReader::read_head() {
  const std::size_t end = bytes_.find("\r\n\r\n");
  if (end == std::string::npos) return Reading::needs_more;
  if (!bytes_.starts_with("HTTP/1.") || end < 12) return Reading::broken;
  status_ = std::atoi(bytes_.c_str() + 9);
  if (status_ / 100 == 1) {
    bytes_.erase(0, end + 4);
    return read_head();
  }
  closes_ = bytes_[7] == '0';
  head_size_ = end + 4;
  for (std::size_t at = bytes_.find("\r\n") + 2; at < end;) {
    const std::size_t line_end = bytes_.find("\r\n", at);
    read_header(std::string_view(bytes_).substr(at, line_end - at));
    at = line_end + 2;
  }
  if (status_ == 204 || status_ == 304 || has_no_body_) {
    content_length_ = 0;
    is_chunked_ = false;
  } else if (!is_chunked_ && !has_length_) {
    until_close_ = closes_ = true;
  }
  return Reading::complete;
}

void AnswerReader::read_header(std::string_view line) {
  if (is_named(line, "content-length")) {
    content_length_ = std::strtoull(line.data() + sizeof "content-length", nullptr, 10);
    has_length_ = true;
  } else if (is_named(line, "transfer-encoding")) {
    is_chunked_ = mentions(line, "chunked");
  } else if (is_named(line, "connection")) {
    closes_ = mentions(line, "close") || (closes_ && !mentions(line, "keep-alive"));
  }
}

Reading AnswerReader::read_chunks() const {
  for (std::size_t at = head_size_;;) {
    const std::size_t line_end = bytes_.find("\r\n", at);
    if (line_end == std::string::npos) return Reading::needs_more;
    const std::size_t size = std::strtoull(bytes_.c_str() + at, nullptr, 16);
    if (size == 0)
      return bytes_.find("\r\n\r\n", line_end) != std::string::npos ? Reading::complete : Reading::needs_more;
    at = line_end + 2 + size + 2;
    if (at > bytes_.size()) return Reading::needs_more;
  }
}

}  // namespace loadgen
