// Who really asks: the client address and scheme behind trusted proxies (X-Forwarded-For, X-Forwarded-Proto).
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/client_address.hpp"
#include "http/request.hpp"

namespace propusk::http {

/// The far end of a connection as the socket knows it.
struct Peer {
  ClientAddress address;
  bool is_tls = false;
};

struct Origin {
  ClientAddress address;
  bool is_secure = false;
  bool was_ignored = false;  ///< X-Forwarded-For came from a peer that is not trusted
};

/// Walks X-Forwarded-For from right to left as long as the hop that wrote an entry is trusted; an entry that is no
/// address ends the walk. A trusted peer's last X-Forwarded-Proto decides the scheme. Nothing of both counts from
/// other peers.
Origin origin_of(const Peer& peer, std::span<const Network> trusted, const std::vector<Header>& headers);

/// The printable ASCII among the first 200 bytes of a User-Agent (base/caller.hpp), assigned to `out`.
void assign_user_agent(std::string& out, std::string_view value);

}  // namespace propusk::http
