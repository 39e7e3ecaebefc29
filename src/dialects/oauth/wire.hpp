// Wire: how tokens, refusals and clients look in the oauth dialect.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/refusal.hpp"
#include "dialects/oauth/visit.hpp"

namespace propusk::oauth {

/// 30 letters and digits (CONTRACTS.md §3.2 "Defaults").
Secret<> new_access_token(Random& random);

/// Two halves of 15: the first names the sign-in for its life, the second changes with every use (core/tokens).
struct RefreshToken {
  Secret<> sign_in, token_id;
  [[nodiscard]] Secret<> text() const { return Secret<>(sign_in.reveal() + token_id.reveal()); }
  [[nodiscard]] Digest credential() const { return sha256(sign_in.reveal()); }
};
/// Nothing for a text that cannot be one.
std::optional<RefreshToken> read_refresh_token(std::string_view text);

/// What a client gets: a refresh token only where it may use one.
struct TokenPair {
  Secret<> access;
  std::optional<RefreshToken> refresh;
};
TokenPair draw_tokens(const Oauth& oauth, const core::Client& client);
/// The credentials behind a pair, on these terms. Without a refresh token the sign-in lives as long as its access
/// token.
core::CredentialDraft draft_of(const Oauth& oauth, const TokenPair& tokens, core::CredentialTerms terms);

/// 200 with what RFC 6749 section 5.1 says, in the recorded order.
void send_tokens(const Visit& visit, const Secret<>& access, std::string_view scope,
                 const std::optional<Secret<>>& refresh);
/// `{"error":…,"error_description":…}`; "" for no description.
void send_error(const Visit& visit, int status, std::string_view error, std::string_view description = "");

// errors.cpp
struct WireError {
  int status;
  std::string_view error, description;
};
WireError to_wire(core::Refusal refusal);
void send_refusal(const Visit& visit, const core::Refused& refused);
void write_failure(Oauth& oauth, http::Failure failure, const http::Request& request, http::Reply& reply);

// client_authentication.cpp
/// A client in an `Authorization: Basic` header (RFC 6749 section 2.3.1).
struct BasicClient {
  bool is_shown = false;  ///< there is such a header, readable or not
  std::string id;
  Secret<> secret;
};
BasicClient read_basic(const http::Request& request);
/// What a client shows: the header, or else the fields of the form. Naming another client in the form than in the
/// header is nobody.
core::ClientPresented client_of(BasicClient basic, std::string_view id, Secret<> secret);
/// 401; with the challenge if the header was used.
void send_invalid_client(const Visit& visit, const BasicClient& basic);

}  // namespace propusk::oauth
