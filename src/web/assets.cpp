// Compressed once, at start: the build needs no step for it and the files stay readable.
#include "web/assets.hpp"

#include <zlib.h>

#include <algorithm>
#include <span>

#include "base/bug.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace propusk::web {
namespace {
constexpr char style_bytes[] = {
#embed "style.css"
};
constexpr char script_bytes[] = {
#embed "reveal.js"
};

Asset asset(std::string_view bytes, std::string_view suffix, std::string_view type) {
  const Digest digest = sha256(bytes);
  std::string path = "/-/assets/" + to_hex(std::span(digest.bytes).first(8));
  return {path.append(suffix), type, bytes, gzip(bytes)};
}
}  // namespace

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;  // zlib.h, deflateInit2: the largest window, with gzip's own header
  require(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) == Z_OK,
          "zlib starts");
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write to it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int end = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  require(end == Z_STREAM_END, "zlib compresses into what it asked for");
  return out;
}

Assets::Assets()
    : all_{asset({style_bytes, sizeof style_bytes}, ".css", "text/css; charset=utf-8"),
           asset({script_bytes, sizeof script_bytes}, ".js", "text/javascript; charset=utf-8")} {}

const Asset* Assets::find(std::string_view path) const {
  const auto found = std::ranges::find(all_, path, &Asset::path);
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace propusk::web
