// Delivering: leases, links that are minted when a mail leaves, and what becomes of an attempt.
#include <algorithm>
#include <memory>
#include <utility>

#include "core/accounts/new_account.hpp"
#include "core/links/look.hpp"
#include "core/outbox/outbox.hpp"

namespace propusk::core {
namespace {
constexpr seconds first_pause{5};  // a person may be waiting
constexpr seconds longest_pause{1'800};
constexpr seconds longest_unreachable_pause{60};  // a server that is back is found soon; asking costs it nothing

/// Doubles from attempt to attempt; up to a quarter is left to chance, so that what failed together does not come back
/// together.
microseconds pause_after(std::int64_t attempt, Delivery::Outcome outcome, Random& random) {
  const seconds longest = outcome == Delivery::Outcome::unreachable ? longest_unreachable_pause : longest_pause;
  const int doublings = static_cast<int>(std::clamp<std::int64_t>(attempt - 1, 0, 10));
  const microseconds pause = std::min<microseconds>(first_pause * (1LL << doublings), longest);
  return pause - microseconds{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(pause.count() / 4)))};
}

/// What a claim draws before its transaction.
struct Minting {
  ClaimLimits limits;
  LinkAddresses addresses;
  std::vector<Secret<>> secrets;  ///< one per link: mails times accounts of a mail
  std::vector<std::int64_t> audit_ids;
  Instant now{};
};

std::string address_of(std::string pattern, AccountId account, const Secret<>& secret) {
  const auto put = [&pattern](std::string_view hole, std::string_view value) {
    if (const std::size_t at = pattern.find(hole); at != std::string::npos) pattern.replace(at, hole.size(), value);
  };
  put("{uid}", uid_of(account));
  put("{token}", secret.reveal());
  return pattern;
}

/// What a letter calls an account. To an address that the account has not proved anybody can have one sent, so that it
/// says their words there only if they are no link.
const std::string& shown_name(const Account& account, const Mail& mail) {
  const bool is_theirs = account.email_verified && account.email == mail.recipient;
  return is_theirs || !may_be_a_link(account.username) ? account.username : mail.recipient;
}

/// A link does not outlive what it is for.
Instant end_of_link(const Account& account, const Mail& mail) {
  const bool waits_shorter = mail.kind == MailKind::activation && account.pending_until;
  return waits_shorter ? std::min(mail.expires_at, *account.pending_until) : mail.expires_at;
}

/// Where the links of a kind point.
const std::string& pattern_of(MailKind kind, const LinkAddresses& addresses) {
  switch (kind) {
    case MailKind::password_reset: return addresses.password_reset;
    case MailKind::email_change: return addresses.email_change;
    case MailKind::activation: return addresses.activation;
    case MailKind::username_reset: return addresses.username_reset;
    case MailKind::email_replaced: return addresses.email_undo;
    case MailKind::recovery:
    case MailKind::password_changed:
    case MailKind::email_change_asked:
    case MailKind::email_changed:
    case MailKind::new_device:
    case MailKind::confirmation:
    case MailKind::identity_connected:
    case MailKind::identity_disconnected:
    case MailKind::test: break;
  }
  return addresses.recovery;
}

/// One claim, inside its transaction.
class ClaimWriter {
 public:
  ClaimWriter(Transaction& transaction, const Minting& minting) : transaction_(transaction), minting_(minting) {}

  Claim run() {
    constexpr std::size_t domains_per_claim = 64;
    const ClaimLimits& limits = minting_.limits;
    const std::vector<std::string> domains =
        transaction_.outbox().due_domains(limits.after, minting_.now, domains_per_claim);
    Claim claim;
    for (const std::string& domain : domains) {
      if (claim.dispatches.size() >= limits.mails) return claim;
      claim.stopped_at = domain;
      if (std::ranges::find(limits.busy, domain) == limits.busy.end()) take_from(domain, claim.dispatches);
    }
    if (domains.size() < domains_per_claim) claim.stopped_at.clear();
    return claim;
  }

 private:
  void take_from(const std::string& domain, std::vector<Dispatch>& out) {
    const std::size_t wanted = std::min(minting_.limits.per_domain, minting_.limits.mails - out.size());
    for (const Mail& mail :
         transaction_.outbox().claim(domain, minting_.now, minting_.now + minting_.limits.lease, wanted)) {
      if (mail.expires_at <= minting_.now) {
        transaction_.outbox().settle(mail.id, mail.attempts, MailState::expired, mail.last_answer, minting_.now);
        continue;
      }
      std::vector<Letter::Door> doors = doors_of(mail);
      if (row_of(mail.kind).purpose && doors.empty()) {
        transaction_.outbox().settle(mail.id, mail.attempts, MailState::cancelled, mail.last_answer, minting_.now);
        continue;
      }
      out.push_back({.id = mail.id,
                     .attempt = mail.attempts,
                     .domain = mail.domain,
                     .letter = {.id = static_cast<std::int64_t>(mail.id),
                                .kind = mail.kind,
                                .language = mail.language,
                                .recipient = mail.recipient,
                                .created_at = mail.created_at,
                                .doors = std::move(doors),
                                .facts = mail.facts}});
    }
  }

