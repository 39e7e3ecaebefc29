// Foundations: what the server and a direct command both stand on: the data directory, the store and the hashing pool.
#pragma once
#include <memory>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "config/settings.hpp"
#include "core/admin/administration.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/sessions/live_credentials.hpp"
#include "platform/hashing_pool.hpp"
#include "platform/log.hpp"
#include "stores/data_directory.hpp"
#include "stores/open.hpp"

namespace propusk::cli {

/// Members are built in this order and end in the reverse one. Whoever waits on them runs on an io_context that
/// outlives this.
struct Foundations {
  /// `directory` is owned by this process. Throws Outage with a sentence for the operator.
  Foundations(const config::Settings& settings, stores::DataDirectory directory, platform::Log& log, const Clock& clock,
              Random& random);
  ~Foundations();

  [[nodiscard]] core::AdministrationDeps administration() {
    return {.store = *store, .hasher = hasher, .clock = clock, .random = random, .policy = policy};
  }

  const Clock& clock;
  Random& random;
  stores::DataDirectory directory;
  core::PasswordPolicy policy;
  core::LiveCredentials live;
  std::unique_ptr<stores::OperatedStore> store;
  platform::HashingPool hasher;
};

}  // namespace propusk::cli
