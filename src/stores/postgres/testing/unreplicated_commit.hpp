// Commits as they end when a synchronous standby was not waited for: with a warning, and then success.
#pragma once
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::postgres::testing {

/// From here on for each transaction that ends a credential, until unwarn_endings().
inline void warn_endings(const TestDatabase& database) {
  database.as_superuser(
      "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$");
  database.as_superuser(
      "CREATE CONSTRAINT TRIGGER warns AFTER DELETE ON credentials DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION warn()");
}
inline void unwarn_endings(const TestDatabase& database) { database.as_superuser("DROP TRIGGER warns ON credentials"); }

}  // namespace propusk::postgres::testing
