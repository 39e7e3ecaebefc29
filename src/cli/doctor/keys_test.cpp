// Sealing keys that are lost, open, or another's, and databases that are none of ours.
#include <sqlite3.h>

#include "base/testing/run_task.hpp"
#include "cli/doctor/testing/seeding.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/jose/key_ring.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/open.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::ElementsAre;
namespace fs = std::filesystem;

class SeedingKeys : public Seeding {
 protected:
  /// A data directory as a server leaves it: a database with a signing key in it, and the key that sealed it.
  SeedingKeys() {
    make_data_directory();
    platform::JoseKeyRing ring(platform::open_key_file(sealing_key(), random_), random_);
    const auto key = ring.make(core::SigningAlgorithm::hs256, clock_.now(), clock_.now());
    stores::testing::EffectLog ignored;
    stores::OpenOptions options;
    options.directory = data();
    options.file = data() / "propusk.db";
    const auto store = stores::open(std::move(options), ignored, clock_, random_);
    auto insert = [&key](core::Transaction& transaction) -> core::Result<bool> {
      transaction.keys().insert(key);
      return true;
    };
    EXPECT_TRUE(propusk::testing::run(store->write(insert, clock_.monotonic() + seconds{10})));
  }
  [[nodiscard]] fs::path sealing_key() const { return data() / "keys" / "sealing.key"; }
  void run_sql(const char* text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((data() / "propusk.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
};

TEST_F(SeedingKeys, TheKeyThatSealedThemIsFine) {
  EXPECT_THAT(about("keys"), ElementsAre(Says(Severity::ok, "opens every signing key", "")));
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::ok, "schema is that of this binary", "")));
}

TEST_F(SeedingKeys, ALostKeyIsFound) {
  fs::remove(sealing_key());
  EXPECT_THAT(about("keys"), ElementsAre(Says(Severity::error, "is lost", "from a backup")));
  EXPECT_FALSE(fs::exists(sealing_key())) << "nothing is made";
}

TEST_F(SeedingKeys, AKeyThatOthersReadIsFound) {
  ::chmod(sealing_key().c_str(), 0640);
  EXPECT_THAT(about("keys"), ElementsAre(Says(Severity::error, "by others than its owner", "chmod 600 ")));
}

TEST_F(SeedingKeys, AnotherKeyIsFound) {
  fs::remove(sealing_key());
  platform::open_key_file(sealing_key(), random_);
  EXPECT_THAT(about("keys"), ElementsAre(Says(Severity::error, "is not the key that sealed", "from another node")));
}

TEST_F(SeedingKeys, WhatIsNoKeyIsFound) {
  std::ofstream(sealing_key()) << "0123";
  EXPECT_THAT(about("keys"), ElementsAre(Says(Severity::error, "something else than 64 hex digits", "backup")));
}

TEST_F(SeedingKeys, ADatabaseOfANewerVersionIsFound) {
  run_sql("INSERT INTO schema_migrations VALUES ('9999_later', X'00', 0)");
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::error, "9999_later", "run the newer propusk")));
}

TEST_F(SeedingKeys, AMigrationOfAnotherTextIsFound) {
  run_sql("UPDATE schema_migrations SET sha256 = X'00' WHERE name = '0002_mail'");
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::error, "0002_mail", "that made this database")));
}

TEST_F(SeedingKeys, AnOlderDatabaseIsFine) {
  run_sql("DELETE FROM schema_migrations WHERE name > '0005'");
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::ok, "the next start brings", "")));
}

TEST_F(SeedingKeys, WhatIsNoDatabaseOfOursIsFound) {
  set("store.url=sqlite:" + file("text?#%.db", std::string(4096, 'x')));
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::error, "cannot be read (file is not a database)", "backup")));
  set("store.url=sqlite:other.db");
  fs::copy(data() / "propusk.db", data() / "other.db");
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((data() / "other.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "DROP TABLE schema_migrations", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  EXPECT_THAT(about("store"), ElementsAre(Says(Severity::error, "not propusk's", "store.url")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
