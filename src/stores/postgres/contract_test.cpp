// PostgreSQL keeps the contract of every store.
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"
#include "stores/postgres/store.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::stores::testing {

static StoreKind postgres_kind() {
  static std::unique_ptr<postgres::testing::ReusedDatabase> database;  // of the test that runs
  return {
      .name = "postgres",
      .open =
          [](const std::filesystem::path&, core::EffectSink& effects, const Clock& clock, Random& random) {
            if (!database) database = std::make_unique<postgres::testing::ReusedDatabase>();
            return std::make_unique<postgres::PostgresStore>(
                postgres::Options{.url = database->url(), .connections = 4, .statement_timeout = busy_machine_patience},
                effects, clock, random);
          },
      .drop = [] { database.reset(); }};
}
INSTANTIATE_TEST_SUITE_P(PostgresStores, StoreContract, ::testing::Values(postgres_kind()), name_of);

}  // namespace propusk::stores::testing
