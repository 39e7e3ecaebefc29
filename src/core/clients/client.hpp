// Client: an application that an operator registered (RFC 6749 section 2), what it may ask for, and what it may be
// told.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "core/accounts/account.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

enum class ClientKind : std::uint8_t {
  confidential,  ///< can keep a secret: a server
  open,          ///< "public" in RFC 6749: an app on somebody's device, a page
};
std::string_view client_kind_name(ClientKind kind);            ///< "confidential" or "public", as stored
std::optional<ClientKind> client_kind(std::string_view name);  ///< nothing for a name that is no kind
enum class ClientState : std::uint8_t { active, disabled };
std::string_view client_state_name(ClientState state);
std::optional<ClientState> client_state(std::string_view name);

/// The ways in which a client may ask for tokens.
enum class ClientGrant : std::uint8_t {
  convert_token,
  password,
  refresh_token,
  client_credentials,
  authorization_code
};
struct ClientGrantRow {
  ClientGrant grant;
  std::string_view name;  ///< `grant_type` on the wire, and as stored
  bool needs_secret;      ///< public clients never may: nothing but the client itself would vouch for it
};
inline constexpr std::array client_grants{
    ClientGrantRow{ClientGrant::convert_token, "convert_token", true},
    ClientGrantRow{ClientGrant::password, "password", true},
    ClientGrantRow{ClientGrant::refresh_token, "refresh_token", false},
    ClientGrantRow{ClientGrant::client_credentials, "client_credentials", true},
    ClientGrantRow{ClientGrant::authorization_code, "authorization_code", false},
};
constexpr const ClientGrantRow& row_of(ClientGrant grant) { return client_grants[static_cast<std::size_t>(grant)]; }
std::optional<ClientGrant> client_grant(std::string_view name);  ///< nothing for a name that is no grant

/// A registered client, as stored.
struct Client {
  std::string id;    ///< is_client_id()
  std::string name;  ///< what people read when they are asked
  ClientKind kind{};
  std::optional<Digest> secret;  ///< SHA-256 of it; of confidential clients
  std::vector<ClientGrant> grants;
  std::vector<std::string> scopes;         ///< what it may ask for, in the order in which it is told
  std::vector<std::string> backends;       ///< providers whose tokens it may convert; empty: all
  std::vector<std::string> redirect_uris;  ///< is_redirect_uri()
  std::vector<std::string> origins;        ///< of pages that may call it from a browser
  bool skips_consent = false;              ///< the operator's own: nobody is asked
  bool introspects = false;                ///< may ask about tokens that it did not get
  ClientState state = ClientState::active;
  Epoch epoch = 1;  ///< what it got is live only with the current one
  Instant created_at{};
  Instant secret_changed_at{};
};

/// Whether a client may ask in this way: it was allowed to, and it can keep a secret where one is needed.
bool may(const Client& client, ClientGrant grant);

/// Whether it is the operator's own app: people are not asked about it, or it may take their passwords or a provider's
/// tokens. What any other got is never taken for the person themselves.
bool is_own_app(const Client& client);

/// On whose behalf and for what a credential was opened.
struct CredentialTerms {
  std::string client;      ///< id of the client that got it
  Epoch client_epoch = 0;  ///< of the client when it did; live only while equal
  std::string scope;       ///< words with a space between them
  friend bool operator==(const CredentialTerms&, const CredentialTerms&) = default;
};

/// What a request does, as scopes see it.
enum class Access : std::uint8_t { read, write };

/// The scope that the client gets if it asks for `asked`: all of its own for "". Refuses scope_refused for a word that
/// is not among them.
Result<std::string> granted_scope(const Client& client, std::string_view asked);
/// The part of `held` that `asked` names, all of it for "". Refuses scope_refused for more than is held (RFC 6749
/// section 6).
Result<std::string> narrowed_scope(std::string_view held, std::string_view asked);
/// Whether a credential lets its bearer do this; one without terms was opened by the person and may do everything.
bool permits(const CredentialTerms* terms, Access access);

bool is_client_id(std::string_view text);      ///< 1 to 100 printable ASCII characters without a colon
bool is_client_secret(std::string_view text);  ///< 32 to 200 printable ASCII characters: SHA-256 alone protects it
Secret<> new_client_secret(Random& random);    ///< 256 random bits as base64url

/// Whether answers may be sent there: https, http of this machine (RFC 8252 section 7.3), or an app's own scheme with a
/// dot (RFC 8252 section 7.1); no fragment, no user, at most 2,000 bytes.
bool is_redirect_uri(std::string_view text);
/// Equal to the byte, but for the port of a loopback literal over http (RFC 8252 section 7.3).
bool is_same_redirect(std::string_view registered, std::string_view asked);
/// The address among the client's own that `asked` is; for "" the only one. nullptr: nothing may be sent there.
const std::string* find_redirect_uri(const Client& client, std::string_view asked);

}  // namespace propusk::core
