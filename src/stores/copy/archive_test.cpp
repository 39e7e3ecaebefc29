// Backups: whole or refused, and restored with everything ended that could let somebody in.
#include "stores/copy/archive.hpp"

#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstddef>
#include <fstream>
#include <thread>

#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/copy/restore.hpp"
#include "stores/copy/testing/filled_store.hpp"
#include "stores/copy/unfinished.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/testing/test_database.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/connection.hpp"

namespace propusk::copy {
namespace {
using namespace testing;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

const Progress unwatched = [](std::string_view, std::int64_t) {};

class PostgresArchive : public ::testing::Test {
 protected:
  PostgresArchive() {
    const auto store = place.open(File::written, clock);
    fill(*store, 100, clock);
  }
  [[nodiscard]] ArchiveFacts facts() const { return {.made_at = clock.now(), .version = "1.2.3"}; }
  void make(const ArchiveFacts& about) { make_archive(place, backup, about, clock, unwatched); }
  [[nodiscard]] std::string why_not(const fs::path& file) const {
    try {
      Archive(file).verify(unwatched);
      return "";
    } catch (const Outage& outage) {
      return outage.cause();
    }
  }
  std::unique_ptr<Side> empty(const char* name) {
    auto side = open_sqlite(directory.path() / name, File::written);
    sql::migrate(side->connection(), sql::all_migrations(), clock.now());
    return side;
  }
  [[nodiscard]] Restoration restoration(bool keeps) const {
    return {.keeps_credentials = keeps,
            .event = {.id = 1,
                      .at = clock.now(),
                      .action = core::AuditAction::store_restored,
                      .account = {},
                      .actor = "operator uid 0",
                      .detail = ""}};
  }
  RestoreReport restore_into(Side& into, bool keeps, const Progress& progress = unwatched) {
    const Archive archive(backup);
    const auto from = archive.rows(directory.path() / "scratch", clock.now());
    return restore(archive, *from, into, restoration(keeps), progress);
  }
  /// A backup that the schema of five migrations had, with an event in it; `events` is what it says of that.
  void make_old(int events) const;
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory.path()), {}));
  }
  void expect_all_ended(Side& into, const RestoreReport& report);

  const propusk::testing::FakeClock clock;
  const stores::testing::TemporaryDirectory directory;
  const Place place{.file = directory.path() / "propusk.db"};
  const fs::path backup = directory.path() / "monday.propusk";
};

