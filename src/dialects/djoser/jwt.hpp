// JWTs of the djoser dialect: the claims of djangorestframework-simplejwt, and the sign-in that they belong to.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "core/accounts/account.hpp"
#include "dialects/djoser/djoser.hpp"
#include "dialects/djoser/texts.hpp"

namespace propusk::djoser {

enum class JwtType : std::uint8_t { access, refresh };

/// What a token is about. On the wire: token_type, exp, iat, jti, user_id, and sid, which names the sign-in.
struct Jwt {
  JwtType type{};
  core::AccountId account{};
  Secret<> sign_in;   ///< 32 hex digits; its SHA-256 is the credential of both tokens of a pair
  Secret<> token_id;  ///< 32 hex digits
  Instant expires_at{};

  [[nodiscard]] Digest credential() const { return sha256(sign_in.reveal()); }
};

std::string write_jwt(const Djoser& djoser, const Jwt& jwt);
/// An access token of the sign-in, with a fresh id.
std::string write_access_jwt(const Djoser& djoser, core::AccountId account, const Secret<>& sign_in);

/// The token that a text is: signed by us and not expired. Else what simplejwt says of it. Whether its sign-in is still
/// live is another question.
std::expected<Jwt, Sentence> read_jwt(const Djoser& djoser, std::string_view text);

}  // namespace propusk::djoser
