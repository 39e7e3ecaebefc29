// Judges links. Who holds the secret is told whether it was used or too old; everybody else only that it is unknown.
#include "core/links/look.hpp"

#include <utility>

namespace propusk::core {
namespace {
/// Who has signed in after using a link knows that it worked: from then on it is as unknown as any other (CONTRACTS.md
/// §3.1 "activation").
bool was_followed_since(const Account& account, const Link& link) {
  return link.purpose == LinkPurpose::activation && account.last_sign_in_at &&
         *account.last_sign_in_at >= *link.used_at;
}
}  // namespace

bool is_for(const Link& link, const Account& account) {
  const bool is_same = account.epoch == link.epoch;
  switch (link.purpose) {
    case LinkPurpose::recovery:
    case LinkPurpose::username_reset:
      return is_same && account.state == AccountState::active && account.email == link.email;
    case LinkPurpose::email_change: return is_same && account.state == AccountState::active;
    case LinkPurpose::activation:
      return is_same && account.state == AccountState::pending && account.email == link.email;
    case LinkPurpose::email_undo: return account.state != AccountState::disabled;
  }
  return false;
}

Result<LiveLink> look_at_link(const LinkStore& links, const AccountStore& accounts, const LinkPresented& presented,
                              LinkPurpose purpose, Instant now) {
  const std::optional<AccountId> id = account_of_uid(presented.uid);
  std::optional<Account> account = id ? accounts.find(*id) : std::nullopt;
  if (!account) return refuse(Refusal::uid_unknown);
  if (!is_link_secret(presented.secret.reveal())) return refuse(Refusal::link_unknown);
  std::optional<Link> link = links.find(sha256(presented.secret.reveal()));
  if (!link || link->purpose != purpose || link->account != *id) return refuse(Refusal::link_unknown);
  if (link->used_at) return refuse(was_followed_since(*account, *link) ? Refusal::link_unknown : Refusal::link_used);
  if (link->expires_at <= now) return refuse(Refusal::link_expired);
  if (!is_for(*link, *account)) return refuse(Refusal::link_unknown);
  return LiveLink{std::move(*link), std::move(*account)};
}

}  // namespace propusk::core
