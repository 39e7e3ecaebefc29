// Every entry left of the last trusted hop is the client's own claim and counts for nothing.
#include "http/forwarded.hpp"

#include <algorithm>
#include <ranges>

#include "http/ascii.hpp"

namespace propusk::http {

namespace {
/// "1.2.3.4", "1.2.3.4:80", "::1", "[::1]" or "[::1]:80".
std::optional<ClientAddress> address_of(std::string_view entry) {
  entry = trimmed(entry);
  if (entry.starts_with('['))
    return ClientAddress::parse(entry.substr(1, std::max<std::size_t>(entry.find(']'), 1) - 1));
  if (std::ranges::count(entry, ':') == 1) entry = entry.substr(0, entry.find(':'));
  return ClientAddress::parse(entry);
}

std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return last;
}

bool is_trusted(std::span<const Network> trusted, const ClientAddress& address) {
  return std::ranges::any_of(trusted, [&](const Network& network) { return network.contains(address); });
}

/// The farthest address that a trusted hop vouches for, `hop` being the nearest.
ClientAddress walk(ClientAddress hop, std::span<const Network> trusted, const std::vector<Header>& headers) {
  for (const Header& line : headers | std::views::reverse) {
    if (!same_text(line.name, "X-Forwarded-For")) continue;
    for (std::string_view rest = line.value; !rest.empty();) {
      if (!is_trusted(trusted, hop)) return hop;
      const auto next = address_of(take_last(rest));
      if (!next) return hop;
      hop = *next;
    }
  }
  return hop;
}

bool is_forwarded(const Header& line) { return same_text(line.name, "X-Forwarded-For"); }
}  // namespace

Origin origin_of(const Peer& peer, std::span<const Network> trusted, const std::vector<Header>& headers) {
  if (trusted.empty() || !is_trusted(trusted, peer.address)) {
    return {peer.address, peer.is_tls, std::ranges::any_of(headers, is_forwarded)};
  }
  Origin origin{walk(peer.address, trusted, headers), peer.is_tls, false};
  for (const Header& line : headers) {
    if (!same_text(line.name, "X-Forwarded-Proto")) continue;
    std::string_view list = line.value;
    origin.is_secure = same_text(trimmed(take_last(list)), "https");
  }
  return origin;
}

void assign_user_agent(std::string& out, std::string_view value) {
  constexpr std::size_t limit = 200;
  const auto is_unprintable = [](char c) { return c < ' ' || c >= 0x7f; };
  out.assign(value.substr(0, limit));
  std::erase_if(out, is_unprintable);
}

}  // namespace propusk::http
