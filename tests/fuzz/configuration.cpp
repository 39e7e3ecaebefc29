// Fuzzes the configuration: a file and a flag are loaded or refused with a reason, never half.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bug.hpp"
#include "config/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace propusk;
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  config::Sources sources;
  sources.file = config::File{"propusk.toml", input};
  const auto from_file = config::load(sources);
  require(from_file || !from_file.error().empty(), "a refusal has a reason");
  sources.file.reset();
  sources.flags = {{"server.listen", input, "--listen"}, {"server.trusted_proxies", input, "--set"}};
  const auto from_flags = config::load(sources);
  require(from_flags || !from_flags.error().empty(), "a refusal has a reason");
  return 0;
}
