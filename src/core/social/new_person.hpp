// New person: the account that somebody gets who comes by a provider for the first time.
#pragma once
#include <optional>
#include <string>

#include "base/language.hpp"
#include "core/accounts/new_account.hpp"
#include "core/social/provider_gateway.hpp"
#include "core/store.hpp"

namespace propusk::core {

/// What is drawn before the transaction.
struct NewPerson {
  AccountIds ids{};
  std::string suffix;  ///< 16 hex digits: for a name that nobody has
  std::optional<Language> language;
  Instant now{};
};
NewPerson draw_new_person(std::optional<Language> language, Instant now, Random& random);

/// Inserts an active account without a password: its username is the suggested one, or a free one made of it, never
/// somebody else's in any spelling; its address verified if the provider vouches for it, else a hint that stands in
/// nobody's way. Refuses email_taken if somebody has verified the address, creation_failed.
Result<Account> make_person(Transaction& transaction, const ProviderIdentity& identity, const NewPerson& drawn);

}  // namespace propusk::core
