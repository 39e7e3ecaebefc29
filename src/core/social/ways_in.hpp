// Ways in: connections are ended here, and never the last way into an account.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/social/social_link.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// Ends the account's connections to a provider, or the one to `subject` there. Refuses identity_unknown if there is
/// none, last_way_in if nothing else would let its owner in.
Result<std::vector<SocialLink>> end_connections(Transaction& transaction, const Account& account,
                                                std::string_view provider, const std::optional<std::string>& subject);

}  // namespace propusk::core
