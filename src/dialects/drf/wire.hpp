// Wire: how answers of Django REST framework look: their headers, and JSON as its JSONRenderer writes it.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "dialects/drf/view.hpp"
#include "http/router.hpp"

namespace propusk::drf {

/// Starts an answer: what every one of a view carries. WWW-Authenticate comes before, Content-Type with a body.
void begin(const Visit& visit, int status);
void send_json(const Visit& visit, int status, std::string_view body);
/// No body and no Content-Type: 204, and the recorded 400 of a feature that is off.
void send_nothing(const Visit& visit, int status);

/// `{"detail":"…"}`
std::string detail_of(std::string_view sentence);
void send_detail(const Visit& visit, int status, Sentence sentence);
/// 401 with `WWW-Authenticate: Token`, the first authenticator's.
void send_unauthorized(const Visit& visit, Sentence sentence);
void send_unauthorized_json(const Visit& visit, std::string_view body);
/// 429 with when to come back.
void send_throttled(const Visit& visit, std::chrono::seconds wait);
/// Nothing for 0.
void add_retry_after(const Visit& visit, std::chrono::seconds wait);
/// What OPTIONS tells of a view; `actions` is its last member, or "".
void send_metadata(const Visit& visit, std::string_view actions);
/// The answer for a request that failed outside any view.
void send_failure(http::Failure failure, http::Reply& reply);

/// A fresh opaque token: 40 lower-case hex digits, 160 random bits.
std::string new_token(Random& random);
bool is_token(std::string_view text);
/// What a client's access token looks like: 30 letters and digits.
bool is_access_token(std::string_view text);

}  // namespace propusk::drf
