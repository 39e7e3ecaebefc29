// InputBuffer: the bytes of one connection that are read but not used up; small when idle, bounded by its user.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace propusk::http {

/// Views of unread() stay valid until the next reserve(), room() or drop().
class InputBuffer {
 public:
  static constexpr std::size_t small = 2 * 1024;           ///< holds a browser's request; 10,000 idle ones cost 20 MiB
  static constexpr std::size_t kept_when_idle = 4 * 1024;  ///< more is given back between requests

  [[nodiscard]] std::string_view unread() const { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t free_space() const { return capacity_ - end_; }
  /// Makes place for `wanted` bytes from the first unread one on. Moves what is unread.
  void reserve(std::size_t wanted);
  /// Where the next bytes go; what was written is told by commit().
  std::span<char> room() { return {bytes_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t count) { end_ += count; }
  /// Uses up the first `count` unread bytes.
  void consume(std::size_t count);
  /// Takes out `count` bytes behind the first `offset` unread ones.
  void drop(std::size_t offset, std::size_t count);
  /// Overwrites everything that is not unread.
  void wipe();
  /// Gives a large empty buffer back.
  void shrink();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace propusk::http
