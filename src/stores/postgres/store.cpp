// The wiring: two queues, workers on them, the listener beside. Who waits gives up before the request's own deadline,
// so that an outage of the database is an answer and not a silence.
#include "stores/postgres/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/buckets.hpp"
#include "stores/postgres/listener.hpp"
#include "stores/postgres/worker.hpp"
#include "stores/sql/migrate.hpp"

namespace propusk::postgres {
namespace {
// Any number, the same in every version: that of "propusk" in base 36.
constexpr sql::Sql lock_schema = "SELECT pg_advisory_lock(55949430068)";
// A migration that waits for a table makes everybody wait behind it: better to let go and try again.
constexpr sql::Sql migrations_give_way = "SET lock_timeout = '1s'";
constexpr milliseconds retry_pause{200};
constexpr seconds plan_life{10};  // of the lookup: to plan it each time costs more than all the rest of it

Options with_defaults(Options options) {
  if (!options.start_thread)
    options.start_thread = [](const char*, std::function<void()> body) { return std::thread(std::move(body)); };
  if (!options.log) options.log = [](stores::LogLevel, std::string_view) {};
  if (!options.on_elsewhere) options.on_elsewhere = [](const stores::Elsewhere&) {};
  options.connections = std::max<std::size_t>(options.connections, 2);
  return options;
}

/// The lock ends with the connection; whoever waits for it then finds nothing missing. Returns the seed of the limits.
Buckets::Seed migrate_under_lock(const Options& options, const Clock& clock, const Buckets::Seed& drawn) {
  Connection connection({.url = options.url,
                         .purpose = "migrations",
                         .statement_timeout = milliseconds{0},
                         .lock_timeout = milliseconds{0}},
                        clock);
  connection.set_deadline(clock.monotonic() + std::chrono::minutes{10});  // an index over 100 million rows
  {
    auto locked = connection.query(lock_schema, {});
    std::ignore = locked.next();
  }
  connection.run_script(migrations_give_way);
  sql::migrate(connection, sql::all_migrations(), clock.now());
  return shared_seed(connection, drawn);
}
}  // namespace

struct PostgresStore::Inside {
  Inside(Options given, core::EffectSink& sink, const Clock& time, Random& chance)
      : options(with_defaults(std::move(given))),
        effects(sink),
        clock(time),
        random(chance),
        name(to_base64url(random.bytes<12>())),
        queue(options.queue_capacity),
        checks(options.queue_capacity),
        listener(connection("listener"), name, {effects, clock, options.log, options.on_elsewhere, doubts_itself}) {
    seed = prepare_schema();
    for (std::size_t i = 0; i + 1 < options.connections; ++i)
      add_worker(queue, connection("worker", options.lock_timeout()));
    auto lookups = connection("checks");
    lookups.plan_life = plan_life;
    add_worker(checks, std::move(lookups));
  }
  ~Inside();

  void start();
  void wait_until_connected(Deadline until);
  Buckets::Seed prepare_schema();
  void add_worker(JobQueue& on, ConnectionSettings settings) {
    workers.emplace_back(std::move(settings), options.batch_limit,
                         Worker::Deps{on, effects, clock, random, counters, options.log, options.on_elsewhere, name,
                                      options.node, turns, doubts_itself});
  }
  [[nodiscard]] ConnectionSettings connection(const char* purpose, milliseconds lock_timeout = {}) const {
    return {.url = options.url,
            .purpose = purpose,
            .statement_timeout = options.statement_timeout,
            .lock_timeout = lock_timeout};
  }

