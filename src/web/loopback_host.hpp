// Whether a Host header names this machine itself.
#pragma once
#include <string_view>

#include "base/client_address.hpp"
#include "http/ascii.hpp"

namespace propusk::web {

/// `localhost`, a name below it (RFC 6761 §6.3), or a loopback address, with or without a port.
inline bool is_loopback_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto address = ClientAddress::parse(host.substr(1, host.find(']') - 1));
    return address && address->is_loopback();
  }
  const std::string_view name = host.substr(0, host.find(':'));
  constexpr std::string_view own = "localhost";
  if (name.size() >= own.size() && http::same_text(name.substr(name.size() - own.size()), own))
    return name.size() == own.size() || name[name.size() - own.size() - 1] == '.';
  const auto address = ClientAddress::parse(name);
  return address && address->is_loopback();
}

}  // namespace propusk::web
