// A username that is an address follows the address of its account (DESIGN.md §7 "E-mail change").
#pragma once
#include <string>

#include "core/accounts/account_store.hpp"

namespace propusk::core {

/// Who is called by their address goes on being called by it: `account` as it was, `email` as it is now. So does who
/// lost that name by drop_address_name(). Where somebody else has the name from before it could be claimed, both keep
/// what they have.
void rename_with_email(AccountStore& accounts, const Account& account, const std::string& email);

/// An account that is called by its address and has not proved it is called `account` and its id from now on, a name
/// that nobody can register: whoever has the address may want to be called by it.
void drop_address_name(AccountStore& accounts, const Account& account);

}  // namespace propusk::core
