// examine(): what is wrong with a database, found without changing it and beside a running server.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/finding.hpp"
#include "core/keys/signing_key.hpp"

namespace propusk::stores {

struct ExamineOptions {
  std::filesystem::path file;   ///< of the embedded database
  std::string url;              ///< postgresql://…; empty: the embedded database
  std::size_t connections = 8;  ///< to a database server, besides the one that listens
};

struct Examination {
  Findings findings;
  /// Of their rows kid, algorithm and the sealed key; nothing where they could not be read.
  std::optional<std::vector<core::SigningKey>> signing_keys{};
};

/// Never throws an Outage: what cannot be looked at is a finding.
Examination examine(const ExamineOptions& options, const Clock& clock);

}  // namespace propusk::stores
