// Descriptor: a file descriptor that is closed unless it is released.
#pragma once
#include <unistd.h>

#include <utility>

namespace propusk {

class Descriptor {
 public:
  /// Owns `number`; -1 is none.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

}  // namespace propusk
