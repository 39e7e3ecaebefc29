// The source is only read: whatever happens, it is as it was.
#include "cli/whole_store/move.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>

#include "stores/copy/unfinished.hpp"

namespace propusk::cli::whole_store {
namespace {

struct Places {
  copy::Place from, to;
};

/// One file may have several names; of a server, raw URLs are compared, because shown ones lack the user and options.
bool are_same(const copy::Place& one, const copy::Place& other) {
  if (one.url.empty() != other.url.empty()) return false;
  if (!one.url.empty()) return one.url == other.url;
  std::error_code is_missing;
  return one.file == other.file || std::filesystem::equivalent(one.file, other.file, is_missing);
}

std::expected<Places, Stop> places(const Work& work) {
  const auto& words = work.command.store;
  auto from = place_of(words.from.empty() ? work.settings.store.url : words.from, work);
  if (!from) return std::unexpected(from.error());
  auto to = place_of(words.to, work);
  if (!to) return std::unexpected(to.error());
  if (are_same(*from, *to)) return std::unexpected(Stop{usage, "--from and --to are the same store"});
  std::error_code ignored;
  if (from->url.empty() && !std::filesystem::exists(from->file, ignored))
    return std::unexpected(Stop{unreachable, "there is no store " + shown(*from)});
  return Places{std::move(*from), std::move(*to)};
}

/// Nothing, or the stop: `from` and `to` hold the same afterwards, and nobody else was there.
std::expected<void, Stop> copy_verified(copy::Side& from, copy::Side& to, const Places& where, const Work& work) {
  from.be_patient();
  from.begin_read_alone();
  std::vector<copy::TableCopied> tables;
  try {
    tables = copy::copy_resumably(from, to, progress_lines(work, "copied"));
  } catch (const copy::Difference& difference) {
    return std::unexpected(Stop{refused, fmt::format("{}. The target must be empty, or hold what an earlier move from "
                                                     "this very store has copied",
                                                     difference.cause())});
  }
  copy::compare(from, to, {}, progress_lines(work, "compared"));
  if (auto stop = others_came(from, where.from)) return std::unexpected(std::move(*stop));
  if (auto stop = others_came(to, where.to)) return std::unexpected(std::move(*stop));
  to.be_patient();
  copy::mark_finished(to.connection());
  from.connection().rollback();
  to.finish();
  print_tables(work, tables, true, "copied_before");
  return {};
}

/// A redacted URL is not to be copied.
std::string next_setting(const copy::Place& to) {
  const bool is_whole = to.url.empty() || shown(to) == to.url;
  return is_whole ? fmt::format("write store.url = \"{}\"", shown(to)) : "write the URL of --to as store.url";
}

std::expected<void, Stop> move_rows(const Work& work) {
  const auto where = places(work);
  if (!where) return std::unexpected(where.error());
  const auto directory = take_directory(work);
  if (!directory) return std::unexpected(directory.error());
  const auto home_of_from = take_home(where->from, work), home_of_to = take_home(where->to, work);
  if (!home_of_from) return std::unexpected(home_of_from.error());
  if (!home_of_to) return std::unexpected(home_of_to.error());
  const auto from = where->from.open(copy::File::read, work.clock),
             to = where->to.open(copy::File::written, work.clock);
  if (auto stop = take_database(*from, where->from)) return std::unexpected(std::move(*stop));
  if (auto stop = take_database(*to, where->to)) return std::unexpected(std::move(*stop));
  copy::require_schema(from->connection(), shown(where->from));
  to->be_patient();
  copy::migrate_target(to->connection(), work.clock.now());
  if (auto copied = copy_verified(*from, *to, *where, work); !copied) return copied;
  fmt::print(work.err,
             "propusk: every row is in {0}, and was compared with {1}, which is as it was.\n"
             "Next: {3} and start. The keys that sign JWTs are sealed by {2}: whoever opens the new store needs that "
             "file.\n"
             "Erase the old store once you are sure: it holds everything.\n",
             shown(where->to), shown(where->from), sealing_key_file(work).string(), next_setting(where->to));
  return {};
}
}  // namespace

int move(const Work& work) {
  return reported(work, [&work] { return move_rows(work); });
}

}  // namespace propusk::cli::whole_store
