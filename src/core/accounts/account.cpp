// Stored names of account states.
#include "core/accounts/account.hpp"

namespace propusk::core {

std::string_view account_state_name(AccountState state) {
  switch (state) {
    case AccountState::active: return "active";
    case AccountState::disabled: return "disabled";
    case AccountState::pending: return "pending";
  }
  return "";
}

std::optional<AccountState> account_state(std::string_view name) {
  for (AccountState state : {AccountState::active, AccountState::disabled, AccountState::pending})
    if (account_state_name(state) == name) return state;
  return std::nullopt;
}

}  // namespace propusk::core
