// Looks up identifiers; the order of the looks is the rule.
#include "core/sign_in/find_account.hpp"

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/new_account.hpp"

namespace propusk::core {
namespace {
/// Longer ones name nobody; folding them would be work for nothing. Four bytes per code point of the longest address.
constexpr std::size_t identifier_bytes_limit = 4 * email_limit;

std::optional<Account> find_by_email(const std::string& identifier, const AccountStore& accounts) {
  std::vector<Account> found = accounts.find_by_email_key(email_key(identifier), 1);
  const bool is_theirs = !found.empty() && has_settled_email(found.front());
  return is_theirs ? std::optional(std::move(found.front())) : std::nullopt;
}

/// To the byte: the recorded servers compare so.
std::optional<Account> find_by_stored_email(const std::string& identifier, const AccountStore& accounts) {
  if (!identifier.contains('@')) return std::nullopt;
  std::optional<Account> account = find_by_email(identifier, accounts);
  return account && account->email == identifier ? account : std::nullopt;
}

std::optional<Account> find_by_name(const std::string& identifier, const AccountStore& accounts) {
  if (auto account = accounts.find_by_username(identifier)) return account;
  const std::optional<std::string> key = canonical_name(identifier);
  if (!key) return std::nullopt;
  std::vector<Account> found = accounts.find_by_username_key(*key);
  return found.size() == 1 ? std::optional(std::move(found.front())) : std::nullopt;
}
}  // namespace

std::optional<Account> find_by_identifier(IdentifierRule rule, const std::string& identifier,
                                          const AccountStore& accounts) {
  if (identifier.empty() || identifier.size() > identifier_bytes_limit) return std::nullopt;
  switch (rule) {
    case IdentifierRule::exact_username:
      return is_username(identifier, UsernameShape::slug) ? accounts.find_by_username(identifier) : std::nullopt;
    case IdentifierRule::stored_username: return accounts.find_by_username(identifier);
    case IdentifierRule::stored_email: return find_by_stored_email(identifier, accounts);
    case IdentifierRule::stored_name: {  // both reads for everybody: which of them found it is not to be measured
      auto by_email = find_by_stored_email(identifier, accounts);
      auto by_name = accounts.find_by_username(identifier);
      return by_email ? by_email : by_name;
    }
    case IdentifierRule::any:
      if (identifier.contains('@'))
        if (auto account = find_by_email(identifier, accounts)) return account;
      return find_by_name(identifier, accounts);
  }
  return std::nullopt;
}

std::string limits_name(IdentifierRule rule, const std::string& identifier) {
  if (rule == IdentifierRule::exact_username || rule == IdentifierRule::stored_username ||
      identifier.size() > identifier_bytes_limit)
    return identifier;
  if (identifier.contains('@')) return email_key(identifier);
  return canonical_name(identifier).value_or(identifier);
}

}  // namespace propusk::core
