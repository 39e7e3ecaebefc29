// The unique index has the last word, and its no is no failure.
#include "core/accounts/rename.hpp"

#include <tuple>

#include "core/accounts/new_account.hpp"

namespace propusk::core {
namespace {
/// With a space, which no shape of usernames has: nobody can take it before it is needed.
std::string nameless(AccountId account) { return "account " + std::to_string(static_cast<std::int64_t>(account)); }

bool is_called_by_address(const Account& account) {
  return account.username.contains('@') && email_key(account.username) == account.email_key;
}
}  // namespace

void rename_with_email(AccountStore& accounts, const Account& account, const std::string& email) {
  if (!is_called_by_address(account) && account.username != nameless(account.id)) return;
  if (accounts.set_username(account.id, email, username_key(email)) != Inserted::yes)
    drop_address_name(accounts, account);
}

void drop_address_name(AccountStore& accounts, const Account& account) {
  if (!is_called_by_address(account)) return;
  const std::string name = nameless(account.id);
  std::ignore = accounts.set_username(account.id, name, name);
}

}  // namespace propusk::core
