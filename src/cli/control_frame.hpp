// Frames of the control socket: four bytes of length, highest first, then one JSON object.
#pragma once
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace propusk::cli {

/// The longest body: a thousand accounts with the longest names fit; a peer cannot make us allocate more.
inline constexpr std::size_t frame_limit = 1024 * 1024;
inline constexpr std::size_t frame_header_size = 4;

enum class FrameProblem : std::uint8_t { incomplete, too_long, not_an_object };

/// The body's length, from at least frame_header_size bytes; incomplete for fewer, too_long above frame_limit.
std::expected<std::size_t, FrameProblem> frame_body_size(std::string_view header);
/// The object of a whole body, in wiping storage; not_an_object for everything else.
std::expected<boost::json::object, FrameProblem> parse_frame_body(std::string_view body);

struct Frame {
  boost::json::object content;
  std::size_t size;  ///< bytes of the frame, header included
};
/// The frame at the beginning of `bytes`; what follows it is not looked at.
std::expected<Frame, FrameProblem> parse_frame(std::string_view bytes);

/// The bytes of a frame; too_long if the receiver would refuse it.
std::expected<Secret<>, FrameProblem> make_frame(const boost::json::object& content);

}  // namespace propusk::cli
