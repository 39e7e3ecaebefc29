// One of the few who may vouch for a person (core/sessions/proof.hpp).
#include "core/social/provider_factor.hpp"

#include <algorithm>

#include "base/result.hpp"
#include "core/social/identity_owner.hpp"
#include "core/social/told.hpp"

namespace propusk::core {
namespace {
void append(Transaction& transaction, const AuditEvent& drawn, AuditAction action, AccountId account,
            std::string_view more = "") {
  AuditEvent event = drawn;
  event.action = action;
  event.account = account;
  event.detail += more;
  transaction.audit().append(event);
}

Result<SocialLink> insert_link(Transaction& transaction, const Recognition& wanted, AccountId account) {
  SocialLink link = link_of(*wanted.identity, account, wanted.event.at);
  if (!transaction.social_links().insert(link)) return refuse(Refusal::identity_taken);
  return link;
}

/// The account of a connection that an old system kept under the address; the connection gets the true subject.
Result<std::optional<SocialLink>> migrate_imported(Transaction& transaction, const Recognition& wanted) {
  const std::optional<SocialLink> imported = find_imported(transaction.social_links(), *wanted.identity);
  if (!imported) return std::nullopt;
  transaction.social_links().erase(imported->provider, imported->subject);
  TRY(link, insert_link(transaction, wanted, imported->account));
  append(transaction, wanted.event, AuditAction::identity_migrated, imported->account);
  return link;
}

/// Whether nobody but a reader of the mailbox can open the account: its password was set by one, and every other
/// connection is to an identity with the same mailbox. Else somebody may have prepared the account for its victim
/// (SECURITY.md O4).
bool is_opened_by_mailbox_alone(const Transaction& transaction, const Account& account, const std::string& mailbox) {
  if (!account.password_hash.empty() && !account.password_proved) return false;
  const std::vector<SocialLink> links = transaction.social_links().list(account.id);
  return links.size() < social_links_per_account &&
         std::ranges::all_of(links, [&](const SocialLink& link) { return link.mailbox == mailbox; });
}

Result<std::optional<SocialLink>> link_by_mailbox(Transaction& transaction, const Recognition& wanted) {
  const std::string mailbox = own_mailbox(*wanted.identity);
  if (!wanted.links_by_mailbox || mailbox.empty()) return std::nullopt;
  const std::vector<Account> found = transaction.accounts().find_by_email_key(email_key(wanted.identity->email), 1);
  if (found.empty() || !found.front().email_verified || mailbox_of(found.front().email) != mailbox) return std::nullopt;
  const Account& account = found.front();
  if (account.state != AccountState::active || !is_opened_by_mailbox_alone(transaction, account, mailbox))
    return std::nullopt;
  TRY(link, insert_link(transaction, wanted, account.id));
  append(transaction, wanted.event, AuditAction::identity_connected, account.id, " by=email");
  post_notice(transaction, MailKind::identity_connected, account,
              {.client = wanted.client, .device = wanted.device, .other_email = {}, .provider = wanted.label},
              wanted.desk);
  return link;
}

Result<SocialLink> link_new_person(Transaction& transaction, const Recognition& wanted) {
  TRY(account, make_person(transaction, *wanted.identity, wanted.new_person));
  TRY(link, insert_link(transaction, wanted, account.id));
  append(transaction, wanted.event, AuditAction::account_created, account.id);
  append(transaction, wanted.second, AuditAction::identity_connected, account.id);
  return link;
}
}  // namespace

Result<Recognised> ProviderFactor::recognise(Transaction& transaction, const Recognition& wanted) {
  std::optional<SocialLink> link = find_link(transaction.social_links(), *wanted.identity);
  if (!link) {
    TRY(migrated, migrate_imported(transaction, wanted));
    link = std::move(migrated);
  }
  if (!link) {
    TRY(connected, link_by_mailbox(transaction, wanted));
    link = std::move(connected);
  }
  const bool is_new = !link;
  if (!link) {
    TRY(made, link_new_person(transaction, wanted));
    link = std::move(made);
  }
  std::optional<Account> account = transaction.accounts().find(link->account);
  if (!account) return refuse(Refusal::bad_credentials);
  return Recognised{.proof = FirstFactorProof(account->id, account->epoch, wanted.event.at, FactorMethod::provider),
                    .account = std::move(*account),
                    .link = std::move(*link),
                    .is_new = is_new};
}

}  // namespace propusk::core
