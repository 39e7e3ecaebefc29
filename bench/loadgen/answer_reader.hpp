// AnswerReader: just enough HTTP/1.1 to find the end of an answer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadgen {

enum class Reading : std::uint8_t { needs_more, complete, broken };

class AnswerReader {
 public:
  /// Forgets the previous answer.
  void start(bool has_no_body);
  Reading feed(std::string_view bytes);
  /// The server closed: whether that completes the answer.
  [[nodiscard]] bool ends_with_connection() const { return until_close_; }
  [[nodiscard]] bool has_begun() const { return !bytes_.empty(); }
  [[nodiscard]] bool closes() const { return closes_; }
  [[nodiscard]] int status() const { return status_; }

 private:
  Reading read_head();
  void read_header(std::string_view line);
  [[nodiscard]] Reading read_chunks() const;

  std::string bytes_;
  std::size_t head_size_ = 0, content_length_ = 0;
  int status_ = 0;
  bool has_no_body_ = false, has_length_ = false, is_chunked_ = false, closes_ = false, until_close_ = false;
};

}  // namespace loadgen
