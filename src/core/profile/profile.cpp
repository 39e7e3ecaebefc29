// Editing a profile: the password first, then the whole form, then one transaction.
#include "core/profile/profile.hpp"

#include <array>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/passwords/normal_password.hpp"
#include "core/profile/new_password.hpp"
#include "core/profile/reauthentication.hpp"

namespace propusk::core {
namespace {
/// An edit that has passed everything but its transaction.
struct Change {
  FirstFactorProof proof;
  EditAttempt attempt;
  std::string new_hash;  ///< of the new password; "" if it stays
  Device device;
  std::string client;
  std::array<std::int64_t, 3> audit_ids{};
  std::array<PostingDesk, 3> desks;
  Instant now{};
};

/// What is wrong with the names, whoever else has them.
Refusals problems_of(const ProfileEdit& edit, const Account& account) {
  Refusals problems;
  const std::string_view own_key = has_settled_email(account) ? account.email_key : std::string_view();
  if (edit.username) {
    if (!is_username(*edit.username, edit.username_shape) || is_foreign_email(*edit.username, own_key))
      problems.add(Refusal::username_malformed);
    if (*edit.username == account.username) problems.add(Refusal::username_taken);
  }
  if (edit.email) {
    if (!is_email(*edit.email, edit.email_shape)) problems.add(Refusal::email_malformed);
    // Asking again for the address that one has is of use only while nobody has proved it.
    if (!own_key.empty() && email_key(*edit.email) == own_key) problems.add(Refusal::email_taken);
  }
  return problems;
}

Refusals taken_by_others(const AccountStore& accounts, const ProfileEdit& edit, AccountId own) {
  Refusals taken = taken_names(accounts, edit.username.value_or(""), "", own);
  if (edit.username && is_email(*edit.username) && is_email_taken(accounts, *edit.username, own))
    taken.add(Refusal::username_taken);
  if (edit.email && is_email_taken(accounts, *edit.email, own)) taken.add(Refusal::email_taken);
  return taken;
}

/// Writes one change after another; a refusal rolls all of them back. The account is read again: what was true before
/// the hash may have changed.
class ChangeWriter {
 public:
  ChangeWriter(Transaction& transaction, const Change& change) : transaction_(transaction), change_(change) {}

  Result<Edited> run() {
    TRY(grant, admit(transaction_, change_.proof));
    TRY(owned, find_owned(transaction_, change_.attempt.bearer.credential, change_.now));
    require(owned.account.id == grant.account(), "the credential that asks is the account's own");
    account_ = transaction_.accounts().find(grant.account()).value();
    const ProfileEdit& edit = change_.attempt.edit;
    Refusals problems = problems_of(edit, account_);
    problems.add(taken_by_others(transaction_.accounts(), edit, account_.id));
    if (problems.any()) return std::unexpected(Refused(problems.first(), problems));
    if (edit.username) change_username(*edit.username);
    if (edit.new_password) change_password(std::move(grant));
    if (edit.email) ask_for_email(*edit.email);
    return Edited{.opened_fresh = edit.new_password.has_value()};
  }

 private:
  void change_username(const std::string& username) {
    const std::string key = username_key(username);
    const Inserted done = transaction_.accounts().set_username(account_.id, username, key);
    require(done == Inserted::yes, "the username was free in this transaction");
    append(AuditAction::username_changed, change_.audit_ids[0]);
  }

  void change_password(SessionGrant&& grant) {
    transaction_.credentials().erase(change_.attempt.bearer.credential);
    const SessionGrant renewed = settle_new_password(std::move(grant), account_,
                                                     {.hash = change_.new_hash,
                                                      .client = change_.client,
                                                      .device = change_.device.label,
                                                      .audit_id = change_.audit_ids[1],
                                                      .desk = change_.desks[0]});
    account_.epoch = renewed.epoch();
    require(open_session(renewed, change_.attempt.fresh, change_.device, change_.now).has_value(),
            "only what a client asked for can be refused here");
  }

