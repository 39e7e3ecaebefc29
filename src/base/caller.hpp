// Caller: on whose behalf the core works: from where, with what software, until when.
#pragma once
#include <string>

#include "base/client_address.hpp"
#include "base/clock.hpp"

namespace propusk {

/// Owned by the request's frame for as long as the request lives; passed by const reference.
struct Caller {
  ClientAddress address;
  std::string user_agent;  ///< as sent, cut to 200 bytes of printable text; "" if none
  Deadline deadline{};     ///< after it nobody waits for the answer
};

}  // namespace propusk
