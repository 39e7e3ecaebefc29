// Wire: how answers of the djoser dialect look: their headers, and JSON as DRF's JSONRenderer writes it.
#pragma once
#include <string>
#include <string_view>

#include "core/accounts/profile_card.hpp"
#include "core/refusal.hpp"
#include "dialects/djoser/view.hpp"

namespace propusk::djoser {

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
/// What OPTIONS tells of a view.
void send_metadata(const Visit& visit);

/// The account as its owner sees it: which members in which order is the profile's.
std::string card_json(const DjoserSettings& settings, const core::ProfileCard& card);

/// A fresh opaque token: 40 lower-case hex digits, 160 random bits.
std::string new_token(Random& random);
bool is_token(std::string_view text);

// errors.cpp
/// Where a refusal belongs.
enum class Place : std::uint8_t { username, email, current_password, uid, token, detail };
struct WireError {
  int status;
  Place place;
  Sentence sentence;
};
WireError to_wire(core::Refusal refusal);
/// A refusal that is nobody's field: limited, overloaded, an account that is gone.
void send_refusal(const Visit& visit, const core::Refused& refused);
void write_failure(Djoser& djoser, http::Failure failure, const http::Request& request, http::Reply& reply);

}  // namespace propusk::djoser
