// Raw memory without zeroing: every byte is written before it is read.
#include "http/input_buffer.hpp"

#include <openssl/crypto.h>

#include <cstring>

namespace propusk::http {

void InputBuffer::reserve(std::size_t wanted) {
  if (capacity_ - begin_ >= wanted) return;
  const std::size_t unread = end_ - begin_;
  if (capacity_ >= wanted) {
    std::memmove(bytes_.get(), bytes_.get() + begin_, unread);
  } else {
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (unread > 0) std::memcpy(larger.get(), bytes_.get() + begin_, unread);
    if (capacity_ > 0) OPENSSL_cleanse(bytes_.get(), capacity_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }
  begin_ = 0;
  end_ = unread;
}

void InputBuffer::consume(std::size_t count) {
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void InputBuffer::drop(std::size_t offset, std::size_t count) {
  if (count == 0) return;
  char* const hole = bytes_.get() + begin_ + offset;
  std::memmove(hole, hole + count, end_ - begin_ - offset - count);
  end_ -= count;
}

void InputBuffer::wipe() {
  if (capacity_ == 0) return;
  OPENSSL_cleanse(bytes_.get(), begin_);
  OPENSSL_cleanse(bytes_.get() + end_, capacity_ - end_);
}

void InputBuffer::shrink() {
  if (capacity_ <= kept_when_idle || begin_ != end_) return;
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
}

}  // namespace propusk::http
