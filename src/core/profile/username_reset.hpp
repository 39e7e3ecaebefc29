// Resetting the name that signs in, by a link to the address of the account: the username, or where the dialect signs
// in by it, the address itself.
#pragma once
#include <string>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/links/look.hpp"
#include "core/profile/email_replacement.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// What the page of a live link shows.
struct UsernameResetLink {
  std::string username, email;
};
/// Looks without using. Refuses uid_unknown, link_unknown, link_used, link_expired, limited.
Task<Result<UsernameResetLink>> look_at_username_reset_link(std::string uid, Secret<> secret, const Caller& caller,
                                                            OutboxDeps deps);

struct UsernameReset {
  LinkPresented link;
  std::string name;                     ///< the new one
  std::optional<EmailRule> as_email{};  ///< `name` is an address and replaces the account's: replace_email()
};
/// Sets the name, once; following the link verifies the address that it was mailed to. Refuses what looking refuses,
/// and username_malformed, username_taken, email_malformed, email_taken: these come first and do not use the link.
Task<Result<void>> complete_username_reset(UsernameReset reset, const Caller& caller, OutboxDeps deps);

}  // namespace propusk::core
