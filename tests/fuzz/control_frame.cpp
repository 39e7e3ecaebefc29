// Fuzzes the frames of the control socket: whatever is read as a frame can be written and read again.
#include "cli/control_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk::cli;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const auto frame = parse_frame(input);
  if (!frame) return 0;
  if (frame->size > size || frame->size < frame_header_size) std::abort();
  const auto written = make_frame(frame->content);
  // Escapes may make the text longer than what was read, and so too long.
  if (!written) return 0;
  if (!parse_frame(written->reveal())) std::abort();
  return 0;
}
