// FakeIssuer: an OpenID provider for tests: what it publishes of itself, and the id_tokens that it signs.
#pragma once
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "platform/jose/opened_key.hpp"
#include "providers/public_keys.hpp"
#include "tests/support/fake_person.hpp"

namespace propusk::testing {

/// Signs by ES256; its keys are called `key-1`, `key-2` and so on. Thread-safe.
class FakeIssuer {
 public:
  FakeIssuer();
  ~FakeIssuer();
  FakeIssuer(const FakeIssuer&) = delete;
  FakeIssuer& operator=(const FakeIssuer&) = delete;

  /// The URL by which it calls itself.
  void set_name(std::string name);
  [[nodiscard]] std::string name() const;
  /// When the tokens are issued that it gives for codes.
  void set_now(Instant now);
  [[nodiscard]] Instant now() const;
  /// Members of its description that differ; null: the member is not there.
  void change_metadata(boost::json::object changes);
  /// A new key signs; the one before is not published any longer.
  void rotate();

  /// Its description (OpenID Connect Discovery §3) and its keys, as they are served.
  [[nodiscard]] std::string metadata() const;
  [[nodiscard]] std::string key_set() const;

  /// The claims of an id_token for `client` about a person, issued at `at` and good for ten minutes.
  [[nodiscard]] boost::json::object claims(const FakePerson& person, std::string_view client, Instant at) const;
  /// With the usual header, by the newest key.
  [[nodiscard]] std::string sign(const boost::json::object& claims) const;
  /// With any header, by the newest key whatever it says.
  [[nodiscard]] std::string sign(const boost::json::object& claims, const boost::json::object& header) const;
  /// Whether the newest key signed this token, and is called so.
  [[nodiscard]] bool has_signed(std::string_view token, const std::string& kid) const;

 private:
  [[nodiscard]] std::string kid() const;  // with the lock held
  mutable std::mutex mutex_;
  std::string name_ = "https://providers.test/oidc";
  Instant now_{};
  boost::json::object changes_;
  std::map<std::string, std::unique_ptr<const platform::OpenedKey>> keys_;
};

/// Believes what the issuer signed, without cryptography of its own: for tests of what is judged beside the signature.
/// The published key set must name the key.
class FakeIssuersKeys final : public providers::PublicKeys {
 public:
  explicit FakeIssuersKeys(const FakeIssuer& issuer) : issuer_(issuer) {}
  [[nodiscard]] std::expected<Believed, Doubt> believe(std::string_view token, std::string_view key_set) const override;

 private:
  const FakeIssuer& issuer_;
};

}  // namespace propusk::testing
