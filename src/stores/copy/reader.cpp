// Each batch begins behind the key that the one before it ended with: no cursor, no OFFSET.
#include "stores/copy/reader.hpp"

#include <utility>

namespace propusk::copy {

const Batch& Reader::next() {
  side_.be_patient();
  next_.clear();
  sql::Connection& connection = side_.connection();
  if (last_.rows() == 0) {
    fill(connection.query(table_.first, {rows_at_once}));
  } else {
    const std::size_t row = last_.rows() - 1;
    if (table_.keys == 1)
      fill(connection.query(table_.after, {last_.at(row, 0), rows_at_once}));
    else
      fill(connection.query(table_.after, {last_.at(row, 0), last_.at(row, 1), rows_at_once}));
  }
  std::swap(last_, next_);
  return last_;
}

}  // namespace propusk::copy
