// A move that is not finished: the mark in its target by which no server takes half of a store for all of it.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "base/finding.hpp"
#include "stores/sql/connection.hpp"
#include "stores/sql/schema_finding.hpp"

namespace propusk::copy {

/// Among the migrations of the target, from its first row until both stores were compared. Every version of propusk
/// refuses a migration that it does not know and shows its name, so the name says what to do.
inline constexpr std::string_view unfinished_move =
    "~move-unfinished (run `propusk store move` again, or erase this database)";

/// migrate() with this version's migrations, for the target of a move. One that is marked stays as it is; throws Outage
/// if another version marked it.
void migrate_target(sql::Connection& target, Instant now);
/// In the transaction that writes rows; again without an effect.
void mark_unfinished(sql::Connection& target);
/// Takes the mark away, if there is one, in a transaction of its own.
void mark_finished(sql::Connection& target);
/// Throws Outage with what to do if there is a mark; `whose` names the database.
void require_finished(sql::Connection& database, std::string_view whose);
/// The same for people who look at an installation.
std::optional<Finding> unfinished_finding(std::span<const sql::AppliedMigration> applied);

}  // namespace propusk::copy
