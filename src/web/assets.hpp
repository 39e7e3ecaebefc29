// Assets: the style sheet and the script of the pages, under names made of their content, so that they never go stale.
#pragma once
#include <array>
#include <string>
#include <string_view>

namespace propusk::web {

struct Asset {
  std::string path;  ///< "/-/assets/<16 hex of SHA-256>.css"
  std::string_view type, bytes;
  std::string gzipped;
};

class Assets {
 public:
  /// Compresses what is built in; throws Bug if zlib fails.
  Assets();
  [[nodiscard]] const Asset& style() const { return all_[0]; }
  [[nodiscard]] const Asset& script() const { return all_[1]; }
  /// nullptr for another path.
  [[nodiscard]] const Asset* find(std::string_view path) const;

 private:
  std::array<Asset, 2> all_;
};

/// RFC 1952, best compression.
std::string gzip(std::string_view bytes);

}  // namespace propusk::web
