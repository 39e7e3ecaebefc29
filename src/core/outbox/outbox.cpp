// Posting: what becomes a row, and what the caps keep from becoming one.
#include "core/outbox/outbox.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"
#include "core/accounts/new_account.hpp"

namespace propusk::core {
namespace {
constexpr std::chrono::hours an_hour{1}, a_day{24};

bool is_switched_on(MailKind kind, const OutboxSettings& settings) {
  switch (kind) {
    case MailKind::new_device: return settings.notify_new_device;
    case MailKind::password_changed: return settings.notify_password_changed;
    case MailKind::email_change_asked:
    case MailKind::email_changed: return settings.notify_email_changed;
    case MailKind::identity_connected:
    case MailKind::identity_disconnected: return settings.notify_identities;
    case MailKind::activation:
    case MailKind::confirmation:
    case MailKind::password_reset:
    case MailKind::username_reset:
    case MailKind::email_replaced:
    case MailKind::recovery:
    case MailKind::email_change:
    case MailKind::test: return true;
  }
  return true;
}

/// Recoveries may fill the caps; what anybody with an account can cause may not, so that nobody keeps a person from
/// recovering by sending letters first.
MailCap cap_of(MailKind kind) {
  const bool leads_back_in = kind == MailKind::recovery || kind == MailKind::password_reset ||
                             kind == MailKind::username_reset || kind == MailKind::email_replaced;
  return leads_back_in ? all_mails : all_but_recoveries;
}

/// Whether one more mail of the kind fits, if so much may be there already.
bool is_within(MailCap cap, const OutboxStore& outbox, MailKind kind, std::string_view recipient_key,
               const PostingDesk& desk) {
  const auto is_below = [&](MailCap most, std::optional<MailKind> counted) {
    return outbox.count_since(recipient_key, desk.now - an_hour, counted) < most.per_hour &&
           outbox.count_since(recipient_key, desk.now - a_day, counted) < most.per_day;
  };
  if (!desk.settings->caps) return true;
  if (kind == MailKind::email_change && !is_below(changes_of_address, kind)) return false;
  return is_below(cap, std::nullopt);
}

Mail mail_of(const MailDraft& draft, const PostingDesk& desk) {
  Mail mail{.id = desk.id,
            .kind = draft.kind,
            .recipient = draft.recipient,
            .recipient_key = email_key(draft.recipient),
            .domain = {},
            .language = draft.language,
            .account = draft.account,
            .epoch = draft.epoch,
            .facts = draft.facts,
            .created_at = desk.now,
            .next_attempt_at = desk.now,
            .expires_at = desk.now + row_of(draft.kind).lifetime,
            .leased_until = {},
            .settled_at = {},
            .last_answer = {}};
  if (may_be_a_link(mail.facts.device)) mail.facts.device.clear();
  mail.domain = mail.recipient_key.substr(mail.recipient_key.rfind('@') + 1);
  return mail;
}
bool post(Transaction& transaction, const MailDraft& draft, MailCap cap, const PostingDesk& desk) {
  if (draft.recipient.empty() || !is_switched_on(draft.kind, *desk.settings)) return false;
  const Mail mail = mail_of(draft, desk);
  if (!is_within(cap, transaction.outbox(), draft.kind, mail.recipient_key, desk)) return false;
  transaction.outbox().insert(mail);
  return true;
}
}  // namespace

bool may_be_a_link(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    const bool is_in_word = is_letter(text[at - 1]) || is_digit(text[at - 1]);
    if (text[at] == '.' && is_in_word && is_letter(text[at + 1])) return true;
    if (text[at] == '@') return true;
  }
  return text.contains("://");
}

Language language_of(const Account& account) { return language(account.language).value_or(Language::en); }

PostingDesk open_desk(const OutboxDeps& deps) { return {&deps.settings, draw_mail_id(deps.random), deps.clock.now()}; }

bool post_mail(Transaction& transaction, const MailDraft& draft, const PostingDesk& desk) {
  return post(transaction, draft, cap_of(draft.kind), desk);
}

bool may_post(const Transaction& transaction, MailKind kind, const std::string& recipient, const PostingDesk& desk) {
  return !recipient.empty() && is_within(cap_of(kind), transaction.outbox(), kind, email_key(recipient), desk);
}

bool post_notice(Transaction& transaction, MailKind kind, const Account& account, MailFacts facts,
                 const PostingDesk& desk) {
  if (!has_settled_email(account)) return false;
  const MailDraft draft{.kind = kind,
                        .recipient = account.email,
                        .language = language_of(account),
                        .account = account.id,
                        .epoch = account.epoch,
                        .facts = std::move(facts)};
  return post(transaction, draft, account.email_verified ? all_mails : cap_of(kind), desk);
}

