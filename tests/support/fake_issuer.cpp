// Signs with the product's own signing keys; what is published is written here by hand.
#include "tests/support/fake_issuer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"
#include "base/testing/fake_clock.hpp"

namespace propusk::testing {
namespace {
namespace json = boost::json;

std::string base64url(std::string_view text) { return to_base64url(as_bytes(text)); }

std::string decoded(std::string_view text) {
  const auto bytes = from_base64url(text);
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "";
}

std::unique_ptr<const platform::OpenedKey> new_key(std::uint64_t seed) {
  SeededRandom random(seed);
  constexpr auto algorithm = core::SigningAlgorithm::es256;
  return platform::open_key(algorithm, platform::make_private_key(algorithm, random));
}
}  // namespace

FakeIssuer::FakeIssuer() { rotate(); }
FakeIssuer::~FakeIssuer() = default;

void FakeIssuer::set_name(std::string name) {
  const std::lock_guard lock(mutex_);
  name_ = std::move(name);
}
std::string FakeIssuer::name() const {
  const std::lock_guard lock(mutex_);
  return name_;
}
void FakeIssuer::set_now(Instant now) {
  const std::lock_guard lock(mutex_);
  now_ = now;
}
Instant FakeIssuer::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}
void FakeIssuer::change_metadata(json::object changes) {
  const std::lock_guard lock(mutex_);
  changes_ = std::move(changes);
}
void FakeIssuer::rotate() {
  const std::lock_guard lock(mutex_);
  const std::size_t number = keys_.size() + 1;
  keys_.emplace("key-" + std::to_string(number), new_key(number));
}
std::string FakeIssuer::kid() const { return "key-" + std::to_string(keys_.size()); }

std::string FakeIssuer::metadata() const {
  const std::lock_guard lock(mutex_);
  json::object all{{"issuer", name_},
                   {"authorization_endpoint", name_ + "/authorize"},
                   {"token_endpoint", name_ + "/token"},
                   {"userinfo_endpoint", name_ + "/userinfo"},
                   {"jwks_uri", name_ + "/jwks"},
                   {"id_token_signing_alg_values_supported", json::array{"ES256"}}};
  for (const auto& change : changes_) {
    all.erase(change.key());
    if (!change.value().is_null()) all.emplace(change.key(), change.value());
  }
  return json::serialize(all);
}

std::string FakeIssuer::key_set() const {
  const std::lock_guard lock(mutex_);
  return R"({"keys":[{"kid":")" + kid() + R"(","use":"sig","alg":"ES256",)" + keys_.at(kid())->public_members() + "}]}";
}

json::object FakeIssuer::claims(const FakePerson& person, std::string_view client, Instant at) const {
  const std::int64_t issued = stored(at) / 1'000'000;
  json::object out{{"iss", name()},
                   {"aud", client},
                   {"sub", person.id},
                   {"iat", issued},
                   {"exp", issued + 600},
                   {"given_name", person.first_name},
                   {"family_name", person.last_name},
                   {"preferred_username", person.username}};
  if (!person.email.empty()) {
    out["email"] = person.email;
    out["email_verified"] = person.is_verified;
  }
  return out;
}

std::string FakeIssuer::sign(const json::object& claims) const {
  std::unique_lock lock(mutex_);
  const json::object header{{"alg", "ES256"}, {"kid", kid()}, {"typ", "JWT"}};
  lock.unlock();
  return sign(claims, header);
}

std::string FakeIssuer::sign(const json::object& claims, const json::object& header) const {
  const std::lock_guard lock(mutex_);
  const std::string input = base64url(json::serialize(header)) + "." + base64url(json::serialize(claims));
  return input + "." + base64url(keys_.at(kid())->sign(input));
}

bool FakeIssuer::has_signed(std::string_view token, const std::string& kid) const {
  const std::lock_guard lock(mutex_);
  const std::size_t last = token.rfind('.');
  if (last == token.npos || kid != this->kid()) return false;
  return keys_.at(kid)->verify(token.substr(0, last), decoded(token.substr(last + 1)));
}

std::expected<FakeIssuersKeys::Believed, FakeIssuersKeys::Doubt> FakeIssuersKeys::believe(
    std::string_view token, std::string_view key_set) const {
  const std::size_t first = token.find('.'), last = token.rfind('.');
  if (first == token.npos || first == last) return std::unexpected(Doubt::malformed);
  boost::system::error_code error;
  const json::value parsed = json::parse(decoded(token.substr(0, first)), error);
  if (error || !parsed.is_object()) return std::unexpected(Doubt::malformed);
  const json::object& header = parsed.get_object();
  const auto text = [&header](const char* name) {
    const json::value* found = header.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : "";
  };
  if (text("alg") != "ES256") return std::unexpected(Doubt::algorithm);
  if (text("kid").empty() || !key_set.contains("\"kid\":\"" + text("kid") + "\""))
    return std::unexpected(Doubt::unknown_key);
  if (!issuer_.has_signed(token, text("kid"))) return std::unexpected(Doubt::signature);
  return Believed{.claims = decoded(token.substr(first + 1, last - first - 1)), .algorithm = "ES256"};
}

}  // namespace propusk::testing
