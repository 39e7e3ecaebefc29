// How the envelope dialect looks on the wire: header blocks, bodies and cookies, as recorded (contracts/envelope.json).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "browser/session_cookie.hpp"
#include "core/refusal.hpp"
#include "dialects/envelope/envelope.hpp"
#include "http/form.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::envelope {

inline constexpr std::string_view register_path = "/auth/register";

/// An HTTP status and an integer code of the contract (CONTRACTS.md §2 "Original integer codes"); 0 is success.
struct WireError {
  int status;
  int code;
};
inline constexpr WireError success{200, 0};
inline constexpr WireError old_client_error{200, 53};
inline constexpr WireError access_error{403, 52};  ///< a browser sent it on behalf of another site

/// What a refusal looks like (errors.cpp: the one switch).
WireError to_wire(core::Refusal refusal);
/// Writes the refusal that the contract's order of checks puts first: 11, 12, 31, 32, then passwords.
void write_refusal(const core::Refused& refused, std::string_view result, http::Reply& reply);

/// Writes {"status", "result", "error"} as Python's json.dumps does. `result` is JSON; "" leaves the key out.
void write_envelope(WireError error, std::string_view result, http::Reply& reply);
/// The `result` of an answer on this path that has nothing to tell.
std::string_view nothing_told(const EnvelopeSettings& settings, const http::Request& request);
/// The recorded page: wrong method, missing parameter, a path of ours with a slash too many.
void write_not_found(http::Reply& reply);
inline void vary_by_cookie(http::Reply& reply) { reply.headers("Vary: Cookie\r\n"); }
/// A text of well-formed UTF-8 as a JSON string in ASCII, as json.dumps writes it.
std::string json_string(std::string_view utf8);

/// Whether a version of dotted numbers is lower than another; a text that is none is not.
bool is_older_version(std::string_view version, std::string_view least);
/// Whether the request comes from another site (52) or from a client older than the setting wants (53:
/// old_client_error, CONTRACTS.md §2, recommendation 6); then the answer is written.
bool refuses_sender(const Envelope& envelope, const http::Request& request, http::Reply& reply);
/// The fields of an urlencoded or multipart body. Any other body, and one that cannot be read, has none.
http::Form read_fields(const http::Request& request);
/// A field as a text of its own; nothing if it is absent.
std::optional<std::string> field(const http::Form& form, std::string_view name);
/// The language of ours that Accept-Language likes best.
std::optional<Language> language_of(const http::Request& request);

using browser::is_session_key;
using browser::new_session_key;
using browser::sent_session_key;

/// Sets `key` as the session cookie, and a csrftoken beside it, as recorded wherever a session begins.
void set_session_cookies(const Envelope& envelope, const http::Request& request, std::string_view key,
                         http::Reply& reply);
void remove_session_cookie(const Envelope& envelope, const http::Request& request, http::Reply& reply);

}  // namespace propusk::envelope
