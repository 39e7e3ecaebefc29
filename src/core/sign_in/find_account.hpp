// Whose account an identifier names, by the rule of the dialect (DESIGN.md §7 "Sign-in identifier").
#pragma once
#include <optional>
#include <string>

#include "core/accounts/account_store.hpp"
#include "core/sign_in/sign_in.hpp"

namespace propusk::core {

/// Nothing for an identifier that names nobody, or two.
std::optional<Account> find_by_identifier(IdentifierRule rule, const std::string& identifier,
                                          const AccountStore& accounts);
/// What an unknown identifier counts as among the limits: the form in which it is matched, so that another spelling
/// neither gets new attempts nor tells whether the name exists.
std::string limits_name(IdentifierRule rule, const std::string& identifier);

}  // namespace propusk::core
