// What the commands on a whole store share: where it is, who may touch it, how far they are, what came of it.
#pragma once
#include <expected>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "cli/command.hpp"
#include "config/settings.hpp"
#include "stores/copy/archive.hpp"
#include "stores/data_directory.hpp"

namespace propusk::cli::whole_store {

/// One command, with everything that it touches.
struct Work {
  const Command& command;
  const config::Settings& settings;
  int input;          ///< confirmations are read here
  std::ostream& out;  ///< data
  std::ostream& err;  ///< messages and prompts
  const Clock& clock;
  Random& random;
};

/// An end of a command that is no outage: a sentence for the operator.
struct Stop {
  ExitCode code;
  std::string why;
};

/// A store by its URL, as store.url takes it; a file is below the data directory unless its path is absolute,
/// and is called by the path that no link is part of.
std::expected<copy::Place, Stop> place_of(const std::string& url, const Work& work);
/// For people: without a password.
std::string shown(const copy::Place& place);

/// What a file of the data directory is made by: nobody but its owner may.
std::optional<Stop> not_ours(const std::filesystem::path& directory);
/// The data directory, which no server holds.
std::expected<stores::DataDirectory, Stop> take_directory(const Work& work);
/// The same of another data directory that the file lies in; nothing if it lies in ours or in none.
std::expected<std::optional<stores::DataDirectory>, Stop> take_home(const copy::Place& place, const Work& work);
/// The database, which nobody uses, until `side` ends.
std::optional<Stop> take_database(copy::Side& side, const copy::Place& place);
/// Whether somebody came in spite of that: a node that ran before, and had lost its connections.
std::optional<Stop> others_came(copy::Side& side, const copy::Place& place);

/// A line a second to `err`: what is done.
copy::Progress progress_lines(const Work& work, std::string done);

/// The table of what came of a command, or its JSON: `columns` are rows and what else counts.
void print_tables(const Work& work, const std::vector<copy::TableCopied>& tables, bool shows_found,
                  std::string_view found);

/// Runs `body`, whose exit code it returns; an outage is a sentence.
int reported(const Work& work, const std::function<std::expected<void, Stop>()>& body);

std::filesystem::path sealing_key_file(const Work& work);

}  // namespace propusk::cli::whole_store
