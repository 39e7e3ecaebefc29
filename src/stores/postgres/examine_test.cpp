// A server that is away, read-only, careless or of another time, as the doctor sees it.
#include "stores/postgres/examine.hpp"

#include <gmock/gmock.h>

#include "base/testing/fake_clock.hpp"
#include "platform/system_clock.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/postgres/store.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::postgres {
namespace {
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using testing::TestDatabase;

MATCHER_P3(Says, severity, what, fix, "") {
  return arg.severity == severity && arg.what.contains(what) && arg.fix.contains(fix) &&
         (severity == Severity::ok || !arg.fix.empty());
}

class PostgresExamine : public ::testing::Test {
 protected:
  void migrate() {
    stores::testing::EffectLog effects;
    propusk::testing::SeededRandom random;
    const PostgresStore store({.url = database_.url(), .connections = 2}, effects, clock_, random);
  }
  Findings findings(std::size_t connections = 8) { return examine(database_.url(), connections, clock_).findings; }

  TestDatabase database_{testing::Schema::none};
  platform::SystemClock clock_;
};

TEST_F(PostgresExamine, AnEmptyDatabaseIsFineAndStaysEmpty) {
  EXPECT_THAT(findings(), Contains(Says(Severity::ok, "the next start brings", "")));
  EXPECT_EQ(database_.as_superuser("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
}

TEST_F(PostgresExamine, ADatabaseOfThisVersionIsFineAndTellsItsKeys) {
  migrate();
  database_.as_superuser("INSERT INTO signing_keys VALUES ('kid', 'ES256', '\\x00ff', 10, 20, NULL)");
  const auto seen = examine(database_.url(), 8, clock_);
  EXPECT_THAT(seen.findings, Contains(Says(Severity::ok, "the schema is that of this binary", "")));
  ASSERT_TRUE(seen.signing_keys);
  ASSERT_EQ(seen.signing_keys->size(), 1u);
  const core::SigningKey& key = seen.signing_keys->front();
  EXPECT_EQ(key.kid, "kid");
  EXPECT_EQ(key.algorithm, core::SigningAlgorithm::es256);
  EXPECT_EQ(key.sealed, std::string("\x00\xff", 2));
}

TEST_F(PostgresExamine, ANewerDatabaseIsFound) {
  migrate();
  database_.as_superuser("INSERT INTO schema_migrations VALUES ('9999_later', '\\x00', 0)");
  EXPECT_THAT(findings(), Contains(Says(Severity::error, "9999_later", "run the newer propusk")));
}

TEST_F(PostgresExamine, AServerThatIsAwayIsFound) {
  const auto seen = examine("postgresql://propusk@127.0.0.1:1/propusk", 8, clock_);
  EXPECT_THAT(seen.findings, ElementsAre(Says(Severity::error, "cannot be worked with", "see that the server runs")));
}

TEST_F(PostgresExamine, AUrlThatIsNoneIsFoundAndItsPasswordNotShown) {
  const auto seen = examine("postgresql://propusk:s3cret@[::1/propusk", 8, clock_);
  EXPECT_THAT(seen.findings, ElementsAre(Says(Severity::error, "no URL of libpq", "postgresql://USER@HOST/DATABASE")));
  EXPECT_FALSE(seen.findings.at(0).what.contains("s3cret"));
}

TEST_F(PostgresExamine, AServerThatTakesNoWritesIsFound) {
  const std::string name = database_.as_superuser("SELECT current_database()");
  database_.as_superuser("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
  EXPECT_THAT(findings(), ElementsAre(Says(Severity::error, "read-only", "takes writes")));
}

TEST_F(PostgresExamine, TooFewConnectionsAreFound) {
  const std::string name = database_.as_superuser("SELECT current_database()");
  EXPECT_THAT(findings(), Not(Contains(Says(Severity::error, "one node opens", ""))));
  EXPECT_THAT(findings(1'000), Contains(Says(Severity::error, "max_connections", "store.connections")));
  database_.as_superuser("ALTER DATABASE " + name + " CONNECTION LIMIT 8");
  EXPECT_THAT(findings(), Contains(Says(Severity::error, "of the database is 8, and one node opens 9", "raise it")));
}

TEST_F(PostgresExamine, ACarelessServerIsFound) {  // as that of the tests is, which keeps nothing
  if (database_.as_superuser("SHOW fsync") != "off") GTEST_SKIP() << "this cluster is a durable one";
  EXPECT_THAT(findings(), Contains(Says(Severity::error, "fsync is off", "fsync = on")));
  EXPECT_THAT(findings(), Contains(Says(Severity::error, "full_page_writes is off", "full_page_writes = on")));
}

TEST_F(PostgresExamine, AnotherTimeIsFound) {
  EXPECT_THAT(findings(), Not(Contains(Says(Severity::error, "the clock of", ""))));
  const propusk::testing::FakeClock elsewhere;  // in the first second of 2026
  EXPECT_THAT(examine(database_.url(), 8, elsewhere).findings,
              Contains(Says(Severity::error, "the clock of the database server", "timedatectl")));
}

}  // namespace
}  // namespace propusk::postgres
