// COPY FROM STDIN: thousands of rows in one statement. libpq does not do it in pipeline mode, so that is left
// meanwhile.
#include <libpq-fe.h>

#include <algorithm>

#include "stores/postgres/connection.hpp"

namespace propusk::postgres {
namespace {
constexpr std::size_t piece_bytes = 65'536;  // what a socket takes at once, and libpq keeps at most
}

void Connection::copy_in(sql::Sql statement, std::string_view rows) {
  if (!deferred_.empty() || !outstanding_.empty()) run("SELECT 1", {});
  if (PQexitPipelineMode(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
  if (PQsendQuery(connection_.get(), statement.postgres()) != 1) lose(PQerrorMessage(connection_.get()));
  flush();
  Result failed = next_result();
  if (PQresultStatus(failed.get()) == PGRES_COPY_IN) {
    failed.reset();
    put_rows(rows);
  }
  while (Result result = next_result())
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failed) failed = std::move(result);
  if (PQenterPipelineMode(connection_.get()) != 1) lose(PQerrorMessage(connection_.get()));
  if (failed) fail(failed.get());
}

void Connection::put_rows(std::string_view rows) {
  while (!rows.empty()) {
    const std::string_view piece = rows.substr(0, piece_bytes);
    const int is_taken = PQputCopyData(connection_.get(), piece.data(), static_cast<int>(piece.size()));
    if (is_taken < 0) lose(PQerrorMessage(connection_.get()));
    if (is_taken > 0) rows.remove_prefix(piece.size());
    flush();
  }
  while (true) {
    const int is_taken = PQputCopyEnd(connection_.get(), nullptr);
    if (is_taken < 0) lose(PQerrorMessage(connection_.get()));
    flush();
    if (is_taken > 0) return;
  }
}

}  // namespace propusk::postgres
