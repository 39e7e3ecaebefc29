// Installation: what is examined: a configuration as far as it could be read, and where its files are.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace propusk::cli::doctor {

struct Installation {
  config::Reading configuration;
  std::string config_file;  ///< as problems name it; "": there is none
  std::filesystem::path data_directory;

  [[nodiscard]] const config::Settings& settings() const { return configuration.loaded.settings; }
};

/// The host of an origin: without scheme, port and brackets.
std::string host_of(std::string_view origin);
/// Whether an origin leads to the machine that it is followed on.
bool is_of_this_machine(std::string_view origin);
/// Whether others than programs of this machine are served: by the listener itself, or through a proxy in front.
bool serves_others(const config::Settings& settings);
/// config::origin_of() as configured.
std::string origin_of(const config::Settings& settings);

}  // namespace propusk::cli::doctor
