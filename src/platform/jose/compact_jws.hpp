// CompactJws: a token taken apart, strictly: what has two spellings, or asks for what we do not do, is no token.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace propusk::platform {

/// A token of ours has a few hundred bytes; what is longer is refused before it is looked at.
inline constexpr std::size_t token_limit = 8 * 1024;

/// What a token says. None of it is to be believed before its signature.
struct CompactJws {
  std::string_view signing_input;  ///< of the token itself, which must outlive it
  std::string kid, algorithm;      ///< kid: "" if the token names no key
  std::string payload, signature;  ///< bytes
  bool brings_key = false;         ///< its header says where a key is, or has one: `jwk`, `jku`, `x5c`, `x5u`
};

/// Nothing unless `token` is at most token_limit bytes of three parts in base64url (RFC 7515 §7.1) without padding or
/// stray trailing bits, the first a JSON object without two members of one name that has a text as `alg`, one as `kid`
/// if it has a `kid` at all, and no `crit`: we understand no extension (RFC 7515 §4.1.11). Where a key might be found
/// is never looked at.
std::optional<CompactJws> read_compact_jws(std::string_view token);

/// Whether `text` is one JSON object in UTF-8.
bool is_json_object(std::string_view text);

}  // namespace propusk::platform
