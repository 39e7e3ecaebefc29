// examine(): a database file looked at through a connection that cannot write.
#pragma once
#include <filesystem>

#include "stores/examine.hpp"

namespace propusk::sqlite {

/// Creates no file, and takes no lock that a running server would feel.
stores::Examination examine(const std::filesystem::path& file);

}  // namespace propusk::sqlite
