// Reader: a table from its first key to its last, a batch at a time.
#pragma once
#include "stores/copy/side.hpp"

namespace propusk::copy {

// 5 MB of the widest rows; four times as many are no faster (bench/prove/backup).
inline constexpr std::int64_t rows_at_once = 5'000;

class Reader {
 public:
  /// `epoch_step`: as Batch has it.
  Reader(Side& side, const Table& table, std::int64_t epoch_step = 0)
      : side_(side), table_(table), last_(table, epoch_step), next_(table, epoch_step) {}
  /// The next rows_at_once rows, fewer at the end, then none, and then it is not asked again. Lasts until the next
  /// call.
  const Batch& next();

 private:
  void fill(sql::Rows rows) {
    while (rows.next()) next_.add(rows.row());
  }
  Side& side_;
  const Table& table_;
  Batch last_, next_;
};

}  // namespace propusk::copy
