// Batch: rows of one table in memory, so that no cursor stays open while they are written elsewhere.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "stores/copy/tables.hpp"

namespace propusk::copy {

class Batch {
 public:
  /// Every account's and client's epoch is taken for `epoch_step` more than it is.
  explicit Batch(const Table& table, std::int64_t epoch_step = 0) : table_(&table), epoch_step_(epoch_step) {}
  void clear();
  void add(const sql::Statement& row);

  [[nodiscard]] const Table& table() const { return *table_; }
  [[nodiscard]] std::size_t rows() const { return cells_.size() / table_->columns.size(); }
  /// Borrowed from this batch.
  [[nodiscard]] sql::Value at(std::size_t row, std::size_t column) const;
  [[nodiscard]] bool has_same(std::size_t row, const Batch& other) const;
  /// "accounts id=5": for people.
  [[nodiscard]] std::string name_of(std::size_t row) const;
  /// SHA-256 of `before` and every value of the row, as it was read, with its type and its length.
  [[nodiscard]] Digest chained(const Digest& before, std::size_t row) const;

 private:
  struct Cell {
    std::int64_t number;  ///< or where in text_ it begins
    std::int64_t size;    ///< of a text or bytes; -1: NULL
  };
  [[nodiscard]] std::string_view text(const Cell& cell) const {
    return std::string_view(text_).substr(static_cast<std::size_t>(cell.number), static_cast<std::size_t>(cell.size));
  }
  [[nodiscard]] std::int64_t step_of(std::size_t column) const { return table_->epoch == column ? epoch_step_ : 0; }
  const Table* table_;
  std::int64_t epoch_step_;
  std::vector<Cell> cells_;
  std::string text_;
};

}  // namespace propusk::copy
