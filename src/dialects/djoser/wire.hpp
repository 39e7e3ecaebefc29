// Wire: how accounts and refusals look in the djoser dialect.
#pragma once
#include <string>

#include "core/accounts/profile_card.hpp"
#include "core/refusal.hpp"
#include "dialects/djoser/visit.hpp"

namespace propusk::djoser {

/// The account as its owner sees it: which members in which order is the profile's.
std::string card_json(const DjoserSettings& settings, const core::ProfileCard& card);

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
