// Fills in and inserts new accounts.
#include "core/accounts/new_account.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace propusk::core {
std::string email_key(const std::string& email) {
  if (email.empty()) return {};
  if (std::optional<std::string> canonical = canonical_email(email)) return *canonical;
  std::string lowered = email;
  std::ranges::transform(lowered, lowered.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return lowered;
}

std::string username_key(const std::string& username) { return canonical_name(username).value_or(username); }

Account new_account(NewAccountColumns columns, Instant at) {
  Account account;
  account.username_key = username_key(columns.username);
  account.email_key = email_key(columns.email);
  account.username = std::move(columns.username);
  account.email = std::move(columns.email);
  account.email_claimed = columns.claims_email && !account.email_key.empty();
  account.language = std::move(columns.language);
  account.fields = std::move(columns.fields);
  account.password_hash = std::move(columns.password_hash);
  account.created_at = at;
  account.password_changed_at = at;
  return account;
}

Account as_pending(Account account, Instant at) {
  account.state = AccountState::pending;
  account.pending_until = at + activation_wait;
  account.was_active = false;
  return account;
}

AccountIds draw_account_ids(Random& random) {
  AccountIds ids{};
  for (AccountId& id : ids) id = AccountId{static_cast<std::int64_t>(random.below(0x7fff'ffff)) + 1};
  return ids;
}

Result<AccountId> insert_account(AccountStore& accounts, Account account, const AccountIds& ids) {
  for (AccountId id : ids) {
    account.id = id;
    switch (accounts.insert(account)) {
      case Inserted::yes: return id;
      case Inserted::id_taken: continue;
      case Inserted::username_taken: return refuse(Refusal::username_taken);
      case Inserted::email_taken: return refuse(Refusal::email_taken);
    }
  }
  return refuse(Refusal::creation_failed);
}

}  // namespace propusk::core
