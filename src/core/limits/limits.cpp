// Token buckets as one instant each (GCRA): the time at which the bucket will be full again. Tables are of fixed size.
#include "core/limits/limits.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/digest.hpp"
#include "core/limits/clock_map.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t shard_count = 16;            // two I/O threads rarely meet
constexpr std::size_t buckets_per_table = 65'536;  // about 3 MiB a table; what is evicted was idle for a full round
constexpr std::size_t pending_limit = 65'536;      // accounts with failures waiting for a flush

struct KeyHash {
  using is_avalanching = void;
  std::size_t operator()(std::uint64_t key) const noexcept { return key; }  // keys are digests already
};

/// Buckets of one kind.
class Table {
 public:
  /// `number` tells the tables of one store apart.
  Table(Allowance allowance, std::uint64_t number) : allowance_(allowance), number_(number) {
    for (auto& shard : shards_) shard = std::make_unique<Shard>();
  }
  /// Zero if a token was taken, else the wait until the next one. An unknown bucket starts as `seeded`.
  microseconds take(std::uint64_t key, Deadline now, Deadline seeded = {}) {
    Shard& shard = of(key);
    std::lock_guard lock(shard.mutex);
    Deadline* known = shard.full_at.find(key);
    const Deadline full_at = std::clamp(known ? *known : seeded, now, now + allowance_.refill * allowance_.burst);
    const microseconds spare = allowance_.refill * (static_cast<std::int64_t>(allowance_.burst) - 1);
    if (full_at - now > spare) return std::chrono::ceil<microseconds>(full_at - now - spare);
    if (known)
      *known = full_at + allowance_.refill;
    else
      shard.full_at.put(key, full_at + allowance_.refill);
    return microseconds{0};
  }
  void give_back(std::uint64_t key) {
    Shard& shard = of(key);
    std::lock_guard lock(shard.mutex);
    if (Deadline* known = shard.full_at.find(key)) *known -= allowance_.refill;
  }
  void forgive(std::uint64_t key) {
    Shard& shard = of(key);
    std::lock_guard lock(shard.mutex);
    shard.full_at.erase(key);
  }
  [[nodiscard]] const Allowance& allowance() const { return allowance_; }
  /// A key among those of all tables; keys are digests, so a few bits of them can tell the table.
  [[nodiscard]] std::uint64_t shared_key(std::uint64_t key) const { return (key & ~std::uint64_t{15}) | number_; }

 private:
  struct Shard {
    std::mutex mutex;
    ClockMap<std::uint64_t, Deadline, KeyHash> full_at{buckets_per_table / shard_count};
  };
  Shard& of(std::uint64_t key) { return *shards_[key % shard_count]; }
  Allowance allowance_;
  std::uint64_t number_;
  std::array<std::unique_ptr<Shard>, shard_count> shards_;
};

std::string_view text_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

Refuse limited(microseconds wait) {
  return refuse(Refusal::limited, std::chrono::ceil<seconds>(std::max(wait, microseconds{1})));
}
}  // namespace

struct Limits::Inside {
  Inside(LimitSettings given, const Clock& c, Random& random, SharedBuckets* between_nodes)
      : settings(given),
        clock(c),
        shared(between_nodes),
        seed(between_nodes ? between_nodes->seed() : random.bytes<16>()),
        own(given.failures_per_account_and_prefix, 0),
        strangers(given.failures_per_account, 1),
        prefixes(given.failures_per_prefix, 2),
        sign_ins(given.sign_ins_per_account_and_prefix, 3),
        registrations(given.registrations_per_prefix, 4),
        unknown_secrets(given.unknown_secrets_per_prefix, 5),
        mail_requests(given.mail_requests_per_prefix, 6),
        changes(given.changes_per_account, 7) {}

  /// A key that an outsider cannot predict: the first eight bytes of SHA-256(seed, kind, what).
  std::uint64_t key(char kind, std::string_view what, const ClientAddress& prefix = {}) const {
    std::string text(reinterpret_cast<const char*>(seed.data()), seed.size());
    text.push_back(kind);
    text.append(reinterpret_cast<const char*>(prefix.bytes.data()), prefix.bytes.size());
    text.append(what);
    return std::bit_cast<std::array<std::uint64_t, 4>>(sha256(text).bytes)[0];
  }
  bool is_known(std::uint64_t subject_and_prefix) {
    std::lock_guard lock(known_mutex);
    return known.find(subject_and_prefix) != nullptr;
  }

