// JWTs as djoser writes them: the claims of djangorestframework-simplejwt, and the sign-in that they belong to.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/secret.hpp"
#include "core/accounts/account.hpp"
#include "dialects/drf/site.hpp"
#include "dialects/drf/texts.hpp"

namespace propusk::drf {

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

/// The token that a text is: signed by us and not expired. Else what simplejwt says of it. Whether its sign-in is still
/// live is another question.
std::expected<Jwt, Sentence> read_jwt(const Site& site, std::string_view text);

}  // namespace propusk::drf
