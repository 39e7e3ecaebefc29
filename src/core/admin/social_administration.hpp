// Social administration: operators look at connections to providers, and end them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/admin/administration.hpp"
#include "core/social/social_link.hpp"

namespace propusk::core {

/// All of an account, imported ones too.
Task<std::vector<SocialLink>> list_social_links(AccountId account, Operator by, AdministrationDeps deps);
/// Ends the account's connections to a provider, or the one to `subject` there. Returns how many. Refuses
/// account_unknown, identity_unknown, last_way_in.
Task<Result<std::size_t>> disconnect_by_word(AccountId account, std::string provider,
                                             std::optional<std::string> subject, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
