// ProfileCard: what a person is shown of their account.
#pragma once
#include <memory>
#include <string>

#include "core/accounts/account.hpp"

namespace propusk::core {

struct ProfileCard {
  AccountId id{};
  std::string username, email;
  ProfileFields fields;
};
inline ProfileCard card_of(const Account& account) {
  return {account.id, account.username, account.email, account.fields};
}

/// Shared with whoever shows it; never changes.
using SharedCard = std::shared_ptr<const ProfileCard>;

}  // namespace propusk::core
