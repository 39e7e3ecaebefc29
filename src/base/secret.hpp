// Secret<T>: a value that cannot be printed by accident, compares in constant time and wipes itself.
#pragma once
#include <openssl/crypto.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace propusk {

/// Holds a password, token or key in clear. It has no operator<<, no formatter and no implicit conversion; reveal()
/// is the one way to the value and easy to search for. The memory is wiped on destruction and after a move.
template <class T = std::string>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) { wipe(value); }
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { wipe(other.value_); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe(value_);
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe(value_);
      value_ = std::move(other.value_);
      wipe(other.value_);
    }
    return *this;
  }
  ~Secret() { wipe(value_); }

  /// The value in clear. Never log it, never put it into an Outage.
  [[nodiscard]] const T& reveal() const { return value_; }
  /// Equal length and bytes, compared in constant time for equal lengths.
  friend bool operator==(const Secret& a, const Secret& b) {
    return a.value_.size() == b.value_.size() && CRYPTO_memcmp(a.value_.data(), b.value_.data(), a.value_.size()) == 0;
  }

 private:
  static void wipe(T& value) noexcept {
    if constexpr (std::is_same_v<T, std::string>) value.resize(value.capacity());  // the moved-from short buffer too
    if (!value.empty()) OPENSSL_cleanse(value.data(), value.size() * sizeof(value[0]));
    if constexpr (requires { value.clear(); }) value.clear();
  }
  T value_{};
};

}  // namespace propusk
