// Signing keys as rows; what is sealed is bytes to SQL.
#include "stores/sql/keys.hpp"

#include "base/encoding.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::sql {

std::vector<core::SigningKey> Keys::list() const {
  std::vector<core::SigningKey> keys;
  auto rows = connection_.query(
      "SELECT kid, algorithm, sealed, created_at, signs_from, retires_at FROM signing_keys "
      "ORDER BY created_at DESC, signs_from DESC, kid",
      {});
  while (rows.next()) {
    const Statement& row = rows.row();
    const auto algorithm = core::signing_algorithm(row.text(1));
    if (!algorithm) continue;
    const auto sealed = row.bytes(2);
    keys.push_back({.kid = std::string(row.text(0)),
                    .algorithm = *algorithm,
                    .sealed = std::string(reinterpret_cast<const char*>(sealed.data()), sealed.size()),
                    .created_at = instant(row, 3),
                    .signs_from = instant(row, 4),
                    .retires_at = optional_instant(row, 5)});
  }
  return keys;
}

void Keys::insert(const core::SigningKey& key) {
  connection_.run(
      "INSERT INTO signing_keys (kid, algorithm, sealed, created_at, signs_from, retires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {key.kid, core::signing_algorithm_name(key.algorithm), as_bytes(key.sealed), value(key.created_at),
       value(key.signs_from), value(key.retires_at)});
  effects_.keys = true;
}

void Keys::retire(std::string_view kid, Instant at) {
  connection_.run("UPDATE signing_keys SET retires_at = $1 WHERE kid = $2 AND (retires_at IS NULL OR retires_at > $1)",
                  {value(at), kid});
  effects_.keys = true;
}

std::size_t Keys::erase_retired(Instant at) {
  return connection_.run("DELETE FROM signing_keys WHERE retires_at < $1", {value(at)});
}

}  // namespace propusk::sql
