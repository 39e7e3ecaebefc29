// How core's values look as parameters and columns.
#pragma once
#include <cstring>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/outage.hpp"
#include "core/accounts/account.hpp"
#include "core/outbox/mail.hpp"
#include "stores/sql/connection.hpp"

namespace propusk::sql {

inline Value value(core::AccountId id) { return static_cast<std::int64_t>(id); }
inline Value value(core::MailId id) { return static_cast<std::int64_t>(id); }
inline Value value(Instant at) { return stored(at); }
inline Value value(const Digest& digest) { return std::span<const std::byte>(digest.bytes); }
template <class T>
Value value(const std::optional<T>& optional) {
  return optional ? value(*optional) : Value(nullptr);
}

inline core::AccountId account_id(const Statement& row, int column) { return core::AccountId{row.integer(column)}; }
inline std::optional<core::AccountId> optional_account_id(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return account_id(row, column);
}
inline Instant instant(const Statement& row, int column) { return propusk::instant(row.integer(column)); }
inline std::optional<Instant> optional_instant(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return instant(row, column);
}
/// Throws Outage for a column of another length: the database holds what no version wrote.
inline Digest digest(const Statement& row, int column) {
  Digest digest;
  const auto bytes = row.bytes(column);
  if (bytes.size() != digest.bytes.size()) throw Outage("database", "a stored digest has a wrong length");
  std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
  return digest;
}
inline std::optional<Digest> optional_digest(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return digest(row, column);
}
/// Fails closed: an account in a state that this version does not know is an Outage, not an active account.
inline core::AccountState state(const Statement& row, int column) {
  const auto known = core::account_state(row.text(column));
  if (!known) throw Outage("database", "an account has a state that this version does not know");
  return *known;
}

}  // namespace propusk::sql
