// Parsers and printers of single values.
#include "config/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace propusk::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t milliseconds;
};
constexpr std::array units{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                           Unit{"ms", 1}};

std::unexpected<std::string> expected_form(std::string_view sentence) { return std::unexpected(std::string(sentence)); }

bool is_origin_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    const auto address = ClientAddress::parse(host.substr(1, host.size() - 2));
    return address && !address->is_v4();
  }
  return !host.empty() && host.front() != '.' && host.back() != '.' && std::ranges::all_of(host, is_origin_character);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Of libpq, in a query or among key=value pairs; with another word before it, as sslpassword, a secret too.
constexpr std::string_view password_option = "password=";

/// The /0 of either family: trusting it lets every client choose its own address.
bool is_everybody(const Network& network) {
  return network.prefix_bits == 0 || (network.address.is_v4() && network.prefix_bits == 96);
}

}  // namespace

Parsed<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return expected_form("write a whole number, such as 8");
  return value;
}

Parsed<Endpoint> parse_endpoint(std::string_view text) {
  constexpr std::string_view form = "write ADDRESS:PORT, such as 127.0.0.1:8080, 0.0.0.0:443 or [::1]:8080";
  const auto colon = text.rfind(':');
  if (colon == text.npos) return expected_form(form);
  std::string_view host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto port = parse_count(text.substr(colon + 1));
  const bool host_fits = ClientAddress::parse(host) && bracketed == (host.find(':') != host.npos);
  if (!host_fits || !port || *port > std::numeric_limits<std::uint16_t>::max()) return expected_form(form);
  return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

Parsed<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::string_view form = "write a number and ms, s, m, h or d, such as 15s";
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_count(text.substr(0, digits));
  const auto unit = std::ranges::find(units, text.substr(digits), &Unit::name);
  // A hundred years: far beyond every bound, and no product overflows.
  constexpr std::uint64_t longest = 100ULL * 365 * 86'400'000;
  if (!number || unit == units.end() || *number > longest / unit->milliseconds) return expected_form(form);
  return std::chrono::milliseconds{*number * unit->milliseconds};
}

Parsed<std::vector<Network>> parse_networks(std::string_view text) {
  std::vector<Network> networks;
  if (trimmed(text).empty()) return networks;
  for (std::size_t start = 0; start <= text.size();) {
    const auto comma = std::min(text.find(',', start), text.size());
    const std::string_view item = trimmed(text.substr(start, comma - start));
    const auto network = Network::parse(item);
    if (!network)
      return std::unexpected(
          fmt::format("{} is not a network; write 10.0.0.0/8, fd00::/8 or a single address", in_quotes(item)));
    if (is_everybody(*network))
      return std::unexpected(
          fmt::format("{} is every address there is; name only those that are meant, as the proxy's", in_quotes(item)));
    networks.push_back(*network);
    start = comma + 1;
  }
  return networks;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  if (trimmed(text).empty()) return items;
  for (std::size_t start = 0; start <= text.size();) {
    const auto comma = std::min(text.find(',', start), text.size());
    items.emplace_back(trimmed(text.substr(start, comma - start)));
    start = comma + 1;
  }
  return items;
}

std::expected<void, std::string> check_origin(std::string_view text) {
  constexpr std::string_view form =
      "write scheme://host[:port] in lower case without a path, such as https://id.example.org";
  const bool is_https = text.starts_with("https://");
  if (!is_https && !text.starts_with("http://")) return expected_form(form);
  std::string_view rest = text.substr(is_https ? 8 : 7);
  const auto colon = rest.find(':', rest.starts_with('[') ? std::min(rest.find(']'), rest.size()) : 0);
  if (!is_host(rest.substr(0, colon))) return expected_form(form);
  if (colon == rest.npos) return {};
  const auto port = parse_count(rest.substr(colon + 1));
  if (!port || *port == 0 || *port > std::numeric_limits<std::uint16_t>::max()) return expected_form(form);
  if (*port == (is_https ? 443 : 80))
    return expected_form("leave out the default port: browsers do not send it in Origin");
  return {};
}

std::string show_duration(std::chrono::milliseconds value) {
  const auto count = static_cast<std::uint64_t>(value.count());
  const auto unit = std::ranges::find_if(units, [count](const Unit& u) { return count % u.milliseconds == 0; });
  return count == 0 ? "0s" : fmt::format("{}{}", count / unit->milliseconds, unit->name);
}

std::string show_network(const Network& network) {
  const unsigned bits = network.address.is_v4() ? network.prefix_bits - 96 : network.prefix_bits;
  return fmt::format("{}/{}", network.address.to_string(), bits);
}

bool holds_password(std::string_view urls) {
  if (urls.contains(password_option)) return true;
  const auto at = urls.rfind('@');  // the last: a password may hold one too
  if (at == urls.npos) return false;
  const auto scheme = urls.find("://");
  if (scheme == urls.npos || scheme > at) return true;
  const std::string_view users = urls.substr(scheme + 3, at - scheme - 3);
  return users.contains(':') || users.contains(',');  // several URLs: whose colon it is is not worth a guess
}

std::string redacted_url(std::string_view url) {
  std::string shown;
  const auto scheme = url.find("://");
  // The last @: a password may hold one too.
  if (const auto at = url.rfind('@'); at != url.npos) {
    shown = scheme < at ? std::string(url.substr(0, scheme + 3)) : "";
    if (url.find('?') < at) return shown + "***";  // it may be the user's password, or one among the options
    shown += "***@";
    url = url.substr(at + 1);
  }
  const auto hidden = std::min(url.find('?'), url.find(password_option));
  shown += url.substr(0, hidden);
  if (hidden == url.npos) return shown;
  return shown + (url[hidden] == '?' ? "?***" : "***");
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out + '"';
}

}  // namespace propusk::config
