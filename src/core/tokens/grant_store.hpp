// GrantStore: the port through which codes, consents and the tokens that clients got for themselves are read and
// written.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/sessions/credential.hpp"

namespace propusk::core {

/// What a person let a client exchange for tokens (RFC 6749 section 4.1).
struct AuthorizationCode {
  Digest digest;  ///< SHA-256 of the code
  CredentialTerms terms;
  AccountId account{};
  Epoch epoch = 0;             ///< of the account when it was issued
  std::string redirect_uri;    ///< where it was sent
  std::string code_challenge;  ///< base64url of SHA-256 (RFC 7636, S256)
  Instant created_at{};
  Instant expires_at{};
  std::optional<Instant> used_at{};
  std::optional<Digest> credential{};  ///< what it was exchanged for
};

/// What a person lets a client have without being asked again.
struct Consent {
  AccountId account{};
  std::string client;
  std::string scope;
  Instant given_at{};
};

/// A token that a client got for itself (RFC 6749 section 4.4).
struct ClientToken {
  Digest digest;
  CredentialTerms terms;
  Instant created_at{};
  Instant expires_at{};
};

class GrantStore {
 public:
  virtual ~GrantStore() = default;
  [[nodiscard]] virtual std::optional<AuthorizationCode> find_code(const Digest& digest) const = 0;
  virtual void insert_code(const AuthorizationCode& code) = 0;
  /// Marks a code as used for `credential`. False if there is none, or it was used before.
  virtual bool use_code(const Digest& digest, const Digest& credential, Instant at) = 0;
  [[nodiscard]] virtual std::optional<Consent> find_consent(AccountId account, std::string_view client) const = 0;
  [[nodiscard]] virtual std::vector<Consent> list_consents(AccountId account) const = 0;  ///< newest first
  virtual void put_consent(const Consent& consent) = 0;  ///< in the place of the one that there is
  /// False if there was none. Codes that the client has not exchanged yet go too.
  virtual bool erase_consent(AccountId account, std::string_view client) = 0;
  [[nodiscard]] virtual std::optional<ClientToken> find_token(const Digest& digest) const = 0;
  /// Keeps the newest `count` of the client.
  virtual void insert_token(const ClientToken& token, std::size_t count) = 0;
  virtual bool erase_token(const Digest& digest) = 0;  ///< true if there was one
  /// Deletes at most `limit` codes and as many tokens that expired before `at`; returns how many.
  virtual std::size_t erase_expired(Instant at, std::size_t limit) = 0;
};

}  // namespace propusk::core
