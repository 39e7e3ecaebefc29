// TlsSlot: the TLS context for new connections, which a reload replaces while old ones keep theirs.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "http/server.hpp"

namespace propusk::http {

class TlsSlot {
 public:
  /// Reads the PEM files: TLS 1.2 and later, HTTP/1.1. The reason if they cannot be used; then nothing changes.
  std::optional<std::string> load(const TlsFiles& files);
  /// The current context; nothing before the first load. Thread-safe.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> current() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace propusk::http
