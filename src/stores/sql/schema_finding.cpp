// The same order of questions as migrate()'s: first whether we know the migration, then whether it is the one we know.
#include "stores/sql/schema_finding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"

namespace propusk::sql {
namespace {
std::string sha256_of(const char* text) {
  const Digest sum = sha256(std::string_view(text));
  return {reinterpret_cast<const char*>(sum.bytes.data()), sum.bytes.size()};
}
}  // namespace

Finding schema_finding(std::span<const AppliedMigration> applied, std::span<const Migration> known, TextOf text_of) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (i >= known.size() || known[i].name != applied[i].name)
      return error(fmt::format("the database has the migration {}, which this binary does not know", applied[i].name),
                   "run the newer propusk that made it, or restore the backup taken before the upgrade");
    if (applied[i].sha256 != sha256_of((known[i].text.*text_of)()))
      return error(
          fmt::format("the migration {} was applied with another text than this binary holds", applied[i].name),
          "run the propusk release that made this database");
  }
  const std::size_t missing = known.size() - applied.size();
  if (missing == 0) return fine("the schema is that of this binary");
  return fine(fmt::format("the next start brings {} of {} migrations", missing, known.size()));
}

}  // namespace propusk::sql
