// A backup is older than the endings since: what they ended would live again, so it ends here once more.
#include "stores/copy/restore.hpp"

#include "stores/sql/audit.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::copy {
namespace {
// Nobody's credentials are ended more often between a backup and its restoration: no epoch of that time comes again. A
// second restoration of one backup leads to the epochs of the first, whose rows and signing keys it ends.
constexpr std::int64_t epochs_ahead = 1'000'000;

std::int64_t count(Side& side, sql::Sql question) {
  side.be_patient();
  auto rows = side.connection().query(question, {});
  return rows.next() ? rows.row().integer(0) : 0;
}

void require_sums(const Archive& archive, const std::vector<Sum>& read, const Selection& selection) {
  const std::vector<Sum> wanted = archive.sums();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (selection.takes(tables()[i])) require_sum(archive.file(), tables()[i], read[i], wanted[i]);
}

/// Most of them were sent since; their links have another epoch now.
std::int64_t cancel_mails(sql::Connection& connection, Instant now) {
  return static_cast<std::int64_t>(
      connection.run("UPDATE mails SET state = 'cancelled', settled_at = $1, leased_until = NULL, "
                     "last_answer = 'the store was restored from a backup' WHERE settled_at IS NULL",
                     {sql::value(now)}));
}
}  // namespace

Worth worth_of(Side& store) {
  return {.accounts = count(store, "SELECT count(*) FROM accounts"),
          .clients = count(store, "SELECT count(*) FROM clients")};
}

RestoreReport restore(const Archive& archive, Side& from, Side& into, const Restoration& restoration,
                      const Progress& progress) {
  const Selection selection{.with_ended = restoration.keeps_credentials,
                            .epoch_step = restoration.keeps_credentials ? 0 : epochs_ahead};
  RestoreReport report;
  sql::Connection& connection = into.connection();
  into.be_patient();
  connection.begin_write();
  try {
    connection.run_script(clear_tables());
    report.tables = copy_at_once(from, into, selection, progress);
    require_sums(archive, compare(from, into, selection, progress), selection);
    if (!restoration.keeps_credentials) report.cancelled_mails = cancel_mails(connection, restoration.event.at);
    sql::Audit(connection).append(restoration.event);
    into.be_patient();
    connection.commit();
  } catch (...) {
    connection.rollback();
    throw;
  }
  into.finish();
  for (std::size_t i = 0; i < tables().size(); ++i)
    if (!selection.takes(tables()[i])) report.tables[i].found = count(from, tables()[i].count);
  return report;
}

}  // namespace propusk::copy
