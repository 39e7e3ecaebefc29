// Person: an identity read out of an answer, with the trust that its address deserves.
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "providers/catalogue.hpp"
#include "providers/mishap.hpp"

namespace propusk::providers {

struct Reading {
  std::string_view provider;
  const PersonQuestion& question;
  bool trusts_email = false;  ///< the operator does
};
/// unintelligible without a subject of 1 to 255 visible characters of ASCII. Texts are at most 600 bytes of UTF-8 each,
/// without control characters; what is no UTF-8 is left out. An address that nobody vouches for is no key of old
/// systems.
Outcome<core::ProviderIdentity> read_person(const boost::json::value& person, const Reading& reading);

/// Printable, with one `@`, at most 320 bytes: nothing that could be two addresses.
bool is_plain_address(std::string_view text);
/// The primary and verified one of GitHub's list; "" if there is none.
std::string primary_address(const boost::json::value& list);

}  // namespace propusk::providers
