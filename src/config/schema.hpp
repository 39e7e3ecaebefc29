// The schema: one table of keys that drives the file, the environment, the flags, `config print` and the reference.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace propusk::config {

/// Where a key's value lives inside a Settings.
using Slot = std::variant<bool*, std::uint64_t*, std::string*, Endpoint*, std::optional<Endpoint>*,
                          std::vector<Network>*, std::vector<std::string>*, std::chrono::seconds*,
                          std::chrono::milliseconds*, MailTransport*, MailTls*, EnvelopeShape*, DjoserProfile*,
                          DjoserLanguage*, ByProfile*, TokenLogout*, JwtAlgorithm*, LinkVerifiedEmail*, LogLevel*>;

/// How a value is written in TOML. The environment and flags write the same text without TOML's quotes and brackets.
enum class Form : std::uint8_t { text, number, boolean, list };

/// What a text has to be, beyond its type.
enum class Shape : std::uint8_t {
  any,
  origin,
  host_name,
  url,
  path,       ///< `/auth`
  link,       ///< where a mailed link points, with {uid} and {token}
  https_url,  ///< an address that is asked or shown over TLS
  word,       ///< visible ASCII without spaces, as ids of applications and names of scopes are
};

/// One key.
struct Key {
  std::string_view path;  ///< `section.key`; the section ends at the last point
  std::string_view help;  ///< one line of Markdown
  Slot (*slot)(Settings&);
  std::int64_t least = 0;  ///< bounds of a number, or of a duration in milliseconds; of a text, `most` bytes
  std::int64_t most = 0;
  std::string_view choices{};  ///< `a|b|c` for a closed list; enumerators in their order; of a list: its members
  Shape shape = Shape::any;
};

/// Every key, section by section in the order of DESIGN.md §8.
std::span<const Key> keys();
/// Nothing for a path that is no key.
const Key* find_key(std::string_view path);
/// The key that a mistyped path most likely meant.
const Key& nearest_key(std::string_view path);

/// `PROPUSK_SERVER__LISTEN` for `server.listen`.
std::string environment_name(const Key& key);
Form form_of(const Key& key);
/// True if a value may hold a secret: shown redacted, and refused as an argument when it does.
bool may_hold_secret(const Key& key);

/// Writes `text` into the key's slot, or says what is expected instead; then nothing was written.
std::expected<void, std::string> assign(const Key& key, std::string_view text, Settings& settings);
/// The key's value as assign() would read it back; redacted if it may hold a secret.
std::string show(const Key& key, const Settings& settings);
/// The type and the bounds, in words, for the reference and for problems: `a number from 8 to 64`.
std::string describe_type(const Key& key);

}  // namespace propusk::config
