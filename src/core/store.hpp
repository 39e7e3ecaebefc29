// Store: the only way to rows. A closure over the capability ports runs in one transaction; nothing else is offered.
#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "core/accounts/account_store.hpp"
#include "core/audit/audit.hpp"
#include "core/clients/client_store.hpp"
#include "core/keys/key_store.hpp"
#include "core/links/link_store.hpp"
#include "core/outbox/outbox_store.hpp"
#include "core/refusal.hpp"
#include "core/sessions/credential_store.hpp"
#include "core/social/social_link_store.hpp"
#include "core/tokens/grant_store.hpp"
#include "core/upkeep/chore_store.hpp"

namespace propusk::core {

class SessionGrant;

/// The ports, inside one transaction. A read closure gets it const, and const ports only read.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual AccountStore& accounts() = 0;
  virtual CredentialStore& credentials() = 0;
  virtual AuditStore& audit() = 0;
  virtual LinkStore& links() = 0;
  virtual KeyStore& keys() = 0;
  virtual OutboxStore& outbox() = 0;
  virtual ClientStore& clients() = 0;
  virtual GrantStore& grants() = 0;
  virtual SocialLinkStore& social_links() = 0;
  virtual ChoreStore& chores() = 0;
  [[nodiscard]] const AccountStore& accounts() const { return const_cast<Transaction*>(this)->accounts(); }
  [[nodiscard]] const CredentialStore& credentials() const { return const_cast<Transaction*>(this)->credentials(); }
  [[nodiscard]] const AuditStore& audit() const { return const_cast<Transaction*>(this)->audit(); }
  [[nodiscard]] const LinkStore& links() const { return const_cast<Transaction*>(this)->links(); }
  [[nodiscard]] const KeyStore& keys() const { return const_cast<Transaction*>(this)->keys(); }
  [[nodiscard]] const OutboxStore& outbox() const { return const_cast<Transaction*>(this)->outbox(); }
  [[nodiscard]] const ClientStore& clients() const { return const_cast<Transaction*>(this)->clients(); }
  [[nodiscard]] const GrantStore& grants() const { return const_cast<Transaction*>(this)->grants(); }
  [[nodiscard]] const SocialLinkStore& social_links() const { return const_cast<Transaction*>(this)->social_links(); }
};

/// Closures are plain synchronous code. They may be run again and touch nothing outside themselves: random values,
/// digests and the time are drawn before and captured by value.
class Store {
 public:
  virtual ~Store() = default;

  /// Runs `closure(const Transaction&)` in a snapshot begun after this call and returns what it returns.
  /// Throws Outage when the store fails or `deadline` passes first.
  template <class Closure>
    requires std::invocable<Closure&, const Transaction&>
  Task<std::invoke_result_t<Closure&, const Transaction&>> read(Closure closure, Deadline deadline) {
    auto job = std::make_shared<ReadJobOf<Closure>>(std::move(closure));
    co_await run_read(job, deadline);
    co_return std::move(job->take());
  }

  /// Runs `closure(Transaction&)`, which returns a Result, in a write transaction. A refusal rolls back all that the
  /// closure wrote. Returns after the durable commit and after its effects were applied; a process that dies before has
  /// acknowledged nothing. Throws Outage when the store fails or `deadline` passes first: then the outcome is unknown.
  template <class Closure>
    requires std::invocable<Closure&, Transaction&>
  Task<std::invoke_result_t<Closure&, Transaction&>> write(Closure closure, Deadline deadline) {
    static_assert(!std::same_as<std::invoke_result_t<Closure&, Transaction&>, Result<SessionGrant>>,
                  "a SessionGrant holds its transaction and cannot leave it");
    auto job = std::make_shared<WriteJobOf<Closure>>(std::move(closure));
    co_await run_write(job, deadline);
    co_return std::move(job->take());
  }

  /// What a check needs of a credential that is not in memory; nothing if there is none. Whoever is signed in waits for
  /// it: it never queues behind other work. Throws as read().
  virtual Task<std::optional<CredentialStore::Held>> look_up(Digest digest, Deadline deadline) {
    return read([digest](const Transaction& transaction) { return transaction.credentials().find_held(digest); },
                deadline);
  }

  struct ReadJob {
    virtual ~ReadJob() = default;
    virtual void run(const Transaction& transaction) = 0;
  };
  struct WriteJob {
    virtual ~WriteJob() = default;
    /// Runs the closure; false = it refused, roll its savepoint back. May be called again after a lost transaction.
    virtual bool run(Transaction& transaction) = 0;
  };

 protected:
  /// The job is shared because a waiter whose deadline passed leaves it to the store's thread.
  virtual Task<void> run_read(std::shared_ptr<ReadJob> job, Deadline deadline) = 0;
  virtual Task<void> run_write(std::shared_ptr<WriteJob> job, Deadline deadline) = 0;

 private:
  template <class Closure>
  struct ReadJobOf final : ReadJob {
    explicit ReadJobOf(Closure c) : closure(std::move(c)) {}
    void run(const Transaction& transaction) override { value.emplace(closure(transaction)); }
    auto& take() {
      require(value.has_value(), "a finished read has a value");
      return *value;
    }
    Closure closure;
    std::optional<std::invoke_result_t<Closure&, const Transaction&>> value;
  };
  template <class Closure>
  struct WriteJobOf final : WriteJob {
    explicit WriteJobOf(Closure c) : closure(std::move(c)) {}
    bool run(Transaction& transaction) override {
      value.emplace(closure(transaction));
      return value->has_value();
    }
    auto& take() {
      require(value.has_value(), "a finished write has a value");
      return *value;
    }
    Closure closure;
    std::optional<std::invoke_result_t<Closure&, Transaction&>> value;
  };
};

}  // namespace propusk::core
