// Recovery: from "I forgot my password" to a new one, by a link to the address of the account. Never signs in by
// itself.
#pragma once
#include <string>
#include <string_view>

#include "base/caller.hpp"
#include "base/language.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/accounts/names.hpp"
#include "core/audit/outcomes.hpp"
#include "core/outbox/outbox.hpp"
#include "core/passwords/password_hasher.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

struct RecoveryDeps {
  OutboxDeps outbox;
  PasswordHasher& hasher;
  const PasswordPolicy& policy;
  OutcomeCounters& asked;                ///< begin_recovery by result
  OutcomeCounters& completed;            ///< complete_recovery by result
  MailKind letter = MailKind::recovery;  ///< in whose words and with whose links the dialect writes
};

/// Asks for a recovery mail. Looks nobody up: the answer and the work are the same whoever has the address. Refuses
/// email_malformed, limited, overloaded. The mail names each account that the address verified or, if none did, each
/// that gave it, with a link each (DESIGN.md §6.5).
Task<Result<void>> begin_recovery(std::string email, EmailShape shape, Language language, const Caller& caller,
                                  RecoveryDeps deps);

/// What the page of a live link shows.
struct RecoveryLink {
  std::string username;
};
/// Looks at a link without using it: mail scanners and previews follow links too. Refuses link_unknown, link_used,
/// link_expired; limited when the client's prefix asks for too many unknown links.
Task<Result<RecoveryLink>> look_at_recovery_link(std::string uid, Secret<> secret, const Caller& caller,
                                                 RecoveryDeps deps);

/// Sets the password, once: every credential and every other link of the account ends in the same transaction, the
/// address that the link was mailed to becomes verified, and a notice is posted. Refuses what looking refuses, and
/// every problem of the password in Refused::all; a refused password does not use the link. Of 50 parallel uses one
/// succeeds. Refuses overloaded.
Task<Result<void>> complete_recovery(std::string uid, Secret<> secret, Secret<> new_password, const Caller& caller,
                                     RecoveryDeps deps);

}  // namespace propusk::core
