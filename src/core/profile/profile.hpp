// Profile: a person changes their own username, password or address: all of it or nothing, after the current password.
#pragma once
#include <optional>
#include <string>

#include "base/caller.hpp"
#include "base/language.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/accounts/names.hpp"
#include "core/audit/outcomes.hpp"
#include "core/outbox/outbox.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/refusal.hpp"
#include "core/sessions/bearer.hpp"
#include "core/sign_in/sign_in.hpp"

namespace propusk::core {

/// What to change; nothing = leave as it is.
struct ProfileEdit {
  std::optional<std::string> username;
  UsernameShape username_shape = UsernameShape::handle;
  std::optional<Secret<>> new_password;
  std::optional<std::string> email;  ///< becomes the account's own when the link mailed to it is followed
  EmailShape email_shape = EmailShape::any;
};

struct EditAttempt {
  Bearer bearer;      ///< whose credential ends when the password changes
  Secret<> password;  ///< the current one
  ProfileEdit edit;
  CredentialDraft fresh;  ///< opened when the password changes
  Language language = Language::en;
};

struct Edited {
  bool opened_fresh = false;  ///< the password changed: only the fresh credential is live now
};

struct ProfileDeps {
  SignInDeps sign_in;
  OutboxDeps outbox;
  const PasswordPolicy& policy;
  OutcomeCounters& edits;
};

/// Checks the current password first, as reauthenticate() does: bad_credentials, not_fresh, not_signed_in,
/// account_disabled, limited, overloaded. Then every problem of the form at once in
/// Refused::all: username_malformed, username_taken (also one's own name), email_malformed, email_taken, weak
/// passwords; a form that asks for names is rationed as registrations are (limited). On success all changes, their
/// audit events and mails are one transaction: a new password ends every credential and link but the fresh one, a new
/// address waits for its link, and the old address is told.
Task<Result<Edited>> edit_profile(EditAttempt attempt, const Caller& caller, ProfileDeps deps);

struct EmailChange {
  Bearer bearer;
  Secret<> current;  ///< the password
  std::string email;
  Language language = Language::en;
};
/// Mails the link that makes the address the account's own: edit_profile() of an address alone.
Task<Result<void>> ask_for_email(EmailChange change, const Caller& caller, ProfileDeps deps);

/// What the page of a live link shows.
struct EmailChangeLink {
  std::string username, email;
};
/// Looks without using. Refuses link_unknown, link_used, link_expired, limited.
Task<Result<EmailChangeLink>> look_at_email_change_link(std::string uid, Secret<> secret, const Caller& caller,
                                                        ProfileDeps deps);
/// Makes the address that the link was mailed to the account's own, verified; drops other claims on it; a username that
/// was the old address becomes the new one; the old address is told. Refuses what looking refuses, and email_taken if
/// another account has verified it meanwhile.
Task<Result<void>> confirm_email_change(std::string uid, Secret<> secret, const Caller& caller, ProfileDeps deps);

}  // namespace propusk::core
