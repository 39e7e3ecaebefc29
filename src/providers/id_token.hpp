// IdToken: the claims of an OpenID provider, judged (OpenID Connect Core §3.1.3.7).
#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "providers/mishap.hpp"

namespace propusk::providers {

struct IdTokenExpectation {
  std::string issuer;
  std::span<const std::string> clients;    ///< one of them is the audience
  std::string nonce{};                     ///< "": an app brought the token; nothing is expected
  const Secret<>* access_token = nullptr;  ///< that came with it: `at_hash` must fit, if it is there
  std::string_view algorithm{};            ///< of the signature, for at_hash
  Instant now{};
};
/// foreign_token for another audience, token_refused for what is expired, early or of another flow, unintelligible for
/// what is no id_token.
Outcome<void> judge_claims(const boost::json::value& claims, const IdTokenExpectation& expected);

/// Whether the header of a JWS does not say that it is something else (RFC 8725 section 3.11).
bool may_be_id_token(std::string_view token);

}  // namespace propusk::providers
