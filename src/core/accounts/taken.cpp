// Reads whether names are free; the unique indexes have the last word.
#include "core/accounts/taken.hpp"

#include <algorithm>
#include <vector>

#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"

namespace propusk::core {

bool is_foreign_email(const std::string& username, std::string_view own_email_key) {
  return is_email(username) && email_key(username) != own_email_key;
}

Refused email_taken_by(const std::string& username) {
  if (is_email(username)) return {Refusal::username_taken, {Refusal::username_taken, Refusal::email_taken}};
  return Refusal::email_taken;
}

bool is_email_taken(const AccountStore& accounts, const std::string& email, AccountId except) {
  const std::vector<Account> found = accounts.find_by_email_key(email_key(email), 2);
  return std::ranges::any_of(found, [&](const Account& a) { return a.id != except && has_settled_email(a); });
}

Refusals taken_names(const AccountStore& accounts, const std::string& username, const std::string& email,
                     AccountId except) {
  Refusals taken;
  if (!username.empty() && accounts.find_by_username(username)) taken.add(Refusal::username_taken);
  if (!email.empty() && is_email_taken(accounts, email, except)) {
    taken.add(Refusal::email_taken);
    if (is_email(username)) taken.add(Refusal::username_taken);
  }
  return taken;
}

}  // namespace propusk::core
