// SocialLinkStore: the port through which connections to people at providers are read and written.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "core/social/social_link.hpp"

namespace propusk::core {

class SocialLinkStore {
 public:
  virtual ~SocialLinkStore() = default;
  [[nodiscard]] virtual std::optional<SocialLink> find(std::string_view provider, std::string_view subject) const = 0;
  [[nodiscard]] virtual std::vector<SocialLink> list(AccountId account) const = 0;  ///< oldest first
  /// False if the person at the provider is connected already.
  virtual bool insert(const SocialLink& link) = 0;
  /// Writes display, mailbox and last use of a connection.
  virtual void note_told(const SocialLink& link) = 0;
  virtual bool erase(std::string_view provider, std::string_view subject) = 0;  ///< true if there was one
};

}  // namespace propusk::core
