// Looking at a link: what it is good for right now. Shared by everything that mails links.
#pragma once
#include <string>

#include "core/accounts/account_store.hpp"
#include "core/links/link_store.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

/// What somebody brings: the two parts of a link.
struct LinkPresented {
  std::string uid;
  Secret<> secret;
};

/// A live link with its account.
struct LiveLink {
  Link link;
  Account account;
};

/// Whether the account is what the link was made for (Link): asked when it is mailed, looked at and used.
bool is_for(const Link& link, const Account& account);

/// The live link of that purpose and account. Refuses uid_unknown (there is no such account), link_unknown (no such
/// link, of another purpose or account, or its account is not in the state that the link is for: see Link), link_used,
/// link_expired. The one place that judges links: looking and using ask the same question.
Result<LiveLink> look_at_link(const LinkStore& links, const AccountStore& accounts, const LinkPresented& presented,
                              LinkPurpose purpose, Instant now);

}  // namespace propusk::core
