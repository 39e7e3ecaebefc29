// SocialLink: that a person at a provider is an account's owner.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "core/accounts/account.hpp"

namespace propusk::core {

/// One connection. (provider, subject) is the key: an address never is (DESIGN.md §6.10).
struct SocialLink {
  std::string provider;  ///< name of the backend, such as "google-oauth2"
  std::string subject;   ///< the provider's own id of the person; of an imported row perhaps an address
  AccountId account{};
  bool is_imported = false;  ///< from an old system, and nobody has come by it since
  std::string display;       ///< how the provider calls the person, for the owner's eyes
  std::string mailbox;       ///< the address that the provider told, canonical; "" if none
  Instant created_at{};
  std::optional<Instant> used_at{};  ///< last sign-in by it
};

/// So many an account has at most: far above the providers that there are.
inline constexpr std::size_t social_links_per_account = 20;

/// An address as a mailbox is compared: to the byte, but for the case of ASCII letters.
std::string mailbox_of(std::string_view email);

}  // namespace propusk::core
