// The connection stays in libpq's pipeline mode: what needs no answer of its own (BEGIN, SAVEPOINT, ROLLBACK) travels
// with the statement after it, so that a statement is one round trip and one system call each way.
#include "stores/postgres/connection.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

namespace propusk::postgres {
namespace {
constexpr const char* connect_seconds = "2";         // per host: libpq's own least
constexpr const char* tcp_user_timeout_ms = "5000";  // a peer that acknowledges nothing is gone
constexpr sql::Sql begin_serializable = "BEGIN ISOLATION LEVEL SERIALIZABLE";
constexpr sql::Sql begin_snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
// PostgreSQL 13 and later. Asked early, so that the number is known when a COMMIT stays without an answer.
constexpr sql::Sql ask_xact_id = "SELECT pg_current_xact_id()::text::bigint";
// A statement_timeout would also end the wait for a synchronous standby, and the server would then answer "committed".
// And commits that notify take turns under a lock, through the flush and that wait.
constexpr sql::Sql commit_has_no_timeout =
    "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)";
// Others behind it in the transaction have waited with it.
constexpr sql::Sql hurry_locks = "SET LOCAL lock_timeout = '5ms'";

// They are for the tables as they were, and would go on to read whole ones that have grown since.
constexpr sql::Sql discard_plans = "DISCARD PLANS";

constexpr sql::Sql savepoint_violation = "SAVEPOINT violation";
constexpr sql::Sql release_violation = "RELEASE violation";
constexpr sql::Sql rollback_to_violation = "ROLLBACK TO violation";
constexpr sql::Sql savepoint_closure = "SAVEPOINT closure";
constexpr sql::Sql release_closure = "RELEASE closure";
constexpr sql::Sql rollback_to_closure = "ROLLBACK TO closure";
constexpr sql::Sql rollback_statement = "ROLLBACK";
constexpr std::string_view unique_violation = "23505";
constexpr std::int64_t longest_poll_ms = 60'000;  // an int takes it, whatever the deadline

std::string_view field(const PGresult* result, int which) {
  const char* text = PQresultErrorField(result, which);
  return text ? text : "";
}
std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

/// Serialization failure and deadlock, query_canceled, lock_not_available.
Failure failure_of(std::string_view state) {
  if (state == "40001" || state == "40P01") return Failure::conflict;
  if (state == "57014") return Failure::timeout;
  return state == "55P03" ? Failure::lock : Failure::other;
}
/// The session is over, or the server is no longer one that takes writes (25006: it was demoted).
bool ends_session(const PGresult* result, std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "25006" || state == "25P03" ||
         field(result, PG_DIAG_SEVERITY_NONLOCALIZED) == "FATAL" ||
         field(result, PG_DIAG_SEVERITY_NONLOCALIZED) == "PANIC";
}

/// Parameters as libpq wants them. Numbers go as text, so that the server may infer any integer type; the rest as
/// bytes.
class Parameters {
 public:
  explicit Parameters(sql::Values values) {
    require(values.size() <= most, "a statement has at most so many placeholders");
    for (const sql::Value& value : values) std::visit([this](const auto& each) { add(each); }, value), ++count_;
  }
  [[nodiscard]] int count() const { return static_cast<int>(count_); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  static constexpr std::size_t most = 32;  // the widest table has 23 columns
  void add(std::nullptr_t) { values_[count_] = nullptr; }
  void add(std::int64_t number) {
    auto& room = digits_[count_];
    *std::to_chars(room.data(), room.data() + room.size() - 1, number).ptr = '\0';
    values_[count_] = room.data();
  }
  void add(std::string_view text) { add_bytes(text.data(), text.size()); }
  void add(std::span<const std::byte> bytes) { add_bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size()); }
  void add_bytes(const char* start, std::size_t size) {
    values_[count_] = start ? start : "";  // a null pointer would be NULL
    lengths_[count_] = static_cast<int>(size);
    formats_[count_] = 1;
  }
  std::size_t count_ = 0;
  std::array<const char*, most> values_{};
  std::array<int, most> lengths_{}, formats_{};
  std::array<std::array<char, 24>, most> digits_;
};

/// Any integer type, in network byte order.
std::int64_t integer_of(const char* start, int length) {
  std::uint64_t bits = length > 0 && (static_cast<unsigned char>(*start) & 0x80U) ? ~std::uint64_t{0} : 0;
  for (int i = 0; i < length; ++i) bits = bits << 8 | static_cast<unsigned char>(start[i]);
  return std::bit_cast<std::int64_t>(bits);
}

std::size_t changed_rows(PGresult* result) {
  const std::string_view text = PQcmdTuples(result);
  std::size_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}
}  // namespace

/// Throws Outage without what libpq says: it quotes the URL, and there may be a password in it.
static void require_readable(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> read(PQconninfoParse(url.c_str(), nullptr),
                                                                            PQconninfoFree);
  if (!read)
    throw Outage("postgresql", "this is no URL as libpq reads it: postgresql://USER@HOST:PORT/DATABASE?KEY=VALUE");
}

void FreeResult::operator()(pg_result* result) const noexcept { PQclear(result); }

bool Statement::next() { return rows_ && ++row_ < PQntuples(rows_.get()); }
bool Statement::is_null(int column) const { return PQgetisnull(rows_.get(), row_, column) != 0; }
std::int64_t Statement::integer(int column) const {
  return integer_of(PQgetvalue(rows_.get(), row_, column), PQgetlength(rows_.get(), row_, column));
}
std::string_view Statement::text(int column) const {
  return {PQgetvalue(rows_.get(), row_, column), static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
}
std::span<const std::byte> Statement::bytes(int column) const { return std::as_bytes(std::span(text(column))); }
void Statement::finish() noexcept {
  rows_.reset();
  row_ = -1;
}

void Connection::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Connection::Connection(ConnectionSettings settings, const Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      deadline_(clock.monotonic() + seconds{10}),
      plans_until_(clock.monotonic() + settings_.plan_life) {
  require_readable(settings_.url);
  const std::string name = "propusk " + settings_.purpose;
  // What stands in the URL comes later and wins.
  const char* const keys[] = {"connect_timeout",
                              "keepalives_idle",
                              "keepalives_interval",
                              "keepalives_count",
                              "tcp_user_timeout",
                              "fallback_application_name",
                              "target_session_attrs",
                              "client_encoding",
                              "dbname",
                              nullptr};
  const char* const values[] = {connect_seconds,       "5",          "2",          "2",
                                tcp_user_timeout_ms,   name.c_str(), "read-write", "UTF8",
                                settings_.url.c_str(), nullptr};
  connection_.reset(PQconnectdbParams(keys, values, 1));
  if (!connection_) throw Outage("postgresql", "there is no memory for a connection");
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw Outage("postgresql", std::string(first_line(PQerrorMessage(connection_.get()))));
  PQsetNoticeReceiver(
      connection_.get(),
      [](void* self, const PGresult* notice) {
        if (field(notice, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING")
          static_cast<Connection*>(self)->was_warned_ = true;
      },
      this);
  set_up_session();
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1)
    lose("libpq does not enter pipeline mode");
}

Connection::~Connection() = default;

void Connection::set_up_session() {
  // A sequential scan would lock its whole table against serializable writes (PostgreSQL 15, section 13.2.3).
  run_simple(fmt::format("SET statement_timeout = {}; SET lock_timeout = {}; SET enable_seqscan = off; SET jit = off;"
                         "SET idle_in_transaction_session_timeout = 10000;"
                         "SET default_transaction_isolation = 'read committed'; SET plan_cache_mode = {};"
                         "SELECT set_config('synchronous_commit', 'on', false) "
                         "WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')",
                         settings_.statement_timeout.count(), settings_.lock_timeout.count(),
                         settings_.plan_life > seconds{0} ? "force_generic_plan" : "auto")
                 .c_str());
}

// --- statements ------------------------------------------------------------------------------------------------------

Statement& Connection::known(sql::Sql sql) {
  auto [at, is_new] = statements_.try_emplace(sql.postgres());
  if (is_new) at->second.name_ = fmt::format("s{}", statements_.size());
  return at->second;
}

Connection::Sent Connection::send(sql::Sql sql, sql::Values values) {
  const Parameters parameters(values);
  Statement& statement = known(sql);
  const char* name = statement.name_.c_str();
  const bool has_preparation = !std::exchange(statement.is_prepared_, true);
  const bool is_sent = (!has_preparation || PQsendPrepare(connection_.get(), name, sql.postgres(), 0, nullptr)) &&
                       PQsendQueryPrepared(connection_.get(), name, parameters.count(), parameters.values(),
                                           parameters.lengths(), parameters.formats(), 1);
  if (!is_sent) lose(PQerrorMessage(connection_.get()));
  return {&statement, has_preparation};
}

/// What was deferred, the statement, and what stands behind it, in one go. After the first failure the server skips the
/// rest.
Connection::Reply Connection::round_trip(sql::Sql sql, sql::Values values, Behind behind) {
  if (is_lost_) throw Outage("postgresql", "the connection was lost");
  if (settings_.plan_life > seconds{0} && clock_.monotonic() >= plans_until_) {
    plans_until_ = clock_.monotonic() + settings_.plan_life;
    deferred_.insert(deferred_.begin(), discard_plans);
  }
  const std::vector<sql::Sql> before = std::exchange(deferred_, {});
  if (std::exchange(will_begin_, false)) is_open_ = true;
  std::vector<Sent> sent;
  for (const sql::Sql each : before) sent.push_back(send(each, {}));
  const Sent wanted = send(sql, values);
  std::optional<Sent> last;
  if (behind == Behind::release) last = send(release_violation, {});
  if (PQpipelineSync(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
  flush();
  discard_outstanding();
  Reply reply;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Result answer = answer_of(sent[i], reply.failed);
    if (before[i].postgres() == ask_xact_id.postgres() && answer)
      xact_id_ = integer_of(PQgetvalue(answer.get(), 0, 0), PQgetlength(answer.get(), 0, 0));
  }
  reply.answer = answer_of(wanted, reply.failed);
  if (last) answer_of(*last, reply.failed);
  read_sync();
  return reply;
}

/// The answer to a statement that was sent; nothing if it failed or was skipped. The first failure goes into `failed`.
Result Connection::answer_of(const Sent& sent, Result& failed) {
  const auto take = [&](Result result) -> Result {
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK: return result;
      case PGRES_PIPELINE_ABORTED: return {};
      default:
        if (!failed) failed = std::move(result);
        return {};
    }
  };
  if (sent.has_preparation && !take(answer_to_command())) sent.statement->is_prepared_ = false;
  return take(answer_to_command());
}

void Connection::read_sync() {
  if (const Result synced = next_result(); !synced || PQresultStatus(synced.get()) != PGRES_PIPELINE_SYNC)
    lose("the answers came out of order");
}

sql::Statement& Connection::start(sql::Sql sql, sql::Values values) {
  Reply reply = round_trip(sql, values);
  if (!reply.answer) fail(reply.failed.get());
  Statement& statement = known(sql);
  require(!statement.rows_, "a statement does not run inside itself");
  statement.rows_ = std::move(reply.answer);
  statement.row_ = -1;
  return statement;
}

std::size_t Connection::run(sql::Sql sql, sql::Values values) {
  const Reply reply = round_trip(sql, values);
  if (!reply.answer) {
    require(field(reply.failed.get(), PG_DIAG_SQLSTATE) != unique_violation,
            "this statement breaks no unique constraint");
    fail(reply.failed.get());
  }
  return changed_rows(reply.answer.get());
}

std::expected<std::size_t, sql::UniqueViolation> Connection::execute(sql::Sql sql, sql::Values values) {
  deferred_.push_back(savepoint_violation);
  const Reply reply = round_trip(sql, values, Behind::release);
  if (reply.answer) return changed_rows(reply.answer.get());
  if (field(reply.failed.get(), PG_DIAG_SQLSTATE) != unique_violation) fail(reply.failed.get());
  deferred_.push_back(rollback_to_violation);
  deferred_.push_back(release_violation);
  return std::unexpected(sql::UniqueViolation{std::string(field(reply.failed.get(), PG_DIAG_CONSTRAINT_NAME))});
}

void Connection::run_script(sql::Sql script) {
  if (!deferred_.empty()) run("SELECT 1", {});
  if (PQexitPipelineMode(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
  run_simple(script.postgres());
  if (PQenterPipelineMode(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
}

/// A simple query: outside pipeline mode.
void Connection::run_simple(const char* script) {
  if (PQsendQuery(connection_.get(), script) != 1) lose(PQerrorMessage(connection_.get()));
  flush();
  Result failed;
  while (Result result = next_result())
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failed) failed = std::move(result);
  if (failed) fail(failed.get());
}

// --- transactions ----------------------------------------------------------------------------------------------------

void Connection::begin_write() {
  deferred_.insert(deferred_.end(), {begin_serializable, ask_xact_id});
  will_begin_ = true;
  xact_id_.reset();
}
void Connection::begin_read() {
  deferred_.push_back(begin_snapshot);
  will_begin_ = true;
}
void Connection::savepoint() { deferred_.push_back(savepoint_closure); }
void Connection::rollback_to_savepoint() {
  deferred_.insert(deferred_.end(), {rollback_to_closure, release_closure});
  if (!has_failed_ || failure_ == Failure::conflict) return;
  has_failed_ = false;
  if (failure_ == Failure::lock) deferred_.push_back(hurry_locks);
}
void Connection::release_savepoint() { deferred_.push_back(release_closure); }

void Connection::rollback() noexcept {
  deferred_.clear();
  has_failed_ = false;
  const bool nothing_was_sent = std::exchange(will_begin_, false);
  if (nothing_was_sent || !std::exchange(is_open_, false) || is_lost_) return;
  try {
    const Sent sent = send(rollback_statement, {});
    if (PQpipelineSync(connection_.get()) != 1 || PQflush(connection_.get()) < 0) lose("the connection broke");
    outstanding_.push_back(sent);
  } catch (const Outage&) {  // the server rolls back what was cut off; is_lost() tells
  }
}

void Connection::commit() {
  switch (try_commit()) {
    case CommitOutcome::durable: return;
    case CommitOutcome::conflict: throw Conflict("postgresql", "the transaction met another one");
    case CommitOutcome::rolled_back:
    case CommitOutcome::unknown: throw Outage("postgresql", "the transaction was not committed: " + last_failure_);
  }
}

CommitOutcome Connection::try_commit() {
  if (std::exchange(will_begin_, false)) deferred_.clear();
  if (!is_open_) return CommitOutcome::durable;  // nothing was asked: there is nothing to commit
  deferred_.push_back(commit_has_no_timeout);
  was_warned_ = false;
  try {
    const Reply reply = round_trip("COMMIT", {});
    if (!reply.answer) fail(reply.failed.get());
    is_open_ = false;
    // "canceling wait for synchronous replication": committed here, and lost should the standby take over now.
    if (was_warned_) return CommitOutcome::unknown;
    return std::string_view(PQcmdStatus(reply.answer.get())) == "COMMIT" ? CommitOutcome::durable
                                                                         : CommitOutcome::rolled_back;
  } catch (const Conflict&) {
    is_open_ = false;  // the failed COMMIT has ended it
    rollback();
    return CommitOutcome::conflict;
  } catch (const Outage&) {
    if (is_lost_) return CommitOutcome::unknown;
    rollback();
    return CommitOutcome::rolled_back;
  }
}

// After a crash, and after a promotion, numbers are given away again that were never written down. So what they mean
// ends with the server's start, with the timeline, and with a recovery within one start, which resets the statistics.
std::string Connection::server() {
  auto rows = query(
      "SELECT system_identifier::text || ' ' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || ' ' || "
      "pg_postmaster_start_time()::text || ' ' || coalesce((SELECT stats_reset FROM pg_stat_bgwriter)::text, "
      "clock_timestamp()::text) FROM pg_control_system()",
      {});
  return rows.next() ? std::string(rows.row().text(0)) : std::string();
}

CommitOutcome Connection::outcome_of(std::int64_t xact_id) {
  auto rows = query("SELECT pg_xact_status($1::bigint::text::xid8)", {xact_id});
  if (!rows.next() || rows.row().is_null(0)) return CommitOutcome::unknown;
  const std::string_view status = rows.row().text(0);
  if (status == "committed") return CommitOutcome::durable;
  return status == "aborted" ? CommitOutcome::rolled_back : CommitOutcome::unknown;
}

// --- the wire --------------------------------------------------------------------------------------------------------

void Connection::flush() {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left < 0) lose(PQerrorMessage(connection_.get()));
    if (left == 0) return;
    wait_for_socket(true);
  }
}

Result Connection::next_result() {
  while (PQisBusy(connection_.get())) wait_for_socket(false);
  return Result(PQgetResult(connection_.get()));
}

/// Of one command: its result, and the end behind it.
Result Connection::answer_to_command() {
  Result result = next_result();
  if (!result) lose("the answers came out of order");
  if (next_result()) lose("the answers came out of order");
  return result;
}

/// Reads what rollback() did not wait for.
void Connection::discard_outstanding() {
  for (const Sent& sent : std::exchange(outstanding_, {})) {
    Result failed;
    answer_of(sent, failed);
    if (failed) fail(failed.get());
    read_sync();
  }
}

void Connection::wait_for_socket(bool also_writable) {
  pollfd socket{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
  if (also_writable) socket.events |= POLLOUT;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - clock_.monotonic()).count();
    if (left <= 0) lose("the server did not answer in time");
    const int ready = ::poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left, longest_poll_ms)));
    if (ready < 0 && errno != EINTR) lose(std::strerror(errno));
    if (ready <= 0) continue;
    if ((socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0 && PQconsumeInput(connection_.get()) != 1)
      lose(PQerrorMessage(connection_.get()));
    return;
  }
}

void Connection::wait_for_news(Deadline until, int wake) {
  std::array<pollfd, 2> sources{pollfd{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0},
                                pollfd{.fd = wake, .events = POLLIN, .revents = 0}};  // poll() skips a negative one
  const auto left = std::chrono::ceil<milliseconds>(until - clock_.monotonic()).count();
  if (left > 0) ::poll(sources.data(), sources.size(), static_cast<int>(std::min<std::int64_t>(left, longest_poll_ms)));
  if (PQconsumeInput(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
}

std::optional<std::string> Connection::take_notification() {
  struct Free {
    void operator()(PGnotify* notification) const noexcept { PQfreemem(notification); }
  };
  const std::unique_ptr<PGnotify, Free> notification(PQnotifies(connection_.get()));
  if (!notification) return std::nullopt;
  return notification->extra;
}

void Connection::lose(std::string_view why) {
  is_lost_ = true;
  last_failure_ = first_line(why);
  throw Outage("postgresql", last_failure_);
}

void Connection::fail(const PGresult* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  std::string_view said = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (said.empty()) said = first_line(PQerrorMessage(connection_.get()));
  last_failure_ = fmt::format("{} (SQLSTATE {})", said, state);
  has_failed_ = true;
  failure_ = failure_of(state);
  if (failure_ == Failure::conflict) throw Conflict("postgresql", last_failure_);
  if (ends_session(result, state)) is_lost_ = true;
  throw Outage("postgresql", last_failure_);
}

}  // namespace propusk::postgres