  std::vector<Letter::Door> doors_of(const Mail& mail) {
    const std::optional<LinkPurpose>& purpose = row_of(mail.kind).purpose;
    if (purpose == LinkPurpose::recovery || purpose == LinkPurpose::username_reset) return recovery_doors(mail);
    if (!mail.account) return {};
    const std::optional<Account> account = transaction_.accounts().find(*mail.account);
    if (!account) return {};
    if (!purpose) return {{.username = shown_name(*account, mail), .link = {}}};
    Link asked_for;
    asked_for.purpose = *purpose;
    asked_for.epoch = mail.epoch;
    asked_for.email = mail.recipient;
    const bool is_undone = purpose == LinkPurpose::email_undo && account->email == mail.recipient;
    if (is_undone || !is_for(asked_for, *account)) return {};
    return {mint(*account, mail)};
  }

  std::vector<Letter::Door> recovery_doors(const Mail& mail) {
    std::vector<Letter::Door> doors;
    for (const Account& account : accounts_for_recovery(transaction_.accounts(), mail.recipient_key)) {
      if (account.email != mail.recipient || doors.size() == accounts_per_mail) continue;
      doors.push_back(mint(account, mail));
      transaction_.audit().append(
          {.id = minting_.audit_ids.at(minted_ - 1),
           .at = minting_.now,
           .action = AuditAction::recovery_mailed,
           .account = account.id,
           .actor = "outbox",
           .detail = "kind=" + std::string(row_of(mail.kind).name) + " attempt=" + std::to_string(mail.attempts)});
    }
    return doors;
  }

  /// A new link for each attempt: the secret of the last one was in memory alone. Both work until one is used.
  Letter::Door mint(const Account& account, const Mail& mail) {
    const Secret<>& secret = minting_.secrets.at(minted_++);
    transaction_.links().insert({.digest = sha256(secret.reveal()),
                                 .purpose = row_of(mail.kind).purpose.value(),
                                 .account = account.id,
                                 .epoch = account.epoch,
                                 .email = mail.recipient,
                                 .created_at = mail.created_at,  // when it was asked for, however late it leaves
                                 .expires_at = end_of_link(account, mail),
                                 .used_at = {}});
    return {.username = shown_name(account, mail),
            .link = Secret<>(address_of(pattern_of(mail.kind, minting_.addresses), account.id, secret))};
  }

  Transaction& transaction_;
  const Minting& minting_;
  std::size_t minted_ = 0;
};

AuditEvent dead_event(const Mail& mail, const Delivery& delivery, std::int64_t id, Instant now) {
  return {.id = id,
          .at = now,
          .action = AuditAction::mail_dead,
          .account = mail.account,
          .actor = "outbox",
          .detail = "mail=" + mail_id_text(mail.id) + " kind=" + std::string(row_of(mail.kind).name) +
                    " answer=" + delivery.answer};
}
}  // namespace

Task<Claim> claim_mails(ClaimLimits limits, Deadline deadline, OutboxDeps deps) {
  const bool is_any_due = co_await deps.store.read(
      [now = deps.clock.now()](const Transaction& transaction) {
        const std::optional<Instant> due = transaction.outbox().next_due();
        return due && *due <= now;
      },
      deadline);
  if (!is_any_due) co_return Claim{};
  auto minting = std::make_shared<Minting>();
  minting->addresses = deps.settings.links;
  for (std::size_t i = 0; i < limits.mails * accounts_per_mail; ++i) {
    minting->secrets.push_back(new_link_secret(deps.random));
    minting->audit_ids.push_back(new_audit_id(deps.random));
  }
  minting->limits = std::move(limits);
  minting->now = deps.clock.now();
  Result<Claim> claim = co_await deps.store.write(
      [minting](Transaction& transaction) -> Result<Claim> { return ClaimWriter(transaction, *minting).run(); },
      deadline);
  co_return claim ? std::move(*claim) : Claim{};
}

Task<void> settle_mail(MailId id, std::int64_t attempt, Delivery delivery, Deadline deadline, OutboxDeps deps) {
  const Instant now = deps.clock.now();
  std::ignore = co_await deps.store.write(
      [=, next = now + pause_after(attempt, delivery.outcome, deps.random),
       audit_id = new_audit_id(deps.random)](Transaction& transaction) -> Result<void> {
        OutboxStore& outbox = transaction.outbox();
        switch (delivery.outcome) {
          case Delivery::Outcome::accepted:
            outbox.settle(id, attempt, MailState::sent, delivery.answer, now);
            return {};
          case Delivery::Outcome::refused: {
            const std::optional<Mail> mail = outbox.find(id);
            if (mail && outbox.settle(id, attempt, MailState::dead, delivery.answer, now))
              transaction.audit().append(dead_event(*mail, delivery, audit_id, now));
            return {};
          }
          case Delivery::Outcome::delayed:
          case Delivery::Outcome::unreachable: outbox.postpone(id, attempt, next, delivery.answer); return {};
        }
        return {};
      },
      deadline);
}

}  // namespace propusk::core
