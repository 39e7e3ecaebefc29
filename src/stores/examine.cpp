// Which driver looks, as open() decides which one works.
#include "stores/examine.hpp"

#include "stores/postgres/examine.hpp"
#include "stores/sqlite/examine.hpp"

namespace propusk::stores {

Examination examine(const ExamineOptions& options, const Clock& clock) {
  return options.url.empty() ? sqlite::examine(options.file)
                             : postgres::examine(options.url, options.connections, clock);
}

}  // namespace propusk::stores
