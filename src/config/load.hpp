// load(): from a file, an environment and flags to settings that are sound as a whole, or to every problem at once.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace propusk::config {

/// A TOML document and the name that problems call it by.
struct File {
  std::string name;
  std::string text;
};

/// One `key=value` given with the command, and how it was spelled there: `--listen`, `--set`.
struct Flag {
  std::string key;
  std::string value;
  std::string spelled;
};

/// Where settings come from, the later members winning over the earlier ones.
struct Sources {
  std::optional<File> file;
  std::vector<std::string> environment;  ///< `NAME=value`; names without `PROPUSK_` and `__` are not ours
  std::vector<Flag> flags;
};

/// One thing that is wrong. No member holds a secret.
struct Problem {
  std::string where;   ///< `propusk.toml:3:1`, `environment PROPUSK_LOG__LEVEL`, `--set`, `default`
  std::string key;     ///< as the operator wrote it; "" for a file that is no TOML
  std::string value;   ///< as in TOML; "" where none was read
  std::string remedy;  ///< what is wrong and what to do, as a sentence
  [[nodiscard]] std::string to_string() const;
};

/// What load() made, and for each key (in the order of keys()) where its value came from.
struct Loaded {
  Settings settings;
  std::vector<std::string> origins;
};

/// What could be read, and everything that is wrong with it.
struct Reading {
  Loaded loaded;  ///< a value that is wrong by itself is left at what it was before; one that does not fit the others
                  ///< stays
  std::vector<Problem> problems;
};
/// Flags win over the environment, the environment over the file, the file over the defaults.
Reading read(const Sources& sources);
/// read(), where a problem is reason enough to use nothing.
std::expected<Loaded, std::vector<Problem>> load(const Sources& sources);

/// One effective value, as `config print` shows it. Secrets are redacted.
struct Effective {
  std::string_view key;
  std::string value;
  std::string origin;
};
/// Every key in the order of keys(); derived defaults are shown as what they come to.
std::vector<Effective> effective_values(const Loaded& loaded);

/// docs/reference/configuration.md: every key with type, default, bounds and meaning.
std::string reference();

}  // namespace propusk::config
