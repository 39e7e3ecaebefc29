// JSON storage that wipes what it frees: requests on the control socket hold passwords.
#pragma once
#include <openssl/crypto.h>

#include <boost/json/memory_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <new>

namespace propusk::cli {

class WipingResource final : public boost::json::memory_resource {
  // Boost 1.81 asks for keys with one alignment and frees them with another; plain new suits every type it keeps.
  void* do_allocate(std::size_t size, std::size_t /*alignment*/) override { return ::operator new(size); }
  void do_deallocate(void* memory, std::size_t size, std::size_t /*alignment*/) override {
    OPENSSL_cleanse(memory, size);
    ::operator delete(memory);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

/// For every JSON value that may hold a password.
inline boost::json::storage_ptr wiping_storage() { return boost::json::make_shared_resource<WipingResource>(); }

}  // namespace propusk::cli
