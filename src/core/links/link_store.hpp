// LinkStore: the port through which mailed links are read and written.
#pragma once
#include <optional>
#include <vector>

#include "core/links/link.hpp"

namespace propusk::core {

class LinkStore {
 public:
  virtual ~LinkStore() = default;
  [[nodiscard]] virtual std::optional<Link> find(const Digest& digest) const = 0;
  [[nodiscard]] virtual std::vector<Link> list(AccountId account) const = 0;  ///< newest first
  virtual void insert(const Link& link) = 0;
  /// Marks an unused link as used. False if it is gone or was used before: of 50 parallel uses one is true.
  virtual bool use(const Digest& digest, Instant at) = 0;
  /// Deletes the unused links of one purpose of an account.
  virtual void erase_unused(AccountId account, LinkPurpose purpose) = 0;
  /// The same, of those that were made at or after `since`.
  virtual void erase_unused_since(AccountId account, LinkPurpose purpose, Instant since) = 0;
  /// Deletes at most `limit` links that expired before `at`; returns how many.
  virtual std::size_t erase_expired(Instant at, std::size_t limit) = 0;
};

/// Deletes the unused links of an account that do not outlive changes.
inline void erase_unused_links(LinkStore& links, AccountId account) {
  for (const LinkPurposeRow& row : link_purposes)
    if (!row.outlives_changes) links.erase_unused(account, row.purpose);
}

}  // namespace propusk::core