  /// The last address that was asked for is the only one whose link works; beyond the caps of that address nothing is
  /// sent, so the link before stays.
  void ask_for_email(const std::string& email) {
    if (may_post(transaction_, MailKind::email_change, email, change_.desks[1])) {
      transaction_.links().erase_unused(account_.id, LinkPurpose::email_change);
      transaction_.outbox().cancel_all_of(account_.id, MailKind::email_change, change_.now);
    }
    append(AuditAction::email_change_asked, change_.audit_ids[2]);
    post_mail(transaction_,
              {.kind = MailKind::email_change,
               .recipient = email,
               .language = language(account_.language).value_or(change_.attempt.language),
               .account = account_.id,
               .epoch = account_.epoch,
               .facts = facts("")},
              change_.desks[1]);
    post_notice(transaction_, MailKind::email_change_asked, account_, facts(email), change_.desks[2]);
  }

  [[nodiscard]] MailFacts facts(const std::string& other_email) const {
    return {.client = change_.client, .device = change_.device.label, .other_email = other_email};
  }

  void append(AuditAction action, std::int64_t id) {
    transaction_.audit().append({.id = id,
                                 .at = change_.now,
                                 .action = action,
                                 .account = account_.id,
                                 .actor = "client " + change_.client,
                                 .detail = ""});
  }

  Transaction& transaction_;
  const Change& change_;
  Account account_;
};

Task<Result<std::string>> hash_of(const std::optional<Secret<>>& typed, const Caller& caller, const ProfileDeps& deps) {
  if (!typed) co_return std::string{};
  std::optional<Secret<>> password = normal_password(*typed);
  if (!password) co_return refuse(Refusal::password_malformed);
  co_return co_await deps.sign_in.hasher.hash(std::move(*password), caller);
}

/// Every problem of the form at once, for the dialect to pick by its own order.
Task<Refusals> all_problems(const EditAttempt& attempt, const Account& account, const Caller& caller,
                            const ProfileDeps& deps) {
  Refusals problems = problems_of(attempt.edit, account);
  if (attempt.edit.new_password) problems.add(deps.policy.judge(*attempt.edit.new_password));
  const Refusals taken = co_await deps.outbox.store.read(
      [username = attempt.edit.username, email = attempt.edit.email, own = account.id](const Transaction& transaction) {
        return taken_by_others(transaction.accounts(), {.username = username, .new_password = {}, .email = email}, own);
      },
      caller.deadline);
  problems.add(taken);
  co_return problems;
}

Task<Result<Edited>> attempt_edit(EditAttempt attempt, const Caller& caller, const ProfileDeps& deps) {
  CO_TRY(shown, co_await reauthenticate(attempt.bearer, attempt.password, caller, deps));
  // From here on the answer tells whether a name exists, as that of a registration does.
  if (attempt.edit.username || attempt.edit.email)
    if (auto allowed = co_await deps.outbox.limits.begin_registration(caller.address, caller.deadline); !allowed)
      co_return std::unexpected(allowed.error());
  if (const Refusals problems = co_await all_problems(attempt, shown.account, caller, deps); problems.any())
    co_return std::unexpected(Refused(problems.first(), problems));
  CO_TRY(hash, co_await hash_of(attempt.edit.new_password, caller, deps));
  const auto audit_id = [&] { return new_audit_id(deps.outbox.random); };
  const auto desk = [&] { return open_desk(deps.outbox); };
  // The write may outlive this frame if its deadline passes: it owns what it reads.
  auto change = std::make_shared<const Change>(
      std::move(shown.proof), std::move(attempt), std::move(hash), device_of(caller), caller.address.to_string(),
      std::array{audit_id(), audit_id(), audit_id()}, std::array{desk(), desk(), desk()}, deps.outbox.clock.now());
  co_return co_await deps.outbox.store.write(
      [change](Transaction& transaction) { return ChangeWriter(transaction, *change).run(); }, caller.deadline);
}
}  // namespace

Task<Result<Edited>> edit_profile(EditAttempt attempt, const Caller& caller, ProfileDeps deps) {
  Result<Edited> result = co_await attempt_edit(std::move(attempt), caller, deps);
  deps.edits.count(result);
  co_return result;
}

Task<Result<void>> ask_for_email(EmailChange change, const Caller& caller, ProfileDeps deps) {
  EditAttempt attempt;
  attempt.bearer = change.bearer;
  attempt.password = std::move(change.current);
  attempt.edit.email = std::move(change.email);
  attempt.language = change.language;
  const Result<Edited> edited = co_await edit_profile(std::move(attempt), caller, deps);
  if (!edited) co_return std::unexpected(edited.error());
  co_return Result<void>{};
}

}  // namespace propusk::core
