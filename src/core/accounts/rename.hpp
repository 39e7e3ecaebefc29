// A username that is an address follows the address of its account (DESIGN.md §7 "E-mail change").
#pragma once
#include <string>

#include "core/accounts/account_store.hpp"

namespace propusk::core {

/// Who is called by their address goes on being called by it: `account` as it was, `email` as it is now. So does who
/// lost that name by drop_address_name(). Where somebody else has the new name, theirs is dropped: nobody stays called
/// by an address that is theirs no longer.
void rename_with_email(AccountStore& accounts, const Account& account, const std::string& email);

/// An account that is called by its address is called `account` and its id from now on, a name that nobody can
/// register: whoever has the address may want to be called by it.
void drop_address_name(AccountStore& accounts, const Account& account);

}  // namespace propusk::core
