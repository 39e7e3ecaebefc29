// Activation: a pending account becomes its owner's by a link to the address that it gave, or goes when they disown it.
#pragma once
#include <string>

#include "base/caller.hpp"
#include "base/language.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/audit/outcomes.hpp"
#include "core/outbox/outbox.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

struct ActivationDeps {
  OutboxDeps outbox;
  OutcomeCounters& asked;           ///< request_activation by result
  OutcomeCounters& completed;       ///< activate_account by result
  bool sends_confirmation = false;  ///< a letter says that the account is ready
};

/// Asks for another activation mail to whoever waits for one with this address. Looks nobody up: the answer and the
/// work are the same whoever has it. Refuses email_malformed, limited, overloaded.
Task<Result<void>> request_activation(std::string email, Language language, const Caller& caller, ActivationDeps deps);

/// What the page of a live link shows.
struct ActivationLink {
  std::string username, email;
  bool is_new = false;  ///< never active: who disowns it deletes it
};
/// Looks without using: mail scanners follow links too. Refuses uid_unknown, link_unknown, link_used, link_expired,
/// limited.
Task<Result<ActivationLink>> look_at_activation_link(std::string uid, Secret<> secret, const Caller& caller,
                                                     ActivationDeps deps);

/// Makes the account active and its address verified, which drops every other claim on it; of 50 parallel uses one
/// succeeds. Refuses what looking refuses; link_used tells that the account has been active since, until its owner has
/// signed in.
Task<Result<void>> activate_account(std::string uid, Secret<> secret, const Caller& caller, ActivationDeps deps);

/// "Not me": whoever got the mail does not know the account (DESIGN.md §6.10). One that was never active is
/// deleted, any other loses the address, and the name if it was called by it; no link of it works again. Refuses what
/// looking refuses.
Task<Result<void>> disown_account(std::string uid, Secret<> secret, const Caller& caller, ActivationDeps deps);

}  // namespace propusk::core
