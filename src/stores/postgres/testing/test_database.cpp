// Databases are copies of one that has the schema: 0.1 s each, without fsync.
#include "stores/postgres/testing/test_database.hpp"

#include <libpq-fe.h>
#include <sys/random.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"
#include "stores/migrations/all.hpp"
#include "stores/postgres/connection.hpp"
#include "stores/sql/migrate.hpp"

namespace propusk::postgres::testing {
namespace {
/// The directory of the cluster's socket.
std::string running_cluster() {
  const std::string directory = PROPUSK_POSTGRES_DIR;
  std::string usual = directory + "/cluster/socket";
  if (std::filesystem::exists(usual + "/.s.PGSQL.5432")) return usual;
  const std::string command = "python3 " PROPUSK_SOURCE_DIR "/tools/postgres_cluster.py start " + directory;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(::popen(command.c_str(), "r"), ::pclose);
  char line[1024] = {};
  std::string url;
  if (out && std::fgets(line, sizeof line, out.get())) url = line;
  const auto host = url.find("host=");
  if (host == std::string::npos) throw std::runtime_error("no PostgreSQL cluster: " + command);
  url.erase(0, host + 5);
  return url.substr(0, url.find_first_of("&\n"));
}

std::string random_name() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) throw std::runtime_error("no random bytes");
  return "test_" + std::to_string(bits);
}

std::string ask(const std::string& url, const std::string& statements) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url.c_str()), PQfinish);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), statements.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(statements + ": " + PQerrorMessage(connection.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}
/// The name of a database that has the schema; made by whoever comes first. Others make the same and lose.
std::string migrated_template(const std::string& socket) {
  std::string texts;
  for (const sql::Migration& migration : sql::all_migrations()) texts += migration.text.postgres();
  const std::string name = "schema_" + to_hex(sha256(texts).bytes).substr(0, 16);
  const std::string cluster = "postgresql://postgres@/postgres?host=" + socket;
  if (!ask(cluster, "SELECT 1 FROM pg_database WHERE datname = '" + name + "'").empty()) return name;
  const std::string draft = random_name();
  ask(cluster, "CREATE DATABASE " + draft + " OWNER propusk TEMPLATE template0");
  {
    const propusk::testing::FakeClock clock;
    Connection connection({.url = "postgresql://propusk@/" + draft + "?host=" + socket, .purpose = "template"}, clock);
    connection.set_deadline(clock.monotonic() + std::chrono::minutes{1});
    sql::migrate(connection, sql::all_migrations(), clock.now());
  }
  const auto gone = [&] {  // the server ends a session some time after its client
    return ask(cluster, "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + draft + "'") == "0";
  };
  while (!gone()) std::this_thread::yield();
  try {
    ask(cluster, "ALTER DATABASE " + draft + " RENAME TO " + name);
  } catch (const std::runtime_error&) {
    ask(cluster, "DROP DATABASE " + draft);
  }
  return name;
}
}  // namespace

TestDatabase::TestDatabase(Schema schema) : socket_(running_cluster()), name_(random_name()) {
  url_ = "postgresql://propusk@/" + name_ + "?host=" + socket_;
  ask("postgresql://postgres@/postgres?host=" + socket_,
      "CREATE DATABASE " + name_ + " OWNER propusk TEMPLATE " +
          (schema == Schema::ready ? migrated_template(socket_) : "template0"));
}

TestDatabase::~TestDatabase() {
  try {
    ask("postgresql://postgres@/postgres?host=" + socket_, "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}

std::string TestDatabase::as_superuser(const std::string& statements) const {
  return ask("postgresql://postgres@/" + name_ + "?host=" + socket_, statements);
}

void TestDatabase::end_sessions(const std::string& application_name) const {
  as_superuser(
      "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND "
      "pid <> pg_backend_pid() AND application_name LIKE '" +
      application_name + "'");
}

static std::vector<std::unique_ptr<TestDatabase>>& idle_databases() {
  static std::vector<std::unique_ptr<TestDatabase>> idle;  // dropped when the process ends
  return idle;
}

ReusedDatabase::ReusedDatabase() {
  auto& idle = idle_databases();
  if (idle.empty()) {
    database_ = std::make_unique<TestDatabase>();
  } else {
    database_ = std::move(idle.back());
    idle.pop_back();
  }
}

ReusedDatabase::~ReusedDatabase() {
  try {
    database_->end_sessions("%");
    database_->as_superuser(
        "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename <> 'schema_migrations'); "
        "PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'; END $$");
    idle_databases().push_back(std::move(database_));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
}

}  // namespace propusk::postgres::testing
