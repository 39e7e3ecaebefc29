// getrandom() may be interrupted by a signal and may give less than asked for requests above 256 bytes.
#include "platform/os_random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

#include "base/outage.hpp"

namespace propusk::platform {

void OsRandom::fill(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got > 0)
      out = out.subspan(static_cast<std::size_t>(got));
    else if (errno != EINTR)
      throw Outage("getrandom", std::generic_category().message(errno));
  }
}

}  // namespace propusk::platform
