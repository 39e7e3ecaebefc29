// The TOML document as a flat list of written values; everything that is no value of a known key is a problem.
#pragma once
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/schema.hpp"

namespace propusk::config {

/// One value as it was written for a known key.
struct Written {
  const Key* key;
  std::string text;   ///< for assign()
  std::string where;  ///< for problems and origins
};

/// The values of `file`. Appends to `problems`: no TOML at all, an unknown key (naming the nearest), a value of another
/// form than its key's; each with file:line:column.
std::vector<Written> read_toml(const File& file, std::vector<Problem>& problems);

/// The problem of a name that is no key.
Problem unknown_key(std::string where, std::string written, const Key& nearest, std::string_view nearest_spelled);

}  // namespace propusk::config