TEST_F(PostgresArchive, OneFileHoldsEverythingAndIsItsOwnersAlone) {
  make({.made_at = instant(5), .version = "1.2.3", .sealing_key = Secret<>(std::string("k\0y", 3))});

  Archive archive(backup);
  EXPECT_EQ(archive.verify(unwatched).at(0).rows, 100);
  EXPECT_EQ(archive.facts().made_at, instant(5));
  EXPECT_EQ(archive.facts().version, "1.2.3");
  EXPECT_EQ(archive.facts().sealing_key->reveal(), std::string("k\0y", 3));
  const auto store = place.open(File::read, clock), rows = archive.rows(directory.path() / "scratch", clock.now());
  EXPECT_NO_THROW(compare(*store, *rows, {}, unwatched));
  struct stat found{};
  ASSERT_EQ(::stat(backup.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0600U);
  for (const auto& each : fs::directory_iterator(directory.path()))
    EXPECT_TRUE(each.path() == backup || each.path().string().starts_with(place.file.string())) << each.path();
}

TEST_F(PostgresArchive, AServersRowsAreOneFileToo) {
  const postgres::testing::TestDatabase database;
  const Place there{.file = {}, .url = database.url()};
  const auto side = there.open(File::written, clock);
  fill(*side, 100, clock);

  make_archive(there, backup, facts(), clock, unwatched);

  EXPECT_EQ(why_not(backup), "");
  const auto rows = Archive(backup).rows(directory.path() / "scratch", clock.now());
  EXPECT_NO_THROW(compare(*side, *rows, {}, unwatched));
}

TEST_F(PostgresArchive, WhatStandsThereIsNotOverwritten) {
  std::ofstream(backup) << "precious";

  EXPECT_THROW(make(facts()), Outage);

  EXPECT_EQ(fs::file_size(backup), 8U);
}

TEST_F(PostgresArchive, TwoToOneNameLeaveEachOtherAlone) {
  const std::size_t before = files();
  struct Cut {};
  const auto second = [&](const Progress& progress) { make_archive(place, backup, facts(), clock, progress); };
  bool is_first = true;
  make_archive(place, backup, facts(), clock, [&](std::string_view, std::int64_t) {
    if (!std::exchange(is_first, false)) return;
    EXPECT_THROW(second([](std::string_view, std::int64_t) { throw Cut{}; }), Cut);
  });
  EXPECT_EQ(why_not(backup), "");

  fs::remove(backup);
  is_first = true;
  const auto meanwhile = [&](std::string_view, std::int64_t) {
    if (std::exchange(is_first, false)) second(unwatched);
  };
  EXPECT_THROW(make_archive(place, backup, facts(), clock, meanwhile), Outage);
  EXPECT_EQ(why_not(backup), "") << "the second was faster";
  EXPECT_EQ(files(), before + 1);
}

/// From now on this thread meets a file system that knows no RENAME_NOREPLACE, as NFS.
void rename_as_on_nfs() {
  sock_filter steps[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 1),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog program{.len = std::size(steps), .filter = steps};
  ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

TEST_F(PostgresArchive, AFileSystemThatCannotRenameOverNothingWillDo) {
  const std::size_t before = files();
  std::thread([this] {
    rename_as_on_nfs();
    EXPECT_NO_THROW(make(facts()));
    const auto over_the_first = [&](std::string_view, std::int64_t) {
      if (!fs::exists(backup)) std::ofstream(backup) << "precious";
    };
    std::error_code missing;
    fs::rename(backup, directory.path() / "tuesday.propusk", missing);
    EXPECT_THROW(make_archive(place, backup, facts(), clock, over_the_first), Outage);
  }).join();

  EXPECT_EQ(why_not(directory.path() / "tuesday.propusk"), "");
  EXPECT_EQ(fs::file_size(backup), 8U);
  EXPECT_EQ(files(), before + 2);
}

TEST_F(PostgresArchive, AByteThatWasChangedIsFoundOut) {
  make(facts());
  ASSERT_EQ(why_not(backup), "");
  {
    sqlite::Connection other({.file = backup});
    other.run_script("UPDATE accounts SET phone = '+7 901' WHERE id = 1000003");
    other.checkpoint_and_restart(true);
  }
  EXPECT_THAT(why_not(backup), HasSubstr("rows of accounts were changed"));
  {
    sqlite::Connection other({.file = backup});
    other.run_script("DELETE FROM consents");
    other.checkpoint_and_restart(true);
  }
  EXPECT_THAT(why_not(backup), HasSubstr("damaged"));
}

TEST_F(PostgresArchive, AChangedBackupIsNotRestored) {
  make(facts());
  const auto into = empty("into.db");
  fill(*into, 3, clock);
  {
    sqlite::Connection other({.file = backup});
    other.run_script("UPDATE accounts SET epoch = epoch + 1 WHERE id = 1000003");
    other.checkpoint_and_restart(true);
  }
  try {
    restore_into(*into, false);
    FAIL();
  } catch (const Outage& outage) {
    EXPECT_THAT(outage.cause(), HasSubstr("rows of accounts were changed"));
  }
  EXPECT_EQ(rows_of(*into, "accounts"), 3);
}

TEST_F(PostgresArchive, APageThatWasTornIsFoundOut) {
  make(facts());
  {
    std::fstream file(backup, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(backup) / 2));
    file << std::string(4096, 'x');
  }
  EXPECT_NE(why_not(backup), "");
}

TEST_F(PostgresArchive, WhatIsNoBackupIsRefused) {
  EXPECT_THAT(why_not(directory.path() / "nothing"), HasSubstr("is not there"));
  EXPECT_THAT(why_not(place.file), HasSubstr("is no backup of propusk"));
  std::ofstream(backup) << "no database";
  EXPECT_THAT(why_not(backup), HasSubstr("is no backup of propusk"));
}

void PostgresArchive::make_old(int events) const {
  sqlite::Connection old({.file = backup});
  sql::migrate(old, sql::all_migrations().first(5), clock.now());
  old.run_script(
      "INSERT INTO audit_events VALUES (1, 1, 'signed_in', NULL, '', '');"
      "CREATE TABLE backup (made_at BIGINT, version TEXT, sealing_key BYTEA);"
      "INSERT INTO backup VALUES (1, '0.0.9', NULL);"
      "CREATE TABLE backup_tables (name TEXT, row_count BIGINT, digest BYTEA)");
  old.run("INSERT INTO backup_tables VALUES ('audit_events', $1, zeroblob(32))", {std::int64_t{events}});
  auto mode = old.query("PRAGMA journal_mode = DELETE", {});
  while (mode.next()) {
  }
}

TEST_F(PostgresArchive, ARowThatABackupOfAnOlderVersionLacksIsFoundOut) {
  make_old(2);
  const auto into = empty("into.db");

  EXPECT_THAT(why_not(backup), HasSubstr("audit_events has 1 rows instead of 2"));
  EXPECT_THROW(restore_into(*into, true), Outage);
}

TEST_F(PostgresArchive, ABackupOfAnOlderVersionIsBroughtUpToDateBesideIt) {
  make_old(1);
  EXPECT_EQ(why_not(backup), "");
  EXPECT_FALSE(Archive(backup).knows_contents());
  const auto into = empty("into.db");

  restore_into(*into, true);

  EXPECT_EQ(rows_of(*into, "audit_events"), 2);
  EXPECT_TRUE(fs::exists(directory.path() / "scratch"));
}

void PostgresArchive::expect_all_ended(Side& into, const RestoreReport& report) {
  std::vector<std::string_view> ended;
  for (std::size_t i = 0; i < tables().size(); ++i) {
    const bool is_ended = report.tables[i].rows == 0;
    if (is_ended) ended.push_back(tables()[i].name);
    const std::int64_t events_more = tables()[i].name == "audit_events" ? 1 : 0;
    EXPECT_GT(is_ended ? report.tables[i].found : report.tables[i].rows, 0) << tables()[i].name;
    EXPECT_EQ(rows_of(into, tables()[i].name), report.tables[i].rows + events_more);
  }
  EXPECT_THAT(ended, ::testing::ElementsAre("credentials", "refresh_chains", "links", "authorization_codes", "consents",
                                            "client_tokens", "signing_keys", "mail_requests"));
  EXPECT_EQ(number(into, "SELECT epoch FROM accounts WHERE id = 1000003"), 1'000'003 % 7 + 1 + 1'000'000);
  EXPECT_EQ(number(into, "SELECT min(epoch) FROM accounts"), 1'000'001);
  EXPECT_EQ(number(into, "SELECT epoch FROM clients"), 1'000'003);
  EXPECT_EQ(report.cancelled_mails, 1);
  sql::Transaction transaction(into.connection());
  const auto mail = transaction.outbox().find(core::MailId{5});
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->state, core::MailState::cancelled);
  EXPECT_EQ(mail->settled_at, clock.now());
  EXPECT_EQ(transaction.outbox().find(core::MailId{6})->state, core::MailState::sent);
  const auto events = transaction.audit().list(std::nullopt, 1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].action, core::AuditAction::store_restored);
}

