// Catalogue: every provider as a row: where it is, how it is asked, what its answers mean, how far it is believed. A
// new one is a new row.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace propusk::providers {

/// The addresses of a provider; each can be set otherwise.
enum class Place : std::uint8_t { authorization, token, user_info, token_info, api };
inline constexpr std::size_t place_count = 5;

/// A parameter; `{word}` in its value is replaced.
struct Parameter {
  std::string_view name, value;
};
enum class Body : std::uint8_t { none, form, json };  ///< without a body the parameters stand in the query

/// One request.
struct Question {
  Place place{};
  std::string_view path{};           ///< behind the address of the place
  std::string_view authorization{};  ///< header
  Body body = Body::none;
  std::span<const Parameter> parameters{};
};

/// JSON pointers (RFC 6901); several with `|` between them: the first that is there.
struct Fields {
  std::string_view subject, email, username, first_name, last_name, full_name;
  bool was_keyed_by_email = false;  ///< old systems kept the person under the address (social-core)
};
/// How far the provider's word on an address is taken (UX.md §5a).
struct EmailRule {
  std::string_view verified_at{};                   ///< must be true, where there is such a member
  bool needs_trust = false;                         ///< and the operator trusts this provider with addresses
  std::span<const std::string_view> own_domains{};  ///< the mailbox is the provider's own
  std::string_view own_domain_at{};                 ///< or its customer's: the domain that the answer names
};
/// How a person is asked for, and read.
struct PersonQuestion {
  Question question{};
  std::string_view root{};  ///< where in the answer the person is
  Fields fields{};
  EmailRule email{};
  Question addresses{};  ///< where verified addresses are apart
  bool has_addresses = false;
};
/// A kind of token that can prove whom it was issued to.
struct TokenKind {
  const PersonQuestion* person = nullptr;
  Question check{};  ///< else the person's own answer proves it
  bool has_check = false;
  std::string_view audience{};  ///< pointers with a space between them: each that is there must be our client
  bool proves_itself = false;  ///< the request was made in our client's name, and would have failed for another's token
  std::string_view subject{};  ///< in the answer to the check: the same person
  std::string_view needs{};    ///< a word without which it cannot be asked
};

struct Provider {
  std::string_view name;   ///< backend, as clients write it
  std::string_view label;  ///< for people
  std::string_view places[place_count];
  std::string_view scopes;
  std::span<const Parameter> authorization{};
  Question exchange{};
  bool takes_secret = true;  ///< a code is exchanged with the client's secret
  const PersonQuestion* person = nullptr;
  std::span<const TokenKind> tokens{};          ///< none: it cannot be asked for somebody's token, only by the redirect
  std::string_view revoked_at{}, revoked_is{};  ///< an error that means: the person took the permission back
  bool is_open_id = false;                      ///< by discovery and id_token
};

std::span<const Provider> catalogue();

}  // namespace propusk::providers
