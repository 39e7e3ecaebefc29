// Two readers walk side by side; where the target ends, the copying begins.
#include "stores/copy/copier.hpp"

#include <fmt/format.h>

#include "stores/copy/reader.hpp"
#include "stores/copy/unfinished.hpp"

namespace propusk::copy {
namespace {
/// The rows of `theirs` are the first ones of `ours`.
void require_prefix(const Batch& ours, const Batch& theirs) {
  for (std::size_t row = 0; row < theirs.rows(); ++row) {
    if (row >= ours.rows()) throw Difference("copy", theirs.name_of(row) + " is in the target and not in the source");
    if (!theirs.has_same(row, ours))
      throw Difference("copy",
                       fmt::format("{} is not what the source holds ({})", theirs.name_of(row), ours.name_of(row)));
  }
}

class TransactionOn {
 public:
  explicit TransactionOn(sql::Connection& connection) : connection_(connection) { connection_.begin_write(); }
  TransactionOn(const TransactionOn&) = delete;
  TransactionOn& operator=(const TransactionOn&) = delete;
  ~TransactionOn() {
    if (!is_over_) connection_.rollback();
  }
  void commit() {
    connection_.commit();
    is_over_ = true;
  }

 private:
  sql::Connection& connection_;
  bool is_over_ = false;
};

void insert(Side& into, const Batch& batch, std::size_t from) {
  into.be_patient();
  try {
    into.insert(batch, from);
  } catch (const Outage& outage) {
    throw Outage(outage.where(), fmt::format("{}, between {} and {}", outage.cause(), batch.name_of(from),
                                             batch.name_of(batch.rows() - 1)));
  }
}

TableCopied copy_table(Side& from, Side& into, const Table& table, const Progress& progress) {
  TableCopied copied{.table = table.name};
  Reader source(from, table), target(into, table);
  const Batch nothing(table);
  for (bool is_target_read = false;;) {
    const Batch& ours = source.next();
    const Batch& theirs = is_target_read ? nothing : target.next();
    require_prefix(ours, theirs);
    is_target_read = static_cast<std::int64_t>(theirs.rows()) < rows_at_once;
    if (theirs.rows() < ours.rows()) {
      TransactionOn transaction(into.connection());
      into.be_patient();
      mark_unfinished(into.connection());
      insert(into, ours, theirs.rows());
      transaction.commit();
      into.tidy();
    }
    copied.found += static_cast<std::int64_t>(theirs.rows());
    copied.rows += static_cast<std::int64_t>(ours.rows());
    if (ours.rows() > 0) progress(table.name, copied.rows);
    if (ours.rows() == 0 && is_target_read) return copied;
  }
}
}  // namespace

std::vector<TableCopied> copy_resumably(Side& from, Side& into, const Progress& progress) {
  for (const Table& table : tables()) {
    Reader source(from, table), target(into, table);
    require_prefix(source.next(), target.next());
  }
  std::vector<TableCopied> copied;
  for (const Table& table : tables()) copied.push_back(copy_table(from, into, table, progress));
  TransactionOn transaction(into.connection());
  into.be_patient();
  into.agree_with_rows();
  transaction.commit();
  return copied;
}

std::vector<TableCopied> copy_at_once(Side& from, Side& into, const Selection& selection, const Progress& progress) {
  std::vector<TableCopied> copied;
  into.begin_many();
  for (const Table& table : tables()) {
    TableCopied& counted = copied.emplace_back(table.name);
    if (!selection.takes(table)) continue;
    for (Reader source(from, table, selection.epoch_step);;) {
      const Batch& rows = source.next();
      if (rows.rows() == 0) break;
      insert(into, rows, 0);
      progress(table.name, counted.rows += static_cast<std::int64_t>(rows.rows()));
    }
  }
  into.end_many();
  into.agree_with_rows();
  return copied;
}

void Sum::add(const Batch& batch) {
  for (std::size_t row = 0; row < batch.rows(); ++row) digest = batch.chained(digest, row);
  rows += static_cast<std::int64_t>(batch.rows());
}

std::vector<Sum> compare(Side& from, Side& into, const Selection& selection, const Progress& progress) {
  std::vector<Sum> sums;
  for (const Table& table : tables()) {
    Sum& sum = sums.emplace_back();
    if (!selection.takes(table)) continue;
    Reader source(from, table, selection.epoch_step), target(into, table);
    for (;;) {
      const Batch &ours = source.next(), &theirs = target.next();
      require_prefix(ours, theirs);
      if (theirs.rows() < ours.rows())
        throw Difference("copy", ours.name_of(theirs.rows()) + " is in the source and not in the target");
      if (ours.rows() == 0) break;
      sum.add(ours);
      progress(table.name, sum.rows);
    }
  }
  return sums;
}

}  // namespace propusk::copy
