// On which store the tests of this run are: PROPUSK_TEST_STORE=postgresql, or SQLite.
#include <cstdlib>
#include <string_view>

#include "stores/contract/test_place.hpp"

namespace propusk::stores::testing {

bool is_on_postgresql() {
  const char* wanted = std::getenv("PROPUSK_TEST_STORE");
  return wanted != nullptr && std::string_view(wanted) == "postgresql";
}

}  // namespace propusk::stores::testing
