// A password is a way in, and so is every connection but one that waits for its true subject.
#include "core/social/ways_in.hpp"

#include <algorithm>

namespace propusk::core {

Result<std::vector<SocialLink>> end_connections(Transaction& transaction, const Account& account,
                                                std::string_view provider, const std::optional<std::string>& subject) {
  std::vector<SocialLink> ended, others;
  for (SocialLink& link : transaction.social_links().list(account.id)) {
    const bool is_meant = link.provider == provider && (!subject || link.subject == *subject);
    (is_meant ? ended : others).push_back(std::move(link));
  }
  if (ended.empty()) return refuse(Refusal::identity_unknown);
  const bool another_opens = std::ranges::any_of(others, [](const SocialLink& link) { return !link.is_imported; });
  if (account.password_hash.empty() && !another_opens) return refuse(Refusal::last_way_in);
  for (const SocialLink& link : ended) transaction.social_links().erase(link.provider, link.subject);
  return ended;
}

}  // namespace propusk::core
