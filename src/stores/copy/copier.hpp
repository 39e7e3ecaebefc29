// The copier: every row of one store into another, in the order of the keys, and the comparison of both afterwards.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/outage.hpp"
#include "stores/copy/side.hpp"

namespace propusk::copy {

/// The two sides do not hold the same; the cause names the table and the key.
class Difference final : public Outage {
 public:
  using Outage::Outage;
};

struct TableCopied {
  std::string_view table;
  std::int64_t rows = 0;   ///< that the target holds now
  std::int64_t found = 0;  ///< of these, how many it held before
};
/// Called after each batch: how many rows of the table are done.
using Progress = std::function<void(std::string_view table, std::int64_t rows)>;

/// Which rows go, and how they arrive.
struct Selection {
  bool with_ended = true;       ///< also those of tables whose rows end when a store is restored
  std::int64_t epoch_step = 0;  ///< added to the epoch of every account and client
  [[nodiscard]] bool takes(const Table& table) const { return with_ended || table.restored == Restored::kept; }
};

/// Each batch is a transaction of its own; what an earlier call, cut short, has copied is found and left as it is.
/// Throws Difference if the target holds anything else: before anything is written if a table's first rows tell,
/// before anything is written to that table in any case. A target that gets rows is marked with the first of them (see
/// unfinished_move); the caller takes the mark away once both were compared.
std::vector<TableCopied> copy_resumably(Side& from, Side& into, const Progress& progress);

/// The same inside the caller's transaction on `into`, whose tables are empty.
std::vector<TableCopied> copy_at_once(Side& from, Side& into, const Selection& selection, const Progress& progress);

/// Which rows a table has, in two values.
struct Sum {
  std::int64_t rows = 0;
  Digest digest{};
  void add(const Batch& batch);
  friend bool operator==(const Sum&, const Sum&) = default;
};

/// Every row of both, column by column. Throws Difference. The sum of each of tables() at `from`; of those that the
/// selection leaves out, none.
std::vector<Sum> compare(Side& from, Side& into, const Selection& selection, const Progress& progress);

}  // namespace propusk::copy
