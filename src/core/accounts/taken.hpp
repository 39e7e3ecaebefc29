// Which names are taken: what registration and a change of profile ask before they write (DESIGN.md §7).
#pragma once
#include <string>
#include <string_view>

#include "core/accounts/account_store.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// True if `username` has the shape of an address that is not `own_email_key`: nobody may be called by the address of
/// somebody else.
bool is_foreign_email(const std::string& username, std::string_view own_email_key);

/// What claiming a taken address is refused with: email_taken, and username_taken first if the username is that
/// address.
Refused email_taken_by(const std::string& username);

/// True if another account than `except` has verified or claimed the address.
bool is_email_taken(const AccountStore& accounts, const std::string& email, AccountId except = AccountId{});

/// username_taken and email_taken, as far as they hold; "" stands for a name that is not asked for.
Refusals taken_names(const AccountStore& accounts, const std::string& username, const std::string& email,
                     AccountId except = AccountId{});

}  // namespace propusk::core
