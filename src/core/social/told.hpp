// Told: what a provider says of a person, made fit to be kept and shown.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "core/social/provider_gateway.hpp"

namespace propusk::core {

/// Whether the identity can be a key: a subject of 1 to 255 characters of UTF-8 without NUL, a provider's name of at
/// most 32.
bool can_be_stored(const ProviderIdentity& identity);
/// Free text as it is seen: valid UTF-8, no controls, no spaces at the ends, at most `limit` characters.
std::string told_text(std::string_view text, std::size_t limit);
/// A suggested username as one that every dialect takes: letters, numerals and `_.+-` of NFKC, at most 150; "" if
/// nothing with a letter or numeral is left. Never an address.
std::string plain_username(std::string_view wanted);
/// The address that the provider vouches for; "" if it does not, or if it is none.
std::string vouched_email(const ProviderIdentity& identity);
/// The mailbox that is the provider's own, mailbox_of(); "" if it is not.
std::string own_mailbox(const ProviderIdentity& identity);
/// How the person is shown to the owner of the account: a name, else the address, else the username.
std::string display_of(const ProviderIdentity& identity);
/// The provider's name for people; its backend name if it is not offered any more.
std::string_view label_of(std::string_view provider, std::span<const OfferedProvider> offered);

}  // namespace propusk::core
