// power_cuts(): cuts the power at random points of a write load and counts the acknowledged writes that are gone.
#pragma once
#include <cstdint>

#include "stores/sqlite/connection.hpp"

namespace propusk::sqlite::testing {

struct PowerCuts {
  unsigned cuts = 10;
  Synchronous synchronous = Synchronous::full;
  std::uint64_t seed = 1;
};
struct PowerCutReport {
  unsigned cuts = 0;
  std::uint64_t acknowledged = 0;  ///< writes answered with success before their cut
  std::uint64_t lost = 0;          ///< of these, how many the reopened database does not show
  unsigned unreadable = 0;         ///< databases that did not open or failed SQLite's integrity check
};

/// Per cut: a new store on a PowerCutVfs; eight coroutines open an account with a credential and end the one before;
/// the power goes at a random write or sync, checkpoints included; what survived is opened as the next start would.
PowerCutReport power_cuts(const PowerCuts& wanted);

}  // namespace propusk::sqlite::testing
