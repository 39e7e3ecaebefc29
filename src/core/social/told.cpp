// Nothing of an upstream is believed to be short, valid or harmless.
#include "core/social/told.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/social/social_link.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t subject_limit = 255,
                      provider_limit = 32;  // characters; OpenID Connect Core §2: `sub` has 255 at most
constexpr std::size_t display_limit = 254, username_limit = 150;  // names.hpp

bool is_seen_or_space(char32_t point) { return point == U' ' || is_graphic(point); }
bool is_letter_or_numeral(char32_t point) { return is_word(point) && point != U'_' && is_graphic(point); }
bool is_plain(char32_t point) {
  return is_letter_or_numeral(point) || point == U'_' || point == U'.' || point == U'+' || point == U'-';
}
}  // namespace

bool can_be_stored(const ProviderIdentity& identity) {
  const auto fits = [](std::string_view text, std::size_t limit) {
    return !text.empty() && is_utf8(text) && !text.contains('\0') && code_points(text) <= limit;
  };
  return fits(identity.subject, subject_limit) && fits(identity.provider, provider_limit);
}

std::string told_text(std::string_view text, std::size_t limit) {
  const std::string seen = filtered(repaired(text), is_seen_or_space, SIZE_MAX);
  return std::string(stripped(filtered(stripped(seen), is_seen_or_space, limit)));
}

std::string plain_username(std::string_view wanted) {
  std::string name = repaired(wanted);
  name = name.substr(0, name.find('@'));
  name = filtered(nfkc(name).value_or(""), is_plain, username_limit);
  return std::ranges::any_of(to_code_points(name), is_letter_or_numeral) ? name : "";
}

std::string vouched_email(const ProviderIdentity& identity) {
  return identity.email_trust != EmailTrust::none && is_email(identity.email) ? identity.email : "";
}

std::string own_mailbox(const ProviderIdentity& identity) {
  return identity.email_trust == EmailTrust::authoritative ? mailbox_of(vouched_email(identity)) : "";
}

std::string display_of(const ProviderIdentity& identity) {
  std::string name = told_text(identity.first_name + " " + identity.last_name, display_limit);
  for (const std::string& other : {identity.email, identity.username})
    if (name.empty()) name = told_text(other, display_limit);
  return name;
}

std::string_view label_of(std::string_view provider, std::span<const OfferedProvider> offered) {
  const auto found = std::ranges::find(offered, provider, &OfferedProvider::name);
  return found == offered.end() ? provider : std::string_view(found->label);
}

}  // namespace propusk::core