TEST_F(PostgresArchive, RestoredInAFileEverythingThatLetsInIsEnded) {
  make(facts());
  const auto into = empty("into.db");

  expect_all_ended(*into, restore_into(*into, false));
}

TEST_F(PostgresArchive, RestoredOnAServerEverythingThatLetsInIsEndedAndItsSchemaIsAsItWas) {
  make(facts());
  const postgres::testing::TestDatabase database;
  const auto into = open_postgres(database.url(), clock);
  fill(*into, 3, clock);
  const auto schema = [&] {
    return database.as_superuser(
        "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (SELECT indexdef FROM pg_indexes WHERE schemaname = "
        "'public' "
        "UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace) AS lines (line)");
  };
  const std::string before = schema();
  ASSERT_THAT(before, ::testing::AllOf(HasSubstr("accounts_email_key"), HasSubstr("credentials_by_account"),
                                       HasSubstr("REFERENCES accounts(id) ON DELETE CASCADE")));

  expect_all_ended(*into, restore_into(*into, false));

  EXPECT_EQ(schema(), before);
}

TEST_F(PostgresArchive, ARestorationThatIsRefusedTakesNoIdBack) {
  make(facts());
  {
    sqlite::Connection other({.file = backup});
    other.run_script("UPDATE accounts SET epoch = epoch + 1 WHERE id = 1000003");
    other.checkpoint_and_restart(true);
  }
  const postgres::testing::TestDatabase database;
  const auto into = open_postgres(database.url(), clock);
  fill(*into, 3, clock);
  ASSERT_EQ(number(*into, "SELECT setval('mail_requests_ids', 900)"), 900);

  EXPECT_THROW(restore_into(*into, false), Outage);

  EXPECT_GT(number(*into, "SELECT nextval('mail_requests_ids')"), 900);
}

