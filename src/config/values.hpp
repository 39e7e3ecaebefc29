// How single values are written: parsers and printers of each type a setting can have.
#pragma once
#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_address.hpp"
#include "config/settings.hpp"

namespace propusk::config {

/// A parsed value, or the sentence that says what is expected instead.
template <class T>
using Parsed = std::expected<T, std::string>;

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` (which is 127.0.0.1). A host name is refused: what it names may
/// change after the check that a public listener is protected.
Parsed<Endpoint> parse_endpoint(std::string_view text);
/// A number and one of ms, s, m, h, d: `50ms`, `15s`, `14d`.
Parsed<std::chrono::milliseconds> parse_duration(std::string_view text);
/// Comma-separated networks; an empty text is an empty list. A network of every address is refused.
Parsed<std::vector<Network>> parse_networks(std::string_view text);
/// Comma-separated texts without the spaces around them; an empty text is an empty list.
std::vector<std::string> split_list(std::string_view text);
/// Decimal digits.
Parsed<std::uint64_t> parse_count(std::string_view text);
/// `scheme://host[:port]` exactly as browsers send it in Origin (RFC 6454 §6.2): lower case, A-labels, no path, no
/// default port. The sentence says what is wrong; nothing if the text is such an origin.
std::expected<void, std::string> check_origin(std::string_view text);

/// In the largest unit that divides it.
std::string show_duration(std::chrono::milliseconds value);
std::string show_network(const Network& network);
/// Whether a URL, or one of a comma-separated list, may name a password: a colon before the last `@`, or an `@` without
/// a scheme; or `password=` anywhere.
bool holds_password(std::string_view urls);
/// The URL without what may be a secret: user information and query are replaced by `***`.
std::string redacted_url(std::string_view url);
/// The text in quotes, with quotes, backslashes and control characters escaped as in a TOML basic string.
std::string in_quotes(std::string_view text);

}  // namespace propusk::config
