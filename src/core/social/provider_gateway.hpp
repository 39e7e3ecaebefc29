// ProviderGateway: the port to the upstreams that vouch for people. It answers who somebody is at a provider; what that
// means here is core/social's to say.
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace propusk::core {

/// How far a provider's word on an e-mail address is taken (UX.md §5a).
enum class EmailTrust : std::uint8_t {
  none,           ///< a hint at most: it never wins over anybody, and links nothing
  verified,       ///< the provider has proved that the person gets mail there
  authoritative,  ///< besides, the mailbox is the provider's own, or its customer's: whoever signs in there owns it
};

/// What a provider says of a person.
struct ProviderIdentity {
  std::string provider;          ///< the backend's name, as clients write it: `google-oauth2`
  std::string subject;           ///< never changes and is never given to somebody else; the key of a link
  std::string imported_subject;  ///< what old systems kept the same person under (an e-mail address); "" if none
  std::string email;             ///< "" if none was told
  EmailTrust email_trust = EmailTrust::none;
  std::string username;  ///< that the person may like; any text, "" if none
  std::string first_name, last_name;
};

/// An identity that a provider has vouched for, to us: its token or code was issued to our own client there. Move-only;
/// only gateways make one, so that nothing typed by a client can stand for it.
class VouchedIdentity {
 public:
  VouchedIdentity(VouchedIdentity&&) noexcept = default;
  VouchedIdentity& operator=(VouchedIdentity&&) noexcept = default;
  VouchedIdentity(const VouchedIdentity&) = delete;
  VouchedIdentity& operator=(const VouchedIdentity&) = delete;
  ~VouchedIdentity() = default;
  [[nodiscard]] const ProviderIdentity& operator*() const { return identity_; }
  [[nodiscard]] const ProviderIdentity* operator->() const { return &identity_; }

 private:
  friend class ProviderGateway;
  explicit VouchedIdentity(ProviderIdentity identity) : identity_(std::move(identity)) {}
  ProviderIdentity identity_;
};

/// Why a provider does not vouch. Its own words go to the log at most, never to a client (SECURITY.md O3).
enum class ProviderFailure : std::uint8_t {
  not_offered,     ///< no such backend, not set up, or it cannot do this (a code flow only, say)
  token_refused,   ///< the provider does not know the token or code, or it has expired
  access_revoked,  ///< the person took the permission back (VK's error 5)
  foreign_token,   ///< it was issued to somebody else's application
  unreachable,     ///< no connection, no answer in time, 5xx, or its circuit is open
  unintelligible,  ///< an answer that is no answer: not JSON, too large, a redirect, without a subject
};
/// The name of a failure as written above: for logs and metrics.
std::string_view provider_failure_name(ProviderFailure failure);

/// A provider as it is offered here.
struct OfferedProvider {
  std::string name;           ///< the backend's name
  std::string label;          ///< on buttons: `Google`
  bool takes_tokens = false;  ///< vouch_for_token() works: it proves whom an access token was issued to
  bool takes_codes = false;   ///< the redirect flow works
};

/// Where a browser is sent to ask a person.
struct AuthorizationQuestion {
  std::string redirect_uri;    ///< ours, as registered at the provider
  std::string state;           ///< comes back; at most 64 characters of [A-Za-z0-9_-]
  std::string nonce;           ///< comes back inside an id_token
  std::string code_challenge;  ///< S256 of the verifier (RFC 7636 §4.2)
};

/// What came back from there.
struct AuthorizationAnswer {
  Secret<> code;
  std::string redirect_uri;  ///< the same as asked with
  Secret<> code_verifier;
  std::string nonce;
  std::string state;
  std::string device_id;  ///< VK ID's; "" elsewhere
};

template <class T>
using ProviderResult = std::expected<T, ProviderFailure>;

class ProviderGateway {
 public:
  virtual ~ProviderGateway() = default;
  /// The providers that are set up, in the order in which they are shown. Never changes.
  [[nodiscard]] virtual std::span<const OfferedProvider> offered() const = 0;
  /// Who an access token is of, if it was issued to our own client there (generic OpenID Connect: an id_token). Never
  /// throws for what a provider does; Outage when we ourselves cannot go on.
  virtual Task<ProviderResult<VouchedIdentity>> vouch_for_token(std::string provider, Secret<> token,
                                                                Deadline deadline) = 0;
  /// The address to which a browser is sent. not_offered, or unreachable where it has to be discovered first.
  virtual Task<ProviderResult<std::string>> authorization_url(std::string provider, AuthorizationQuestion question,
                                                              Deadline deadline) = 0;
  /// Exchanges a code for who the person is.
  virtual Task<ProviderResult<VouchedIdentity>> vouch_for_code(std::string provider, AuthorizationAnswer answer,
                                                               Deadline deadline) = 0;

 protected:
  static VouchedIdentity vouch(ProviderIdentity identity) { return VouchedIdentity(std::move(identity)); }
};

}  // namespace propusk::core
