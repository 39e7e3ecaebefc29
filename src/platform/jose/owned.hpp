// Owned: an object of OpenSSL that frees itself.
#pragma once
#include <memory>

namespace propusk::platform {

template <auto release>
struct ReleasedBy {
  void operator()(auto* object) const { release(object); }
};
/// `Owned<EVP_PKEY, EVP_PKEY_free> key(...)`; empty if OpenSSL gave nothing.
template <class T, auto release>
using Owned = std::unique_ptr<T, ReleasedBy<release>>;

}  // namespace propusk::platform
