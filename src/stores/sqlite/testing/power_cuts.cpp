// The ledger is what the clients were told; the verdict compares it with what the disk holds.
#include "stores/sqlite/testing/power_cuts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <random>
#include <set>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/sql/transaction.hpp"
#include "stores/sqlite/store.hpp"
#include "stores/sqlite/testing/power_cut_vfs.hpp"

namespace propusk::sqlite::testing {
namespace {
using propusk::testing::FakeClock;
using stores::testing::TemporaryDirectory;

constexpr std::int64_t submitters = 8;
constexpr std::uint64_t operations = 4000;  // about 80 commits and, at 60 pages, 30 checkpoints

struct Unheard final : core::EffectSink {
  [[nodiscard]] core::EffectTicket ticket() const override { return {}; }
  void apply(const core::EffectTicket&, const core::Effects&) override {}
  void forget_everything() override {}
  void believe_until(Deadline, const Clock&) override {}
  void apply(const core::Effects&) override {}
  void forget(const core::Effects&) override {}
};

/// What the clients were told.
struct Ledger {
  std::set<core::AccountId> opened;
  std::set<core::AccountId> signed_out;
};

Digest digest_of(core::AccountId id) { return sha256("session of " + std::to_string(static_cast<std::int64_t>(id))); }

core::Account account(core::AccountId id) {
  const std::string name = "account-" + std::to_string(static_cast<std::int64_t>(id));
  core::Account account;
  account.id = id;
  account.username = account.username_key = name;
  account.password_hash = "hash";
  return account;
}

struct SignUp {
  core::AccountId id;
  core::Result<> operator()(core::Transaction& transaction) const {
    if (transaction.accounts().insert(account(id)) != core::Inserted::yes)
      return core::refuse(core::Refusal::username_taken);
    transaction.credentials().insert(
        {.digest = digest_of(id), .account = id, .epoch = 1, .prefix = "", .label = "load"});
    return {};
  }
};
struct SignOut {
  core::AccountId id;
  core::Result<> operator()(core::Transaction& transaction) const {
    transaction.credentials().erase(digest_of(id));
    return {};
  }
};

Task<void> submit(core::Store& store, const Clock& clock, std::int64_t first, Ledger& ledger) {
  try {
    for (std::int64_t n = first;; n += submitters) {
      const core::AccountId id{n}, before{n - submitters};
      if (co_await store.write(SignUp{id}, clock.monotonic() + seconds{30})) ledger.opened.insert(id);
      if (n == first) continue;
      if (co_await store.write(SignOut{before}, clock.monotonic() + seconds{30})) ledger.signed_out.insert(before);
    }
  } catch (const Outage&) {  // the power is gone
  }
}

Ledger load_until_the_cut(PowerCutVfs& disk, const PowerCuts& wanted, std::uint64_t operation) {
  TemporaryDirectory directory;
  FakeClock clock;
  Unheard nobody;
  Ledger ledger;
  boost::asio::io_context io(1);
  SqliteStore store({.directory = directory.path(),
                     .checkpoint_pages = 60,
                     .wal_limit_pages = 240,
                     .vfs = disk.name(),
                     .synchronous = wanted.synchronous},
                    nobody, clock);
  disk.cut_after(operation);
  for (std::int64_t first = 1; first <= submitters; ++first)
    boost::asio::co_spawn(io, submit(store, clock, first, ledger), boost::asio::detached);
  io.run();
  return ledger;
}

std::uint64_t lost(Connection& survivor, const Ledger& ledger) {
  std::uint64_t lost = 0;
  sql::Transaction transaction(survivor);
  for (const auto id : ledger.opened) {
    const core::AccountId next{static_cast<std::int64_t>(id) + submitters};
    const bool was_asked_to_sign_out = ledger.opened.contains(next);  // perhaps without an answer: then both are right
    lost +=
        !transaction.accounts().find(id) || (!was_asked_to_sign_out && !transaction.credentials().find(digest_of(id)));
  }
  for (const auto id : ledger.signed_out) lost += transaction.credentials().find(digest_of(id)).has_value();
  return lost;
}

void judge(PowerCutVfs& disk, const Ledger& ledger, PowerCutReport& report) {
  TemporaryDirectory directory;
  disk.write_survivors(directory.path());
  ++report.cuts;
  report.acknowledged += ledger.opened.size() + ledger.signed_out.size();
  try {
    Connection survivor({.file = directory.path() / "propusk.db", .vfs = ""});
    auto check = survivor.query("PRAGMA integrity_check", {});
    if (!check.next() || check.row().text(0) != "ok") ++report.unreadable;
    report.lost += lost(survivor, ledger);
  } catch (const Outage&) {
    ++report.unreadable;
    report.lost += ledger.opened.size() + ledger.signed_out.size();
  }
}
}  // namespace

PowerCutReport power_cuts(const PowerCuts& wanted) {
  PowerCutReport report;
  std::mt19937_64 chance(wanted.seed);
  for (unsigned i = 0; i < wanted.cuts; ++i) {
    PowerCutVfs disk(chance());
    const Ledger ledger = load_until_the_cut(disk, wanted, 1 + chance() % operations);
    judge(disk, ledger, report);
  }
  return report;
}

}  // namespace propusk::sqlite::testing
