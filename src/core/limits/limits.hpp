// Limits: how often somebody may try, per account, per identifier and per client prefix. In memory, fixed size; where
// several nodes share a store, in its shared buckets too. A failed sign-in writes no row of an account on the reply
// path.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/client_address.hpp"
#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "core/accounts/account_store.hpp"
#include "core/limits/shared_buckets.hpp"
#include "core/refusal.hpp"

namespace propusk::core {

struct LimitSettings {
  bool enabled = true;
  Allowance failures_per_account_and_prefix{10,
                                            std::chrono::seconds{60}};  ///< the bucket a person's own mistakes empty
  Allowance failures_per_account{100, std::chrono::seconds{60}};        ///< all strangers together (SECURITY.md S3)
  Allowance failures_per_prefix{100, std::chrono::seconds{2}};          ///< one client over all accounts
  Allowance sign_ins_per_account_and_prefix{60,
                                            std::chrono::seconds{10}};  ///< good ones: they cost a hash and rows too
  Allowance registrations_per_prefix{10, std::chrono::seconds{6}};      ///< 10 a minute (SECURITY.md X6)
  Allowance unknown_secrets_per_prefix{200, std::chrono::milliseconds{50}};  ///< store reads for cookies not in memory
  Allowance mail_requests_per_prefix{10, std::chrono::seconds{60}};          ///< rows that anybody may make us write
  Allowance changes_per_account{60,
                                std::chrono::seconds{10}};  ///< writes of who is signed in; refreshes of one sign-in
};

/// Whose password is tried: the account if there is one, so that every spelling of its identifiers counts together,
/// else the identifier as the dialect matches it.
struct SignInSubject {
  std::optional<AccountId> account = std::nullopt;
  std::string_view identifier;
  bool is_from_known_prefix = false;  ///< the store knows that this account was signed in from there
  std::int64_t stored_failures = 0;   ///< the account's row, so that a restart forgives nothing
  std::optional<Instant> last_stored_failure = std::nullopt;
};

/// A place taken before the work; given back when the attempt turns out to be good or is not decided.
struct AttemptPlace {
  std::uint64_t subject = 0;  ///< keys of the buckets
  std::uint64_t subject_and_prefix = 0;
  std::uint64_t prefix = 0;
  Instant seeded{};                   ///< when the strangers' bucket is full again, if nobody remembers
  bool is_from_known_prefix = false;  ///< then the strangers' bucket was not touched
  std::optional<AccountId> account;
};

class Limits {
 public:
  /// `random` seeds the keys, so that nobody can aim at a bucket; where nodes share buckets, these do. All outlive it.
  Limits(LimitSettings settings, const Clock& clock, Random& random, SharedBuckets* shared = nullptr);
  ~Limits();

  /// Takes a place for one password attempt. Refuses limited. 500 parallel attempts get exactly as many places as there
  /// are tokens. A prefix from which this account has signed in before does not share the strangers' bucket, so an
  /// attacker cannot lock its owner out.
  /// Every begin_… throws Outage where buckets are shared and the store does not answer.
  Task<Result<AttemptPlace>> begin_sign_in(SignInSubject subject, ClientAddress address, Deadline deadline);
  /// The attempt failed: the place stays taken, and an account's failure is counted for the next flush.
  void failed_sign_in(const AttemptPlace& place);
  /// The attempt was good: gives back what failures take, forgives the person's own mistakes, remembers the prefix.
  void succeeded_sign_in(const AttemptPlace& place);
  /// The attempt was not decided (overloaded, outage): gives the place back.
  void abandoned_sign_in(const AttemptPlace& place);

  /// One look at whether a name is free, and perhaps an account. Refuses limited.
  Task<Result<void>> begin_registration(ClientAddress address, Deadline deadline);
  /// One sign-in to a known account by what somebody else vouches for: no hash is computed, but rows are written.
  /// Refuses limited.
  Task<Result<void>> begin_vouched_sign_in(AccountId account, ClientAddress address, Deadline deadline);
  /// One store read for a secret that is not in memory. Refuses limited. Counted by each node for itself: it spares the
  /// store, and asking the store would cost as much.
  Result<void> begin_unknown_secret(const ClientAddress& address);

  /// One request for a mail to an address, whoever has it. Refuses limited.
  Task<Result<void>> begin_mail_request(ClientAddress address, Deadline deadline);

  /// One write that the bearer of a live credential causes to the account. Refuses limited.
  Task<Result<void>> begin_change(AccountId account, Deadline deadline);
  /// One ending of what an account has open, or of a connection, asked for with that credential: no other credential of
  /// the account takes its places. Refuses limited.
  Task<Result<void>> begin_ending(Digest credential, Deadline deadline);
  /// One exchange of a refresh token of that sign-in: no other credential of the account takes its places. Refuses
  /// limited.
  Task<Result<void>> begin_refresh(Digest credential, Deadline deadline);

  /// Failures counted since the last call, for one coalesced write.
  std::vector<FailedSignIns> take_failures();
  struct Counts {
    std::uint64_t refused_sign_ins = 0, refused_registrations = 0, refused_unknown_secrets = 0,
                  refused_mail_requests = 0, refused_changes = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::core
