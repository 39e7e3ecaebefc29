// Descriptor: an open file of the operating system, closed at the end of its scope.
#pragma once
#include <unistd.h>

namespace propusk::platform {

/// Closes on destruction; -1 if it could not be opened.
struct Descriptor {
  explicit Descriptor(int given) : number(given) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

}  // namespace propusk::platform
