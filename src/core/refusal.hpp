// Refusal: every reason a caller can be refused, as one closed list. Each dialect maps all of it in one switch.
#pragma once
#include <bit>
#include <chrono>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <string_view>

namespace propusk::core {

enum class Refusal : std::uint8_t {
  // accounts: what a person typed
  username_malformed,  ///< missing, too long or not of the dialect's shape
  username_taken,      ///< somebody has it, to the byte
  email_malformed,     ///< missing, too long or not an address
  email_taken,         ///< another account has verified or claimed it
  password_too_short,  ///< fewer characters than passwords.min_length
  password_too_long,   ///< more than 4096 bytes
  password_common,     ///< among the 20,000 most common ones
  password_numeric,    ///< digits alone
  password_malformed,  ///< not UTF-8
  // accounts: what an operator or a capability asked for
  account_unknown,   ///< told only to operators
  account_disabled,  ///< or pending; told to operators, and after a right password where SignInDeps::tells_disabled
  mail_unknown,      ///< told only to operators: no such mail, or none to which this can be done
  creation_failed,   ///< no free account id was found in eight draws
  // sign-in
  bad_credentials,  ///< wrong, unknown, disabled: one refusal, so that no dialect can tell them apart
  // mailed links
  uid_unknown,   ///< the link names no account
  link_unknown,  ///< no such link for this purpose, or what it was for has changed since
  link_used,     ///< it has done its work
  link_expired,  ///< too old
  // sessions
  not_signed_in,  ///< no live credential was presented
  // people at providers
  provider_unknown,  ///< no such provider, or it is not offered for what was asked
  provider_refused,  ///< the provider does not vouch for what was presented, or vouches for another app
  provider_revoked,  ///< the person took the permission back at the provider
  provider_failed,   ///< the provider cannot be asked now, or answers what nobody understands
  identity_taken,    ///< the person at the provider is connected to another account
  identity_unknown,  ///< the account has no such connection
  last_way_in,       ///< without it nobody could sign in to the account
  not_fresh,         ///< the sign-in is too old for what was asked (core/sessions/freshness.hpp)
  // registered clients and what they ask for
  client_unknown,     ///< no such client, or it is disabled
  client_refused,     ///< the secret is not its own
  client_malformed,   ///< told only to operators: something about a new client is not allowed
  client_taken,       ///< told only to operators: the id is another's
  grant_not_allowed,  ///< the client may not ask in this way
  grant_refused,      ///< the code or token is unknown, used, too old or somebody else's
  scope_refused,      ///< more was asked for than may be given
  // limits
  limited,     ///< too many attempts; Refused::retry_after says when to come back
  overloaded,  ///< the hashing queue or the queue of mail requests is full; Refused::retry_after says when to come back
};
/// How many refusals there are; refusal_name() and docs/reference/refusals.md list them all.
constexpr std::size_t refusal_count = static_cast<std::size_t>(Refusal::overloaded) + 1;

/// The name of a refusal as written above: for logs, metrics and the reference.
std::string_view refusal_name(Refusal refusal);

/// Several refusals at once, for forms that answer for every field; the dialect picks by its own order.
class Refusals {
 public:
  constexpr Refusals() = default;
  constexpr Refusals(std::initializer_list<Refusal> list) {
    for (Refusal refusal : list) add(refusal);
  }
  constexpr void add(Refusal refusal) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(refusal); }
  constexpr void add(const Refusals& others) { bits_ |= others.bits_; }
  [[nodiscard]] constexpr bool has(Refusal refusal) const {
    return (bits_ >> static_cast<unsigned>(refusal) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
  /// The first in the order of the enum; any() must hold.
  [[nodiscard]] constexpr Refusal first() const { return static_cast<Refusal>(std::countr_zero(bits_)); }
  friend constexpr bool operator==(const Refusals&, const Refusals&) = default;

 private:
  std::uint64_t bits_ = 0;
  static_assert(refusal_count <= 64);
};

/// The value of a refused call. `all` always holds `why`; it holds more only where a form was examined as a whole.
struct Refused {
  Refusal why;
  Refusals all;
  std::chrono::seconds retry_after{0};                                           ///< > 0 for limited and overloaded
  Refused(Refusal refusal, std::chrono::seconds wait = std::chrono::seconds{0})  // NOLINT: implicit on purpose
      : why(refusal), all({refusal}), retry_after(wait) {}
  Refused(Refusal first, Refusals every) : why(first), all(every) { all.add(first); }
};

template <class T = void>
using Result = std::expected<T, Refused>;
using Refuse = std::unexpected<Refused>;
/// `return refuse(Refusal::limited, 30s);`
inline Refuse refuse(Refusal why, std::chrono::seconds wait = std::chrono::seconds{0}) {
  return Refuse(Refused(why, wait));
}

}  // namespace propusk::core
