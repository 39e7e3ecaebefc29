// Messages go to the error stream, so that --json is JSON alone.
#include "cli/whole_store/work.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "base/outage.hpp"
#include "cli/rendering.hpp"
#include "config/values.hpp"

namespace propusk::cli::whole_store {
namespace {
namespace json = boost::json;
constexpr seconds between_lines{1};

std::expected<stores::DataDirectory, Stop> take(const std::filesystem::path& path) {
  if (auto stop = not_ours(path)) return std::unexpected(std::move(*stop));
  auto directory = stores::DataDirectory::take(path);
  if (directory) return std::move(*directory);
  const bool is_held = directory.error().why == stores::DirectoryRefused::Why::held;
  return std::unexpected(Stop{unreachable, directory.error().sentence + (is_held ? " Stop it first." : "")});
}

std::optional<Stop> in_use(const std::vector<std::string>& others, const copy::Place& place, std::string_view then) {
  if (others.empty()) return std::nullopt;
  std::string names;
  for (const std::string& other : others) names += (names.empty() ? "" : ", ") + other;
  return Stop{refused, fmt::format("{} is in use (by {}): {}", shown(place), names, then)};
}
}  // namespace

std::expected<copy::Place, Stop> place_of(const std::string& url, const Work& work) {
  config::Settings::Store store;
  store.url = url;
  if (store.is_server()) return copy::Place{.file = {}, .url = url};
  if (!url.starts_with("sqlite:"))
    return std::unexpected(Stop{usage, config::redacted_url(url) + ": write sqlite:, sqlite:FILE or postgresql://…"});
  // As SQLite does: the log, its index and a server's lock lie beside the file, and not beside a link to it.
  return copy::Place{
      .file = std::filesystem::weakly_canonical(std::filesystem::absolute(store.file(work.command.data_directory)))};
}

std::string shown(const copy::Place& place) {
  return place.url.empty() ? "sqlite:" + place.file.string() : config::redacted_url(place.url);
}

std::optional<Stop> not_ours(const std::filesystem::path& directory) {
  struct stat found{};
  if (::stat(directory.c_str(), &found) != 0 || found.st_uid == ::geteuid()) return std::nullopt;
  return Stop{unreachable,
              fmt::format("run this as the owner of {}: sudo -u '#{}' propusk ...", directory.string(), found.st_uid)};
}

std::expected<stores::DataDirectory, Stop> take_directory(const Work& work) {
  return take(work.command.data_directory);
}

std::expected<std::optional<stores::DataDirectory>, Stop> take_home(const copy::Place& place, const Work& work) {
  const std::filesystem::path home = place.file.parent_path();
  std::error_code ignored;
  if (!place.url.empty() || !std::filesystem::exists(home / "lock", ignored) ||
      std::filesystem::equivalent(home, work.command.data_directory, ignored))
    return std::nullopt;
  auto taken = take(home);
  if (!taken) return std::unexpected(std::move(taken.error()));
  return std::optional(std::move(*taken));
}

std::optional<Stop> take_database(copy::Side& side, const copy::Place& place) {
  return in_use(side.take(), place, "stop every node that works on it");
}

std::optional<Stop> others_came(copy::Side& side, const copy::Place& place) {
  return in_use(side.others(), place,
                "they came while rows were moved. Stop every node that works on it, and run this again");
}

copy::Progress progress_lines(const Work& work, std::string done) {
  return [&work, done = std::move(done), next = work.clock.monotonic() + between_lines](std::string_view table,
                                                                                        std::int64_t rows) mutable {
    const Deadline now = work.clock.monotonic();
    if (now < next) return;
    next = now + between_lines;
    fmt::print(work.err, "{} {} {}\n", done, rows, table);
    work.err.flush();
  };
}

void print_tables(const Work& work, const std::vector<copy::TableCopied>& tables, bool shows_found,
                  std::string_view found) {
  json::array lines;
  for (const copy::TableCopied& table : tables) {
    json::object& line = lines.emplace_back(json::object{{"table", table.table}, {"rows", table.rows}}).as_object();
    if (shows_found) line[found] = table.found;
  }
  std::vector<std::string_view> columns{"table", "rows"};
  if (shows_found) columns.push_back(found);
  work.out << (work.command.json ? json::serialize(lines) + "\n" : render_table(lines, columns)) << std::flush;
}

int reported(const Work& work, const std::function<std::expected<void, Stop>()>& body) {
  try {
    const auto ended = body();
    if (ended) return done;
    fmt::print(work.err, "propusk: {}\n", printable(ended.error().why));
    return ended.error().code;
  } catch (const copy::Difference& difference) {
    fmt::print(work.err, "propusk: {}\n", printable(difference.cause()));
    return refused;
  } catch (const Outage& outage) {
    fmt::print(work.err, "propusk: {}\n", printable(outage.where() == "backup" ? outage.cause() : outage.what()));
    return outage.where() == "backup" ? refused : unreachable;
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(work.err, "propusk: {}\n", printable(error.what()));
    return unreachable;
  }
}

std::filesystem::path sealing_key_file(const Work& work) {
  return work.command.data_directory / "keys" / "sealing.key";
}

}  // namespace propusk::cli::whole_store