  /// After a restart the strangers' bucket starts from what the account's row remembers.
  Instant seed_of(const SignInSubject& subject) const {
    if (!subject.last_stored_failure) return {};
    const std::int64_t failures = std::min<std::int64_t>(subject.stored_failures, strangers.allowance().burst);
    return *subject.last_stored_failure + strangers.allowance().refill * failures;
  }
  /// What a place takes a token of, each: what only failures take, and what good sign-ins take.
  struct Step {
    Table& table;
    std::uint64_t key;
    Instant seeded{};
  };
  std::vector<Step> failure_steps(const AttemptPlace& place) {
    std::vector<Step> steps{{prefixes, place.prefix}, {own, place.subject_and_prefix}};
    if (!place.is_from_known_prefix) steps.push_back({strangers, place.subject, place.seeded});
    return steps;
  }
  Step sign_in_step(const AttemptPlace& place) { return {sign_ins, place.subject_and_prefix}; }

  /// The buckets of several tables under one key of theirs: what stands in one row of the store.
  static std::vector<BucketStep> shared_steps(const std::vector<Step>& steps) {
    std::vector<BucketStep> out;
    for (const Step& step : steps)
      out.push_back({step.table.shared_key(step.key), step.table.allowance(), step.seeded});
    return out;
  }
  /// A token of every bucket, or of none: then the wait. In memory alone.
  microseconds take_here(const std::vector<Step>& steps) {
    const Deadline now = clock.monotonic();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Deadline seeded = now + (steps[i].seeded - clock.now());
      const microseconds wait = steps[i].table.take(steps[i].key, now, seeded);
      if (wait.count() == 0) continue;
      while (i-- > 0) steps[i].table.give_back(steps[i].key);
      return wait;
    }
    return microseconds{0};
  }
  /// First here, which costs nothing and stops most of a flood, then where all nodes count.
  Task<microseconds> take(std::vector<Step> steps, Deadline deadline) {
    const microseconds wait = take_here(steps);
    if (wait.count() != 0 || !shared) co_return wait;
    const auto give_back_here = [&steps] {
      for (const Step& step : steps) step.table.give_back(step.key);
    };
    microseconds wait_for_all{};
    try {
      wait_for_all = co_await shared->take(shared_steps(steps), clock.now(), deadline);
    } catch (...) {
      give_back_here();  // an outage is not an attempt
      throw;
    }
    if (wait_for_all.count() != 0) give_back_here();
    co_return wait_for_all;
  }
  void give_back(const std::vector<Step>& steps) {
    for (const Step& step : steps) step.table.give_back(step.key);
    if (shared) shared->give_back(shared_steps(steps));
  }
  /// A token of one bucket, or the refusal.
  Task<Result<void>> take_one(Table& table, std::uint64_t bucket, std::atomic<std::uint64_t>& refused,
                              Deadline deadline) {
    if (!settings.enabled) co_return Result<void>{};
    const microseconds wait = co_await take({Step{table, bucket}}, deadline);
    if (wait.count() == 0) co_return Result<void>{};
    ++refused;
    co_return limited(wait);
  }

  LimitSettings settings;
  const Clock& clock;
  SharedBuckets* const shared;
  const std::array<std::byte, 16> seed;
  Table own, strangers, prefixes, sign_ins, registrations, unknown_secrets, mail_requests, changes;
  std::mutex known_mutex;
  ClockMap<std::uint64_t, char, KeyHash> known{buckets_per_table};  ///< (subject, prefix) that signed in before
  std::mutex pending_mutex;
  std::unordered_map<std::int64_t, FailedSignIns> pending;
  std::atomic<std::uint64_t> refused_sign_ins{0}, refused_registrations{0}, refused_unknown_secrets{0},
      refused_mail_requests{0}, refused_changes{0};
};

Limits::Limits(LimitSettings settings, const Clock& clock, Random& random, SharedBuckets* shared)
    : inside_(std::make_unique<Inside>(settings, clock, random, shared)) {}
Limits::~Limits() = default;

Task<Result<AttemptPlace>> Limits::begin_sign_in(SignInSubject subject, ClientAddress address, Deadline deadline) {
  Inside& in = *inside_;
  const ClientAddress prefix = address.prefix();
  const std::string name = subject.account ? "#" + std::to_string(static_cast<std::int64_t>(*subject.account))
                                           : "@" + std::string(subject.identifier);
  AttemptPlace place{.subject = in.key('a', name),
                     .subject_and_prefix = in.key('o', name, prefix),
                     .prefix = in.key('p', "", prefix),
                     .seeded = in.seed_of(subject),
                     .account = subject.account};
  if (!in.settings.enabled) co_return place;
  place.is_from_known_prefix = subject.is_from_known_prefix || in.is_known(place.subject_and_prefix);
  std::vector<Inside::Step> steps = in.failure_steps(place);
  steps.push_back(in.sign_in_step(place));
  const microseconds wait = co_await in.take(std::move(steps), deadline);
  if (wait.count() == 0) co_return place;
  ++in.refused_sign_ins;
  co_return limited(wait);
}