  const Options options;
  core::EffectSink& effects;
  const Clock& clock;
  Random& random;
  const std::string name;
  Buckets::Seed seed{};
  Counters counters;
  JobQueue queue, checks;
  Turns turns;
  std::atomic<bool> doubts_itself{false};
  Listener listener;
  std::optional<Buckets> buckets;
  std::deque<Worker> workers;
  std::vector<std::thread> threads;
};

/// The database may be starting as we are: what it refuses for that is tried again for a while.
Buckets::Seed PostgresStore::Inside::prepare_schema() {
  const auto drawn = random.bytes<16>();
  const Deadline until = clock.monotonic() + options.start_patience;
  for (;;) {
    try {
      return migrate_under_lock(options, clock, drawn);
    } catch (const Outage& outage) {
      if (clock.monotonic() + retry_pause >= until) throw Outage("store.url", outage.cause());
      queue.rest(retry_pause);
    }
  }
}

void PostgresStore::Inside::start() {
  threads.push_back(options.start_thread("listener", [this] { listener.run(); }));
  const Deadline until = clock.monotonic() + options.start_patience;
  if (!listener.wait_until_hearing(until))
    throw Outage("store.url",
                 "notifications do not arrive: connect to PostgreSQL itself or to a pooler in session mode");
  // After the listener has its connection: without it a node is no use, with fewer workers it is.
  for (Worker& worker : workers) threads.push_back(options.start_thread("database", [&worker] { worker.run(); }));
  wait_until_connected(until);
}

/// Whoever comes first would wait for a connection longer than for its turn. Fewer than were asked for will do.
void PostgresStore::Inside::wait_until_connected(Deadline until) {
  for (std::size_t i = 0; i < workers.size(); ++i)
    if (!counters.connects.try_acquire_for(until - clock.monotonic())) break;
  if (counters.connected < static_cast<int>(workers.size()))
    options.log(stores::LogLevel::warning,
                fmt::format("{} of {} connections could be made: allow the role and the database as many, and one more",
                            counters.connected.load(), workers.size()));
}

PostgresStore::Inside::~Inside() {
  queue.close();
  checks.close();
  listener.stop();
  for (std::thread& thread : threads) thread.join();
}

PostgresStore::PostgresStore(Options options, core::EffectSink& effects, const Clock& clock, Random& random)
    : inside_(std::make_unique<Inside>(std::move(options), effects, clock, random)) {
  inside_->buckets.emplace(
      inside_->seed,
      [this](std::function<void(sql::Connection&)> statement, Deadline deadline) {
        return run_statement(std::move(statement), deadline);
      },
      inside_->queue);
  inside_->start();
}
PostgresStore::~PostgresStore() = default;

namespace {
Task<void> wait_for(SharedJob job, JobQueue& queue, const Options& options, const Clock& clock) {
  const Deadline now = clock.monotonic();
  if (now >= job->deadline) throw Outage("store", "the deadline passed before the work began");
  queue.push(job);
  const Deadline begun_by = std::min(job->deadline, now + options.queue_patience());
  if (co_await job->waiter->wait(begun_by)) co_return;
  if (job->abandon()) throw Outage("store", "the database is away or has too much to do: nothing was begun");
  if (co_await job->waiter->wait(std::min(job->deadline, begun_by + options.statement_timeout))) co_return;
  if (job->leave()) throw Outage("store", "the database went away: nothing was written");
  throw Outage("store", "the database did not answer in time; a write may still happen");
}

SharedJob new_job(Executor executor, Deadline deadline) {
  auto job = std::make_shared<Job>();
  job->deadline = deadline;
  job->waiter = std::make_shared<Pending<std::monostate>>(executor);
  return job;
}
}  // namespace

Task<void> PostgresStore::run_read(std::shared_ptr<ReadJob> read, Deadline deadline) {
  SharedJob job = new_job(co_await this_executor(), deadline);
  job->read = std::move(read);
  co_await wait_for(std::move(job), inside_->queue, inside_->options, inside_->clock);
}

Task<std::optional<core::CredentialStore::Held>> PostgresStore::look_up(Digest digest, Deadline deadline) {
  SharedJob job = new_job(co_await this_executor(), deadline);
  job->wanted = digest;
  co_await wait_for(job, inside_->checks, inside_->options, inside_->clock);
  co_return std::move(job->found);
}

Task<void> PostgresStore::run_write(std::shared_ptr<WriteJob> write, Deadline deadline) {
  SharedJob job = new_job(co_await this_executor(), deadline);
  job->write = std::move(write);
  co_await wait_for(std::move(job), inside_->queue, inside_->options, inside_->clock);
}

Task<void> PostgresStore::run_statement(std::function<void(sql::Connection&)> statement, Deadline deadline) {
  SharedJob job = new_job(co_await this_executor(), deadline);
  job->statement = std::move(statement);
  co_await wait_for(std::move(job), inside_->queue, inside_->options, inside_->clock);
}

core::SharedBuckets* PostgresStore::shared_buckets() { return &*inside_->buckets; }

stores::Figures PostgresStore::figures() const {
  const Counters& counters = inside_->counters;
  stores::Figures figures;
  figures.writes = counters.writes;
  figures.batches = counters.batches;
  figures.commit_micros = counters.commit_micros;
  figures.failed_writes = counters.failed_writes;
  figures.queue_depth = inside_->queue.depth() + inside_->checks.depth();
  figures.conflicts = counters.conflicts;
  figures.reconnects = counters.reconnects;
  figures.resolved_commits = counters.resolved_commits;
  figures.connections = counters.connected;
  figures.reachable = inside_->listener.is_in_touch() && counters.connected > 0;
  return figures;
}

}  // namespace propusk::postgres
