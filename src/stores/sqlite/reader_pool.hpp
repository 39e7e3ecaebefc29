// ReaderPool: connections for reads, lent to whichever thread reads just now.
#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "stores/sqlite/connection.hpp"

namespace propusk::sqlite {

/// Thread-safe. There are never more connections than threads reading at once; at most `kept` stay open between reads.
class ReaderPool {
 public:
  ReaderPool(ConnectionSettings settings, std::size_t kept) : settings_(std::move(settings)), kept_(kept) {}

  /// A connection of the caller's own until its scope ends, inside a snapshot begun now.
  class Snapshot {
   public:
    explicit Snapshot(ReaderPool& pool);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    [[nodiscard]] Connection& connection() { return *connection_; }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Connection> connection_;
  };

 private:
  std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  const ConnectionSettings settings_;
  const std::size_t kept_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace propusk::sqlite
