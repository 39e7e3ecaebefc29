// Registration: examine the whole form, look whether the names are free, hash, and let the unique indexes decide.
#include "core/registration/registration.hpp"

#include <memory>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"
#include "core/accounts/taken.hpp"
#include "core/audit/audit.hpp"
#include "core/passwords/normal_password.hpp"

namespace propusk::core {

namespace {
Refusals problems_of(const RegistrationDraft& draft, const PasswordPolicy& policy) {
  Refusals problems = policy.judge(draft.password);
  if (!is_username(draft.username, draft.shape)) problems.add(Refusal::username_malformed);
  const bool may_be_absent = draft.email_is_optional && draft.email.empty();
  if (!may_be_absent && !is_email(draft.email, draft.email_shape)) problems.add(Refusal::email_malformed);
  if (is_foreign_email(draft.username, email_key(draft.email))) problems.add(Refusal::username_malformed);
  return problems;
}

/// What the write of a registration needs; owned by it, because it may outlive its request.
struct Creation {
  Account account;
  AccountIds ids;
  AuditEvent created;
  PostingDesk desk;
  std::string client;
  bool sends_confirmation = false;
};

/// To the address that was given: a pending account's is nobody's until its link is followed.
void post_welcome(Transaction& transaction, const Account& account, const Creation& wanted) {
  const bool is_pending = account.state == AccountState::pending;
  if (!is_pending && !wanted.sends_confirmation) return;
  post_mail(transaction,
            {.kind = is_pending ? MailKind::activation : MailKind::confirmation,
             .recipient = account.email,
             .language = language_of(account),
             .account = account.id,
             .epoch = account.epoch,
             .facts = {.client = wanted.client, .device = {}, .other_email = {}}},  // a device is a stranger's words
            wanted.desk);
}

Result<AccountId> create(Transaction& transaction, const Creation& wanted) {
  const auto id = insert_account(transaction.accounts(), wanted.account, wanted.ids);
  if (!id && id.error().why == Refusal::email_taken) return std::unexpected(email_taken_by(wanted.account.username));
  if (!id) return id;
  AuditEvent created = wanted.created;
  created.account = *id;
  transaction.audit().append(created);
  Account account = wanted.account;
  account.id = *id;
  post_welcome(transaction, account, wanted);
  return id;
}

Account account_of(const RegistrationDraft& draft, std::string hash, Instant now) {
  Account account = new_account({.username = draft.username,
                                 .email = draft.email,
                                 .password_hash = std::move(hash),
                                 .claims_email = draft.claims_email,
                                 .language = std::string(draft.language ? language_name(*draft.language) : ""),
                                 .fields = draft.fields},
                                now);
  return draft.needs_activation ? as_pending(std::move(account), now) : account;
}

Task<Result<AccountId>> attempt_registration(RegistrationDraft draft, const Caller& caller,
                                             const RegistrationDeps& deps) {
  Refusals problems = problems_of(draft, deps.policy);
  if (problems.any() && !(draft.tells_taken_first && !problems.has(Refusal::username_malformed)))
    co_return std::unexpected(Refused(problems.first(), problems));

  // From here on the answer tells whether a name exists, and costs a hash: both are rationed.
  if (auto allowed = co_await deps.limits.begin_registration(caller.address, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  problems.add(co_await deps.store.read(
      [username = draft.username, email = draft.claims_email || is_email(draft.username) ? draft.email : ""](
          const Transaction& transaction) { return taken_names(transaction.accounts(), username, email); },
      caller.deadline));
  if (problems.any()) co_return std::unexpected(Refused(problems.first(), problems));

  std::optional<Secret<>> password = normal_password(draft.password);
  if (!password) co_return refuse(Refusal::password_malformed);
  CO_TRY(hash, co_await deps.hasher.hash(std::move(*password), caller));
  auto wanted =
      std::make_shared<Creation>(account_of(draft, std::move(hash), deps.clock.now()), draw_account_ids(deps.random),
                                 AuditEvent{}, PostingDesk{&deps.outbox, draw_mail_id(deps.random), deps.clock.now()},
                                 caller.address.to_string(), draft.sends_confirmation);
  wanted->created = {.id = new_audit_id(deps.random),
                     .at = wanted->account.created_at,
                     .action = AuditAction::account_created,
                     .account = {},
                     .actor = "client " + wanted->client,
                     .detail = "dialect=" + std::string(deps.dialect)};
  co_return co_await deps.store.write([wanted = std::shared_ptr<const Creation>(wanted)](
                                          Transaction& transaction) { return create(transaction, *wanted); },
                                      caller.deadline);
}
}  // namespace

Task<Result<NamesTaken>> look_at_names(NamesWanted wanted, bool is_rationed, const Caller& caller,
                                       RegistrationDeps deps) {
  if (!is_rationed)
    if (auto allowed = co_await deps.limits.begin_registration(caller.address, caller.deadline); !allowed)
      co_return std::unexpected(allowed.error());
  co_return co_await deps.store.read(
      [wanted = std::move(wanted)](const Transaction& transaction) -> Result<NamesTaken> {
        const AccountStore& accounts = transaction.accounts();
        NamesTaken taken;
        taken.username =
            !wanted.username.empty() && (accounts.find_by_username(wanted.username).has_value() ||
                                         (is_email(wanted.username) && is_email_taken(accounts, wanted.username)));
        if (wanted.email.empty()) return taken;
        for (const Account& account : accounts.find_by_email_key(email_key(wanted.email), 1)) {
          taken.email = has_settled_email(account);
          taken.email_to_the_byte = taken.email && account.email == wanted.email;
        }
        return taken;
      },
      caller.deadline);
}

Task<Result<AccountId>> register_account(RegistrationDraft draft, const Caller& caller, RegistrationDeps deps) {
  Result<AccountId> result = co_await attempt_registration(std::move(draft), caller, deps);
  deps.outcomes.count(result);
  co_return result;
}

}  // namespace propusk::core
