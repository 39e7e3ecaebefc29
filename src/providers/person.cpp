// The map of fields is the catalogue's; what is too long or odd is cut, never refused, but for the subject.
#include "providers/person.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "providers/answer.hpp"

namespace propusk::providers {
namespace {
using core::EmailTrust;
constexpr std::size_t text_limit = 600, address_limit = 320;  // bytes; of an address RFC 5321 §4.5.3.1
constexpr std::size_t subject_limit = 255;                    // bytes; OpenID Connect Core §2

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

/// OpenID Connect Core §2 says ASCII; others use numbers. A subject is a key: two that look alike are never told apart.
bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= subject_limit &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::string cut(std::string text) {
  std::erase_if(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!is_utf8(text)) return "";
  if (text.size() <= text_limit) return text;
  text.resize(text_limit);
  while (!text.empty() && !is_utf8(text)) text.pop_back();
  return text;
}

EmailTrust trust_in(const boost::json::value& person, const std::string& address, const Reading& reading) {
  const EmailRule& rule = reading.question.email;
  if (rule.needs_trust && !reading.trusts_email) return EmailTrust::none;
  if (!rule.verified_at.empty() && !is_true_at(person, rule.verified_at)) return EmailTrust::none;
  const std::string domain = lower(address.substr(address.find('@') + 1));
  const bool is_own = std::ranges::find(rule.own_domains, domain) != rule.own_domains.end();
  const bool is_customers = !rule.own_domain_at.empty() && lower(text_at(person, rule.own_domain_at)) == domain;
  if (is_own || is_customers) return EmailTrust::authoritative;
  return rule.verified_at.empty() ? EmailTrust::none : EmailTrust::verified;
}

void read_names(const boost::json::value& person, const Fields& fields, core::ProviderIdentity& identity) {
  identity.username = cut(text_at(person, fields.username));
  identity.first_name = cut(text_at(person, fields.first_name));
  identity.last_name = cut(text_at(person, fields.last_name));
  if (!identity.first_name.empty() || !identity.last_name.empty()) return;
  const std::string full = cut(text_at(person, fields.full_name));
  const std::size_t space = std::min(full.find(' '), full.size());
  identity.first_name = full.substr(0, space);
  identity.last_name = full.substr(std::min(space + 1, full.size()));
}
}  // namespace

bool is_plain_address(std::string_view text) {
  if (text.size() > address_limit || text.size() < 3 || !is_utf8(text) || text.find('@') != text.rfind('@'))
    return false;
  return text.contains('@') && text.find_first_of(" ,;<>\"") == text.npos &&
         std::ranges::all_of(to_code_points(text), is_graphic);
}

Outcome<core::ProviderIdentity> read_person(const boost::json::value& person, const Reading& reading) {
  const Fields& fields = reading.question.fields;
  core::ProviderIdentity identity;
  identity.provider = reading.provider;
  identity.subject = text_at(person, fields.subject);
  if (!is_subject(identity.subject)) return mishap(core::ProviderFailure::unintelligible, "no subject");
  read_names(person, fields, identity);
  const std::string address = text_at(person, fields.email);
  if (!is_plain_address(address)) return identity;
  identity.email = address;
  identity.email_trust = trust_in(person, address, reading);
  if (fields.was_keyed_by_email && identity.email_trust != EmailTrust::none) identity.imported_subject = address;
  return identity;
}

std::string primary_address(const boost::json::value& list) {
  if (!list.is_array()) return "";
  for (const boost::json::value& each : list.get_array()) {
    if (!is_true_at(each, "/primary") || !is_true_at(each, "/verified")) continue;
    std::string address = text_at(each, "/email");
    return is_plain_address(address) ? address : "";
  }
  return "";
}

}  // namespace propusk::providers
