// What each command does, from a parsed line to output and exit code.
#include "cli/run.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <ostream>

#include "base/version.hpp"
#include "cli/arguments.hpp"
#include "cli/control_client.hpp"
#include "cli/doctor/report.hpp"
#include "cli/operations.hpp"
#include "cli/operator_request.hpp"
#include "cli/rendering.hpp"
#include "cli/whole_store/backup.hpp"
#include "cli/whole_store/move.hpp"
#include "cli/whole_store/restore.hpp"
#include "config/schema.hpp"
#include "platform/os_random.hpp"
#include "platform/system_clock.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

int print_version(const Command& command, std::ostream& out) {
  if (command.json)
    out << json::serialize(json::object{{"version", version}}) << '\n';
  else
    out << "propusk " << version << '\n';
  return done;
}

int print_reference(const Command& command, std::ostream& out) {
  if (!command.json) {
    out << config::reference();
    return done;
  }
  json::array all;
  for (const config::Key& key : config::keys())
    all.push_back(json::object{{"key", key.path},
                               {"environment", config::environment_name(key)},
                               {"value", config::describe_type(key)},
                               {"default", config::show(key, {})},
                               {"meaning", key.help}});
  out << json::serialize(all) << '\n';
  return done;
}

int print_configuration(const Command& command, const config::Loaded& loaded, std::ostream& out) {
  json::array values;
  for (const config::Effective& value : config::effective_values(loaded))
    values.push_back(json::object{{"key", value.key}, {"value", value.value}, {"origin", value.origin}});
  out << (command.json ? json::serialize(values) + "\n" : render_table(values, {"key", "value", "origin"}));
  return done;
}

/// Nothing if the file cannot be read.
std::optional<config::File> read_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) return std::nullopt;
  return config::File{path.string(), std::move(text)};
}

/// Nothing, after the reasons were written, if the settings cannot be used.
std::optional<config::Loaded> load_settings(const Command& command, const Environment& environment) {
  config::Sources sources{{}, environment.variables, command.flags};
  if (command.config_file && !(sources.file = read_file(*command.config_file))) {
    fmt::print(environment.err, "propusk: --config {}: the file cannot be read\n", command.config_file->string());
    return std::nullopt;
  }
  if (command.verb == Verb::serve && environment.inherited_socket && !environment.inherited_socket->address.empty())
    sources.flags.push_back({"server.listen", environment.inherited_socket->address, "LISTEN_FDS"});
  auto loaded = config::load(sources);
  if (loaded) return std::move(*loaded);
  environment.err << "propusk: the configuration cannot be used:\n";
  for (const config::Problem& problem : loaded.error())
    environment.err << "  " << printable(problem.to_string()) << '\n';
  return std::nullopt;
}

/// Goes on with what can be read: what cannot is a finding.
int examine(const Command& command, const Environment& environment) {
  config::Sources sources{{}, environment.variables, command.flags};
  if (command.config_file) sources.file = read_file(*command.config_file);
  config::Reading reading = config::read(sources);
  if (command.config_file && !sources.file)
    reading.problems.push_back({"--config " + command.config_file->string(), "", "",
                                "the file cannot be read; name one that this user may read, or leave it out"});
  return doctor::report(
      environment.examine({std::move(reading), sources.file ? sources.file->name : "", command.data_directory}),
      command.json, environment.out);
}

/// Whose the data directory is; nothing if there is none.
std::optional<uid_t> owner_of(const std::filesystem::path& directory) {
  struct stat found{};
  if (::stat(directory.c_str(), &found) != 0) return std::nullopt;
  return found.st_uid;
}

Ask through_the_server(std::filesystem::path directory, std::string otherwise) {
  return [directory = std::move(directory), otherwise = std::move(otherwise)](const json::object& request) {
    // Longer than the server's own deadline for an answer, so that it is the server who says why.
    constexpr std::chrono::seconds patience{70};
    auto answer = ask_server(directory / "control.sock", request, patience);
    return answer ? std::move(*answer) : failure_answer("unreachable", answer.error() + otherwise);
  };
}

/// Who performs the command's requests; or the sentence why nobody can.
std::expected<Ask, std::string> open_store(const Command& command, const config::Loaded& loaded,
                                           const Environment& environment) {
  const std::filesystem::path& directory = command.data_directory;
  const auto owner = owner_of(directory);
  if (owner && *owner != ::geteuid())  // opening it would leave files that its owner cannot write
    return through_the_server(
        directory, fmt::format("; without a running server, run this as the owner of {}: sudo -u '#{}' propusk ...",
                               directory.string(), *owner));
  auto opened = environment.open_directly({directory, command.verb == Verb::account_create, loaded.settings});
  if (opened) return std::move(*opened);
  if (!opened.error().is_taken) return std::unexpected(opened.error().why);
  return through_the_server(directory, "; another process holds its lock: is a server just starting or stopping?");
}

int run_operation(const Command& command, const config::Loaded& loaded, const Environment& environment) {
  auto request = operator_request(command, environment.input, environment.err);
  if (!request) {
    fmt::print(environment.err, "propusk: {}\n", request.error());
    return usage;
  }
  const auto ask = open_store(command, loaded, environment);
  if (ask) return show_answers(command, *ask, std::move(*request), environment.out, environment.err);
  fmt::print(environment.err, "propusk: {}\n", ask.error());
  return unreachable;
}

/// Nothing if the command is about less than a whole store.
std::optional<int> run_on_whole_store(const Command& command, const config::Settings& settings,
                                      const Environment& environment) {
  const platform::SystemClock clock;
  platform::OsRandom random;
  const whole_store::Work work{command, settings, environment.input, environment.out, environment.err, clock, random};
  switch (command.verb) {
    case Verb::store_move: return whole_store::move(work);
    case Verb::backup: return command.store.verify ? whole_store::verify_backup(work) : whole_store::back_up(work);
    case Verb::restore: return whole_store::restore(work);
    default: return std::nullopt;
  }
}

int run_command(Command command, const Environment& environment) {
  if (command.verb == Verb::version) return print_version(command, environment.out);
  if (command.verb == Verb::config_reference) return print_reference(command, environment.out);
  if (command.verb == Verb::doctor) return examine(command, environment);
  auto loaded = load_settings(command, environment);
  if (!loaded) return usage;
  if (command.verb == Verb::config_print) return print_configuration(command, *loaded, environment.out);
  if (command.verb == Verb::serve) {
    if (command.dev && !loaded->settings.server.listen.is_loopback()) {
      environment.err << "propusk: --dev shows every mail to whoever asks: listen on 127.0.0.1, or leave it out\n";
      return usage;
    }
    std::optional<int> inherited;
    if (environment.inherited_socket) inherited = environment.inherited_socket->descriptor;
    return environment.serve({command.data_directory, command.dev, std::move(*loaded), inherited});
  }
  if (const auto code = run_on_whole_store(command, loaded->settings, environment)) return *code;
  return run_operation(command, *loaded, environment);
}

}  // namespace

int run(std::span<const char* const> arguments, const Environment& environment) {
  auto command = parse_arguments(arguments, environment.variables);
  if (!command) {
    (command.error().code == done ? environment.out : environment.err) << command.error().text;
    return command.error().code;
  }
  const int code = run_command(std::move(*command), environment);
  // A full disk behind standard output must not look like success.
  return environment.out.flush() ? code : refused;
}

}  // namespace propusk::cli
