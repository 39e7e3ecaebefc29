// JWTs are written here; they are read wherever an Authorization header is (dialects/drf).
#pragma once
#include <string>

#include "dialects/djoser/djoser.hpp"
#include "dialects/drf/jwt.hpp"

namespace propusk::djoser {

using drf::Jwt;
using drf::JwtType;

/// A pair before anybody has it: the secrets of a sign-in and of its first refresh token.
struct NewPair {
  Secret<> sign_in, token_id;
  [[nodiscard]] core::CredentialDraft draft(const DjoserSettings& settings) const;
};
NewPair draw_pair(Random& random);
/// Both tokens of a sign-in that was opened by the pair's draft.
struct WrittenPair {
  std::string access, refresh;
};
WrittenPair write_pair(const Djoser& djoser, const NewPair& pair, core::AccountId account);

std::string write_jwt(const Djoser& djoser, const Jwt& jwt);
/// An access token of the sign-in, with a fresh id.
std::string write_access_jwt(const Djoser& djoser, core::AccountId account, const Secret<>& sign_in);

}  // namespace propusk::djoser