TEST_F(PostgresArchive, RowsThatBreakTheSchemaAreNotRestored) {
  {
    sqlite::Connection store({.file = place.file});
    store.run_script("PRAGMA foreign_keys = OFF; UPDATE consents SET account = 5");
  }
  make(facts());
  const postgres::testing::TestDatabase database;
  auto into = open_postgres(database.url(), clock);
  fill(*into, 3, clock);

  EXPECT_THROW(restore_into(*into, true), Outage);

  into = nullptr;
  into = open_postgres(database.url(), clock);
  EXPECT_EQ(rows_of(*into, "accounts"), 3);
  EXPECT_THAT(why_not(backup), HasSubstr("a row of consents belongs to no row"));
}

TEST_F(PostgresArchive, WithKeptCredentialsItIsAsItWas) {
  make(facts());
  const auto into = empty("into.db"), store = place.open(File::read, clock);

  restore_into(*into, true);

  into->connection().run_script("DELETE FROM audit_events WHERE action = 'store_restored'");
  EXPECT_NO_THROW(compare(*store, *into, {}, unwatched));
}

TEST_F(PostgresArchive, CutShortTheStoreIsAsItWas) {
  make(facts());
  const postgres::testing::TestDatabase database;
  for (const bool is_server : {false, true}) {
    const auto into =
        is_server ? open_postgres(database.url(), clock) : open_sqlite(directory.path() / "x.db", File::written);
    fill(*into, 3, clock);
    struct Cut {};
    const Progress cut = [](std::string_view table, std::int64_t) {
      if (table == "social_links") throw Cut{};
    };

    EXPECT_THROW(restore_into(*into, false, cut), Cut);

    EXPECT_EQ(rows_of(*into, "accounts"), 3);
    EXPECT_EQ(rows_of(*into, "credentials"), 3);
    EXPECT_EQ(worth_of(*into).clients, 1);
  }
}

TEST_F(PostgresArchive, HalfOfAStoreIsNotBackedUp) {
  mark_unfinished(place.open(File::written, clock)->connection());

  EXPECT_THROW(make(facts()), Outage);

  EXPECT_FALSE(fs::exists(backup));
}

TEST_F(PostgresArchive, AStoreThatAnOlderVersionLeftIsNotBackedUpByHalf) {
  const Place old{.file = directory.path() / "old.db"};
  {
    sqlite::Connection connection({.file = old.file});
    sql::migrate(connection, sql::all_migrations().first(5), clock.now());
  }
  const std::size_t before = files();
  try {
    make_archive(old, backup, facts(), clock, unwatched);
    FAIL();
  } catch (const Outage& outage) {
    EXPECT_THAT(outage.cause(), HasSubstr("as an older version left it"));
  }
  EXPECT_EQ(files(), before);
}

}  // namespace
}  // namespace propusk::copy
