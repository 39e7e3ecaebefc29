// Special addresses: where outbound requests never go, whatever a name leads to (SECURITY.md O8: server-side request
// forgery).
#pragma once
#include <sys/socket.h>

#include <optional>
#include <vector>

#include "base/client_address.hpp"

namespace propusk::platform {

/// Private, loopback, link-local, multicast, documentation and otherwise special (the IANA registries of RFC 6890),
/// also inside the forms of IPv6 that carry an IPv4 address.
bool is_special(const ClientAddress& address);

/// Nothing for what is neither IPv4 nor IPv6.
std::optional<ClientAddress> address_in(const sockaddr& socket_address);

/// Decides on the address that a socket is about to be connected to.
struct AddressFilter {
  std::vector<Network> allowed;  ///< special ones that may be asked all the same
  [[nodiscard]] bool lets_pass(const sockaddr& socket_address) const;
};

}  // namespace propusk::platform
