// Frames to JSON and back.
#include "cli/control_frame.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/result.hpp"
#include "cli/wiping_storage.hpp"

namespace propusk::cli {

std::expected<std::size_t, FrameProblem> frame_body_size(std::string_view header) {
  if (header.size() < frame_header_size) return std::unexpected(FrameProblem::incomplete);
  std::size_t size = 0;
  for (std::size_t i = 0; i < frame_header_size; ++i) size = size << 8U | static_cast<unsigned char>(header[i]);
  if (size > frame_limit) return std::unexpected(FrameProblem::too_long);
  return size;
}

std::expected<boost::json::object, FrameProblem> parse_frame_body(std::string_view body) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(body, error, wiping_storage());
  if (error || !value.is_object()) return std::unexpected(FrameProblem::not_an_object);
  return std::move(value.get_object());
}

std::expected<Frame, FrameProblem> parse_frame(std::string_view bytes) {
  TRY(size, frame_body_size(bytes));
  if (bytes.size() < frame_header_size + size) return std::unexpected(FrameProblem::incomplete);
  TRY(content, parse_frame_body(bytes.substr(frame_header_size, size)));
  return Frame{std::move(content), frame_header_size + size};
}

std::expected<Secret<>, FrameProblem> make_frame(const boost::json::object& content) {
  const Secret<> body(boost::json::serialize(content));
  const std::size_t size = body.reveal().size();
  if (size > frame_limit) return std::unexpected(FrameProblem::too_long);
  std::string frame;
  frame.reserve(frame_header_size + size);  // so that no half-filled buffer is freed unwiped
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(size >> static_cast<unsigned>(shift) & 0xffU);
  frame += body.reveal();
  return Secret<>(std::move(frame));
}

}  // namespace propusk::cli
