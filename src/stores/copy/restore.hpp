// Restore: the rows of a backup in the place of a store's, as one transaction.
#pragma once
#include "core/audit/audit.hpp"
#include "stores/copy/archive.hpp"

namespace propusk::copy {

struct Restoration {
  bool keeps_credentials = false;  ///< false: what lets somebody in is ended, see Restored
  core::AuditEvent event;          ///< written with the rows
};

struct RestoreReport {
  std::vector<TableCopied> tables;   ///< `found`: rows of the backup that were ended instead
  std::int64_t cancelled_mails = 0;  ///< that waited
};

/// How many accounts and clients the store has; what else is there comes from its first start.
struct Worth {
  std::int64_t accounts = 0, clients = 0;
};
Worth worth_of(Side& store);

/// Deletes every row of `into` and puts those of `archive` there, which are `from`, compares both, and commits: all of
/// it or nothing. Throws Outage also if what was read is not what the backup was to hold.
RestoreReport restore(const Archive& archive, Side& from, Side& into, const Restoration& restoration,
                      const Progress& progress);

}  // namespace propusk::copy