void Limits::failed_sign_in(const AttemptPlace& place) {
  if (inside_->settings.enabled) inside_->give_back({inside_->sign_in_step(place)});
  if (!place.account) return;
  std::lock_guard lock(inside_->pending_mutex);
  const auto id = static_cast<std::int64_t>(*place.account);
  if (inside_->pending.size() >= pending_limit && !inside_->pending.contains(id)) return;
  FailedSignIns& failures = inside_->pending[id];
  failures.account = *place.account;
  ++failures.counted;
  ++failures.consecutive;
  failures.last_at = inside_->clock.now();
}

void Limits::succeeded_sign_in(const AttemptPlace& place) {
  if (inside_->settings.enabled) inside_->give_back(inside_->failure_steps(place));
  if (!place.account) return;
  inside_->own.forgive(place.subject_and_prefix);
  if (inside_->settings.enabled && inside_->shared)
    inside_->shared->forgive(inside_->own.shared_key(place.subject_and_prefix));
  {
    std::lock_guard lock(inside_->known_mutex);
    inside_->known.put(place.subject_and_prefix, 1);
  }
  std::lock_guard lock(inside_->pending_mutex);
  if (const auto found = inside_->pending.find(static_cast<std::int64_t>(*place.account));
      found != inside_->pending.end())
    found->second.consecutive = 0;
}

void Limits::abandoned_sign_in(const AttemptPlace& place) {
  if (!inside_->settings.enabled) return;
  std::vector<Inside::Step> steps = inside_->failure_steps(place);
  steps.push_back(inside_->sign_in_step(place));
  inside_->give_back(steps);
}

Task<Result<void>> Limits::begin_registration(ClientAddress address, Deadline deadline) {
  return inside_->take_one(inside_->registrations, inside_->key('r', "", address.prefix()),
                           inside_->refused_registrations, deadline);
}

Task<Result<void>> Limits::begin_vouched_sign_in(AccountId account, ClientAddress address, Deadline deadline) {
  return inside_->take_one(inside_->sign_ins,
                           inside_->key('o', std::to_string(static_cast<std::int64_t>(account)), address.prefix()),
                           inside_->refused_sign_ins, deadline);
}

Result<void> Limits::begin_unknown_secret(const ClientAddress& address) {
  if (!inside_->settings.enabled) return {};
  const microseconds wait = inside_->take_here({{inside_->unknown_secrets, inside_->key('u', "", address.prefix())}});
  if (wait.count() == 0) return {};
  ++inside_->refused_unknown_secrets;
  return limited(wait);
}

Task<Result<void>> Limits::begin_mail_request(ClientAddress address, Deadline deadline) {
  return inside_->take_one(inside_->mail_requests, inside_->key('m', "", address.prefix()),
                           inside_->refused_mail_requests, deadline);
}

Task<Result<void>> Limits::begin_change(AccountId account, Deadline deadline) {
  return inside_->take_one(inside_->changes, inside_->key('c', std::to_string(static_cast<std::int64_t>(account))),
                           inside_->refused_changes, deadline);
}

Task<Result<void>> Limits::begin_ending(Digest credential, Deadline deadline) {
  return inside_->take_one(inside_->changes, inside_->key('e', text_of(credential)), inside_->refused_changes,
                           deadline);
}

Task<Result<void>> Limits::begin_refresh(Digest credential, Deadline deadline) {
  return inside_->take_one(inside_->changes, inside_->key('f', text_of(credential)), inside_->refused_changes,
                           deadline);
}

std::vector<FailedSignIns> Limits::take_failures() {
  std::lock_guard lock(inside_->pending_mutex);
  std::vector<FailedSignIns> out;
  out.reserve(inside_->pending.size());
  for (const auto& [id, failures] : inside_->pending) out.push_back(failures);
  inside_->pending.clear();
  return out;
}

Limits::Counts Limits::counts() const {
  return {inside_->refused_sign_ins, inside_->refused_registrations, inside_->refused_unknown_secrets,
          inside_->refused_mail_requests, inside_->refused_changes};
}

}  // namespace propusk::core
