// Transaction: the ports over one connection, with the effects of what was written through them.
#pragma once
#include <utility>

#include "core/store.hpp"
#include "stores/sql/accounts.hpp"
#include "stores/sql/audit.hpp"
#include "stores/sql/chores.hpp"
#include "stores/sql/clients.hpp"
#include "stores/sql/credentials.hpp"
#include "stores/sql/grants.hpp"
#include "stores/sql/keys.hpp"
#include "stores/sql/links.hpp"
#include "stores/sql/outbox.hpp"
#include "stores/sql/social_links.hpp"

namespace propusk::sql {

/// Lives as long as one closure runs; the driver begins and ends the database's transaction around it. Dropping it
/// drops its effects.
class Transaction final : public core::Transaction {
 public:
  /// `node` is who claims mails.
  explicit Transaction(Connection& connection, std::int64_t node = 0)
      : accounts_(connection, effects_),
        credentials_(connection, effects_),
        audit_(connection),
        links_(connection),
        keys_(connection, effects_),
        outbox_(connection, node),
        clients_(connection, effects_),
        grants_(connection),
        social_links_(connection),
        chores_(connection) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  core::AccountStore& accounts() override { return accounts_; }
  core::CredentialStore& credentials() override { return credentials_; }
  core::AuditStore& audit() override { return audit_; }
  core::LinkStore& links() override { return links_; }
  core::KeyStore& keys() override { return keys_; }
  core::OutboxStore& outbox() override { return outbox_; }
  core::ClientStore& clients() override { return clients_; }
  core::GrantStore& grants() override { return grants_; }
  core::SocialLinkStore& social_links() override { return social_links_; }
  core::ChoreStore& chores() override { return chores_; }
  /// What the closure changed about who is live; to be applied once it is durable.
  [[nodiscard]] core::Effects take_effects() { return std::exchange(effects_, {}); }

 private:
  core::Effects effects_;
  Accounts accounts_;
  Credentials credentials_;
  Audit audit_;
  Links links_;
  Keys keys_;
  Outbox outbox_;
  Clients clients_;
  Grants grants_;
  SocialLinks social_links_;
  Chores chores_;
};

}  // namespace propusk::sql
