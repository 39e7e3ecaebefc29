// The signature was believed before; here it is asked whether the token was meant for us, now.
#include "providers/id_token.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <vector>

#include "base/constant_time.hpp"
#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "providers/answer.hpp"

namespace propusk::providers {
namespace {
namespace json = boost::json;
using core::ProviderFailure;
constexpr double clock_skew = 60;  // seconds: between two honest clocks

/// NaN for what is absent or no number: it compares with nothing.
double number_at(const json::value& claims, std::string_view pointer) {
  const json::value* found = value_at(claims, pointer);
  return found && found->is_number() ? found->to_number<double>() : std::nan("");
}

std::vector<std::string> audiences_in(const json::value& claims) {
  std::vector<std::string> audiences;
  const json::value* aud = value_at(claims, "/aud");
  if (!aud) return audiences;
  if (aud->is_string()) audiences.push_back(text_at(claims, "/aud"));
  if (aud->is_array())
    for (const json::value& each : aud->get_array())
      if (each.is_string()) audiences.emplace_back(each.get_string());
  return audiences;
}

Outcome<void> judge_audience(const json::value& claims, std::span<const std::string> clients) {
  const auto is_ours = [clients](const std::string& id) { return std::ranges::find(clients, id) != clients.end(); };
  const std::vector<std::string> audiences = audiences_in(claims);
  if (audiences.empty()) return mishap(ProviderFailure::unintelligible, "no aud");
  if (std::ranges::none_of(audiences, is_ours)) return mishap(ProviderFailure::foreign_token, "aud");
  const json::value* azp = value_at(claims, "/azp");
  if (!azp && audiences.size() > 1) return mishap(ProviderFailure::foreign_token, "several aud and no azp");
  if (azp && !(azp->is_string() && is_ours(text_at(claims, "/azp"))))
    return mishap(ProviderFailure::foreign_token, "azp");
  return {};
}

Outcome<void> judge_times(const json::value& claims, Instant now_at) {
  const double now = static_cast<double>(now_at.time_since_epoch().count()) / 1e6;
  const double expires = number_at(claims, "/exp"), issued = number_at(claims, "/iat");
  if (std::isnan(expires) || std::isnan(issued)) return mishap(ProviderFailure::unintelligible, "no exp or iat");
  if (now >= expires + clock_skew) return mishap(ProviderFailure::token_refused, "expired");
  if (issued > now + clock_skew) return mishap(ProviderFailure::token_refused, "iat lies ahead");
  if (value_at(claims, "/nbf") && !(number_at(claims, "/nbf") <= now + clock_skew))
    return mishap(ProviderFailure::token_refused, "nbf lies ahead");
  return {};
}

/// The left half of the hash that goes with the signature's algorithm (OpenID Connect Core §3.1.3.6).
std::string left_half(std::string_view algorithm, const Secret<>& access_token) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  const std::string& text = access_token.reveal();
  if (EVP_Q_digest(nullptr, algorithm == "EdDSA" ? "SHA512" : "SHA256", nullptr, text.data(), text.size(),
                   digest.data(), &size) != 1)
    throw Outage("providers", "OpenSSL cannot hash");
  return to_base64url(std::as_bytes(std::span(digest).first(size / 2)));
}

Outcome<void> judge_flow(const json::value& claims, const IdTokenExpectation& expected) {
  if (!expected.nonce.empty() && !equal_in_constant_time(text_at(claims, "/nonce"), expected.nonce))
    return mishap(ProviderFailure::token_refused, "nonce");
  if (!expected.access_token || !value_at(claims, "/at_hash")) return {};
  if (text_at(claims, "/at_hash") != left_half(expected.algorithm, *expected.access_token))
    return mishap(ProviderFailure::token_refused, "at_hash");
  return {};
}
}  // namespace

Outcome<void> judge_claims(const json::value& claims, const IdTokenExpectation& expected) {
  const json::value* issuer = value_at(claims, "/iss");
  if (!issuer || !issuer->is_string() || text_at(claims, "/iss") != expected.issuer)
    return mishap(ProviderFailure::foreign_token, "iss");
  if (auto audience = judge_audience(claims, expected.clients); !audience) return audience;
  if (auto times = judge_times(claims, expected.now); !times) return times;
  // OpenID Connect Back-Channel Logout §2.4: a logout token has this and no nonce.
  if (value_at(claims, "/events")) return mishap(ProviderFailure::token_refused, "a security event");
  return judge_flow(claims, expected);
}

bool may_be_id_token(std::string_view token) {
  const auto bytes = from_base64url(token.substr(0, token.find('.')));
  if (!bytes) return false;
  boost::system::error_code error;
  const json::value header =
      json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), error);
  if (error || !header.is_object()) return false;
  if (!value_at(header, "/typ")) return true;
  const std::string type = text_at(header, "/typ");
  return type == "JWT" || type == "jwt";
}

}  // namespace propusk::providers