Task<Result<void>> request_mail(MailKind kind, std::string email, Language language, const Caller& caller,
                                OutboxDeps deps) {
  if (auto allowed = co_await deps.limits.begin_mail_request(caller.address, caller.deadline); !allowed)
    co_return allowed;
  const MailRequest request{
      .kind = kind, .email = std::move(email), .language = language, .created_at = deps.clock.now()};
  co_return co_await deps.store.write(
      [request](Transaction& transaction) -> Result<void> {
        constexpr std::chrono::seconds until_some_are_worked_off{30};
        if (!transaction.outbox().add_request(request)) return refuse(Refusal::overloaded, until_some_are_worked_off);
        return {};
      },
      caller.deadline);
}

std::vector<Account> accounts_for_recovery(const AccountStore& accounts, std::string_view key) {
  std::vector<Account> found = accounts.find_by_email_key(key, accounts_per_address);
  if (!found.empty() && found.front().email_verified) found.resize(1);
  std::erase_if(found, [](const Account& account) { return account.state != AccountState::active; });
  return found;
}

std::vector<Account> accounts_for_activation(const AccountStore& accounts, std::string_view key) {
  std::vector<Account> found = accounts.find_by_email_key(key, accounts_per_address);
  std::erase_if(found, [](const Account& account) { return account.state != AccountState::pending; });
  if (found.size() > accounts_per_mail) found.resize(accounts_per_mail);
  return found;
}

namespace {
/// What the mails of one request would be posted at.
using Desks = std::vector<PostingDesk>;

/// From where a pending account was made, or last got another address (DESIGN.md §6.10); "" if the trail does not say.
std::string maker_of(const Transaction& transaction, AccountId account) {
  constexpr std::size_t events = 20;  // of an account that nobody could sign in to since
  constexpr std::string_view client = "client ";
  for (const AuditEvent& event : transaction.audit().list(account, events)) {
    const bool is_cause = event.action == AuditAction::account_created || event.action == AuditAction::email_changed;
    if (is_cause && event.actor.starts_with(client)) return event.actor.substr(client.size());
  }
  return "";
}

/// What is asked for one of the accounts that a request finds.
MailDraft draft_for(const Transaction& transaction, const MailRequest& request, const Account& account) {
  MailDraft draft{.kind = request.kind,
                  .recipient = account.email,
                  .language = language(account.language).value_or(request.language),
                  .account = {},
                  .epoch = 0,
                  .facts = {}};
  if (request.kind != MailKind::activation) return draft;
  draft.account = account.id;  // a pending account is nobody's yet: its letter is about it alone
  draft.epoch = account.epoch;
  draft.facts.client = maker_of(transaction, account.id);
  return draft;
}

/// To the addresses as the accounts have them, never as somebody typed it: what folds to the same key may be another
/// mailbox (SECURITY.md S7). One mail for each spelling, with the accounts that gave it so; the spelling that was asked
/// for comes first, lest look-alikes use up the caps.
void answer(Transaction& transaction, const MailRequest& request, const Desks& desks) {
  std::vector<std::string> spellings;
  const std::string key = email_key(request.email);
  const bool is_about_one = request.kind == MailKind::activation;
  const std::vector<Account> accounts = is_about_one ? accounts_for_activation(transaction.accounts(), key)
                                                     : accounts_for_recovery(transaction.accounts(), key);
  for (const bool as_asked : {true, false}) {
    for (const Account& account : accounts) {
      const bool is_new = is_about_one || std::ranges::find(spellings, account.email) == spellings.end();
      if ((account.email == request.email) != as_asked || !is_new || spellings.size() == desks.size()) continue;
      post_mail(transaction, draft_for(transaction, request, account), desks[spellings.size()]);
      spellings.push_back(account.email);
    }
  }
}
}  // namespace

Task<std::size_t> answer_mail_requests(Deadline deadline, OutboxDeps deps) {
  constexpr std::size_t requests_per_write = 64;  // a few milliseconds of the writer
  const bool is_asked = co_await deps.store.read(
      [](const Transaction& transaction) { return !transaction.outbox().oldest_requests(1).empty(); }, deadline);
  if (!is_asked) co_return 0;
  std::vector<Desks> desks(requests_per_write);
  for (Desks& of_one : desks)
    for (std::int64_t i = 0; i < all_mails.per_hour; ++i) of_one.push_back(open_desk(deps));
  // Read and erased in one transaction: ids begin again when the table is empty.
  const auto answered = co_await deps.store.write(
      [desks](Transaction& transaction) -> Result<std::size_t> {
        const std::vector<MailRequest> requests = transaction.outbox().oldest_requests(desks.size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
          answer(transaction, requests[i], desks[i]);
          transaction.outbox().erase_request(requests[i].id);
        }
        return requests.size();
      },
      deadline);
  co_return answered.value_or(0);
}

}  // namespace propusk::core
