// One conditional write: whoever changes the row does the work.
#include "stores/sql/chores.hpp"

#include "stores/sql/columns.hpp"

namespace propusk::sql {

bool Chores::take(std::string_view chore, Instant now, Instant due_again) {
  return connection_.run(
             "INSERT INTO chores (name, due_at) VALUES ($1, $3) "
             "ON CONFLICT (name) DO UPDATE SET due_at = $3 WHERE chores.due_at <= $2",
             {chore, value(now), value(due_again)}) > 0;
}

}  // namespace propusk::sql
