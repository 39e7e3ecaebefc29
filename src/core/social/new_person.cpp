// Names by rule, addresses by proof.
#include "core/social/new_person.hpp"

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "core/accounts/taken.hpp"
#include "core/social/told.hpp"
#include "core/social/vouched_email.hpp"

namespace propusk::core {
namespace {
bool is_free(const AccountStore& accounts, const std::string& name) {
  return !accounts.find_by_username(name) && accounts.find_by_username_key(username_key(name)).empty();
}

std::string username_for(const AccountStore& accounts, std::string_view wanted, const std::string& suffix) {
  std::string name = plain_username(wanted);
  if (name.empty()) return "user" + suffix;
  if (is_free(accounts, name)) return name;
  constexpr std::size_t room = 150 - 17;  // of 150 characters, for `_` and the suffix
  return filtered(name, [](char32_t) { return true; }, room) + "_" + suffix;
}

/// An address that nobody vouches for, unless somebody has it: it is shown, and opens nothing.
std::string hint_of(const AccountStore& accounts, const ProviderIdentity& identity) {
  if (!vouched_email(identity).empty() || !is_email(identity.email)) return "";
  return is_email_taken(accounts, identity.email) ? "" : identity.email;
}

ProfileFields fields_of(const ProviderIdentity& identity) {
  const auto told = [](ProfileField field, const std::string& text) {
    return told_text(text, profile_fields.at(static_cast<std::size_t>(field)).limit);
  };
  ProfileFields fields;
  fields[static_cast<std::size_t>(ProfileField::first_name)] = told(ProfileField::first_name, identity.first_name);
  fields[static_cast<std::size_t>(ProfileField::last_name)] = told(ProfileField::last_name, identity.last_name);
  return fields;
}
}  // namespace

NewPerson draw_new_person(std::optional<Language> language, Instant now, Random& random) {
  return {.ids = draw_account_ids(random), .suffix = to_hex(random.bytes<8>()), .language = language, .now = now};
}

Result<Account> make_person(Transaction& transaction, const ProviderIdentity& identity, const NewPerson& drawn) {
  AccountStore& accounts = transaction.accounts();
  Account account = new_account({.username = username_for(accounts, identity.username, drawn.suffix),
                                 .email = hint_of(accounts, identity),
                                 .password_hash = "",
                                 .language = drawn.language ? std::string(language_name(*drawn.language)) : "",
                                 .fields = fields_of(identity)},
                                drawn.now);
  TRY(id, insert_account(accounts, std::move(account), drawn.ids));
  if (const std::string email = vouched_email(identity); !email.empty())
    if (auto taken = take_vouched_email(transaction, id, email, drawn.now); !taken)
      return std::unexpected(taken.error());
  return accounts.find(id).value();
}

}  // namespace propusk::core
