// examine(): a PostgreSQL server looked at through one connection that only reads.
#pragma once
#include <cstddef>
#include <string>

#include "stores/examine.hpp"

namespace propusk::postgres {

/// `connections`: of each node, besides the one that listens.
stores::Examination examine(const std::string& url, std::size_t connections, const Clock& clock);

}  // namespace propusk::postgres
