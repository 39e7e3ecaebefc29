// Lays the sources over each other, in their order, and judges the result.
#include "config/load.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/checks.hpp"
#include "config/schema.hpp"
#include "config/toml_file.hpp"
#include "config/values.hpp"

namespace propusk::config {
namespace {

struct Layers {
  Loaded loaded{{}, std::vector<std::string>(keys().size(), "default")};
  std::vector<Problem> problems;
  std::vector<std::string> wrong_keys;

  void lay(const Written& written) {
    const Key& key = *written.key;
    if (const auto assigned = assign(key, written.text, loaded.settings); !assigned) {
      const std::string shown = may_hold_secret(key) ? redacted_url(written.text) : written.text;
      refuse({written.where, std::string(key.path), in_quotes(shown), assigned.error()});
      return;
    }
    loaded.origins[static_cast<std::size_t>(&key - keys().data())] = written.where;
  }

  void refuse(Problem problem) {
    wrong_keys.push_back(problem.key);
    problems.push_back(std::move(problem));
  }
};

void lay_file(const File& file, Layers& layers) {
  std::vector<Problem> problems;
  const auto all = read_toml(file, problems);
  for (Problem& problem : problems) layers.refuse(std::move(problem));
  for (const Written& written : all) layers.lay(written);
}

/// `server.listne` for `PROPUSK_SERVER__LISTNE`.
std::string path_of(std::string_view variable) {
  std::string path(variable.substr(std::string_view("PROPUSK_").size()));
  std::ranges::transform(path, path.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (auto at = path.find("__"); at != path.npos; at = path.find("__")) path.replace(at, 2, ".");
  return path;
}

void lay_environment(const std::vector<std::string>& environment, Layers& layers) {
  for (const std::string& variable : environment) {
    const auto equals = std::min(variable.find('='), variable.size());
    const std::string name = variable.substr(0, equals);
    if (!name.starts_with("PROPUSK_") || name.find("__") == name.npos) continue;
    const auto key = std::ranges::find(keys(), name, environment_name);
    if (key != keys().end()) {
      layers.lay({&*key, equals < variable.size() ? variable.substr(equals + 1) : "", "environment " + name});
      continue;
    }
    const Key& nearest = nearest_key(path_of(name));
    layers.refuse(unknown_key("environment", name, nearest, environment_name(nearest)));
  }
}

void lay_flags(const std::vector<Flag>& flags, Layers& layers) {
  for (const Flag& flag : flags) {
    const Key* key = find_key(flag.key);
    if (key == nullptr) {
      const Key& nearest = nearest_key(flag.key);
      layers.refuse(unknown_key(flag.spelled, flag.key, nearest, nearest.path));
    } else if (may_hold_secret(*key) && holds_password(flag.value)) {
      layers.refuse(
          {flag.spelled, flag.key, in_quotes(redacted_url(flag.value)),
           fmt::format("every user of this machine can read arguments: set a URL with a password in the file or in {}",
                       environment_name(*key))});
    } else {
      layers.lay({key, flag.value, flag.spelled});
    }
  }
}

}  // namespace

std::string Problem::to_string() const {
  if (key.empty()) return fmt::format("{}: {}", where, remedy);
  if (value.empty()) return fmt::format("{}: {}: {}", where, key, remedy);
  return fmt::format("{}: {} = {}: {}", where, key, value, remedy);
}

Reading read(const Sources& sources) {
  Layers layers;
  if (sources.file) lay_file(*sources.file, layers);
  lay_environment(sources.environment, layers);
  lay_flags(sources.flags, layers);
  std::ranges::move(check_together(layers.loaded, layers.wrong_keys), std::back_inserter(layers.problems));
  return {std::move(layers.loaded), std::move(layers.problems)};
}

std::expected<Loaded, std::vector<Problem>> load(const Sources& sources) {
  Reading reading = read(sources);
  if (!reading.problems.empty()) return std::unexpected(std::move(reading.problems));
  return std::move(reading.loaded);
}

std::vector<Effective> effective_values(const Loaded& loaded) {
  std::vector<Effective> values;
  for (const Key& key : keys()) {
    std::string value = show(key, loaded.settings);
    const auto& server = loaded.settings.server;
    if (key.path == "server.public_origin") value = origin_of(server, server.listen.port);
    if (key.path == "server.site_name") value = site_name_of(server, server.listen.port);
    values.push_back({key.path, std::move(value), loaded.origins[values.size()]});
  }
  return values;
}

}  // namespace propusk::config
