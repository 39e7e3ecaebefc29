// The connection used last is lent first: its cache is warm, and the others cost nothing.
#include "stores/sqlite/reader_pool.hpp"

namespace propusk::sqlite {

ReaderPool::Snapshot::Snapshot(ReaderPool& pool) : pool_(pool), connection_(pool.borrow()) {
  connection_->begin_read();
}

ReaderPool::Snapshot::~Snapshot() {
  connection_->rollback();  // a read has nothing to commit
  pool_.give_back(std::move(connection_));
}

std::unique_ptr<Connection> ReaderPool::borrow() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(settings_);
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) noexcept {
  std::lock_guard lock(mutex_);
  if (idle_.size() < kept_ && !connection->in_transaction()) idle_.push_back(std::move(connection));
}

}  // namespace propusk::sqlite
