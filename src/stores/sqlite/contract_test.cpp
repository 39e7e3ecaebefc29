// SQLite keeps the contract of every store.
#include "stores/contract/store_contract.hpp"
#include "stores/sqlite/store.hpp"

namespace propusk::stores::testing {

static StoreKind sqlite_kind() {
  return {"sqlite", [](const std::filesystem::path& directory, core::EffectSink& effects, const Clock& clock, Random&) {
            return sqlite::open_store({.directory = directory}, effects, clock);
          }};
}
INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Values(sqlite_kind()), name_of);

}  // namespace propusk::stores::testing
