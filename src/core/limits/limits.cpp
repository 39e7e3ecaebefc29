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
  explicit Table(Allowance allowance) : allowance_(allowance) {
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

 private:
  struct Shard {
    std::mutex mutex;
    ClockMap<std::uint64_t, Deadline, KeyHash> full_at{buckets_per_table / shard_count};
  };
  Shard& of(std::uint64_t key) { return *shards_[key % shard_count]; }
  Allowance allowance_;
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
  Inside(LimitSettings given, const Clock& c, Random& random)
      : settings(given),
        clock(c),
        seed(random.bytes<16>()),
        own(given.failures_per_account_and_prefix),
        strangers(given.failures_per_account),
        prefixes(given.failures_per_prefix),
        sign_ins(given.sign_ins_per_account_and_prefix),
        registrations(given.registrations_per_prefix),
        unknown_secrets(given.unknown_secrets_per_prefix),
        mail_requests(given.mail_requests_per_prefix),
        changes(given.changes_per_account) {}

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
  Deadline seed_of(const SignInSubject& subject) const {
    if (!subject.last_stored_failure) return {};
    const microseconds ago = std::max(clock.now() - *subject.last_stored_failure, microseconds{0});
    const std::int64_t failures = std::min<std::int64_t>(subject.stored_failures, strangers.allowance().burst);
    return clock.monotonic() - ago + strangers.allowance().refill * failures;
  }
  /// A token of every bucket that the place stands for, or of none: then the wait.
  microseconds take(const AttemptPlace& place, Deadline seeded) {
    const Deadline now = clock.monotonic();
    struct Step {
      Table& table;
      std::uint64_t key;
      Deadline seeded;
    };
    std::vector<Step> steps{
        {prefixes, place.prefix, {}}, {own, place.subject_and_prefix, {}}, {sign_ins, place.subject_and_prefix, {}}};
    if (!place.is_from_known_prefix) steps.push_back({strangers, place.subject, seeded});
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const microseconds wait = steps[i].table.take(steps[i].key, now, steps[i].seeded);
      if (wait.count() == 0) continue;
      while (i-- > 0) steps[i].table.give_back(steps[i].key);
      return wait;
    }
    return microseconds{0};
  }
  /// A token of one bucket, or the refusal.
  Result<void> take_one(Table& table, std::uint64_t bucket, std::atomic<std::uint64_t>& refused) {
    if (!settings.enabled) return {};
    const microseconds wait = table.take(bucket, clock.monotonic());
    if (wait.count() == 0) return {};
    ++refused;
    return limited(wait);
  }
  /// What only failures take.
  void give_back_failures(const AttemptPlace& place) {
    prefixes.give_back(place.prefix);
    own.give_back(place.subject_and_prefix);
    if (!place.is_from_known_prefix) strangers.give_back(place.subject);
  }

  LimitSettings settings;
  const Clock& clock;
  std::array<std::byte, 16> seed;
  Table own, strangers, prefixes, sign_ins, registrations, unknown_secrets, mail_requests, changes;
  std::mutex known_mutex;
  ClockMap<std::uint64_t, char, KeyHash> known{buckets_per_table};  ///< (subject, prefix) that signed in before
  std::mutex pending_mutex;
  std::unordered_map<std::int64_t, FailedSignIns> pending;
  std::atomic<std::uint64_t> refused_sign_ins{0}, refused_registrations{0}, refused_unknown_secrets{0},
      refused_mail_requests{0}, refused_changes{0};
};

Limits::Limits(LimitSettings settings, const Clock& clock, Random& random)
    : inside_(std::make_unique<Inside>(settings, clock, random)) {}
Limits::~Limits() = default;

Result<AttemptPlace> Limits::begin_sign_in(const SignInSubject& subject, const ClientAddress& address) {
  Inside& in = *inside_;
  const ClientAddress prefix = address.prefix();
  const std::string name = subject.account ? "#" + std::to_string(static_cast<std::int64_t>(*subject.account))
                                           : "@" + std::string(subject.identifier);
  AttemptPlace place{.subject = in.key('a', name),
                     .subject_and_prefix = in.key('o', name, prefix),
                     .prefix = in.key('p', "", prefix),
                     .account = subject.account};
  if (!in.settings.enabled) return place;
  place.is_from_known_prefix = subject.is_from_known_prefix || in.is_known(place.subject_and_prefix);
  const microseconds wait = in.take(place, in.seed_of(subject));
  if (wait.count() == 0) return place;
  ++in.refused_sign_ins;
  return limited(wait);
}

void Limits::failed_sign_in(const AttemptPlace& place) {
  if (inside_->settings.enabled) inside_->sign_ins.give_back(place.subject_and_prefix);
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
  if (inside_->settings.enabled) inside_->give_back_failures(place);
  if (!place.account) return;
  inside_->own.forgive(place.subject_and_prefix);
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
  inside_->give_back_failures(place);
  inside_->sign_ins.give_back(place.subject_and_prefix);
}

Result<void> Limits::begin_registration(const ClientAddress& address) {
  return inside_->take_one(inside_->registrations, inside_->key('r', "", address.prefix()),
                           inside_->refused_registrations);
}

Result<void> Limits::begin_vouched_sign_in(AccountId account, const ClientAddress& address) {
  return inside_->take_one(inside_->sign_ins,
                           inside_->key('o', std::to_string(static_cast<std::int64_t>(account)), address.prefix()),
                           inside_->refused_sign_ins);
}

Result<void> Limits::begin_unknown_secret(const ClientAddress& address) {
  return inside_->take_one(inside_->unknown_secrets, inside_->key('u', "", address.prefix()),
                           inside_->refused_unknown_secrets);
}

Result<void> Limits::begin_mail_request(const ClientAddress& address) {
  return inside_->take_one(inside_->mail_requests, inside_->key('m', "", address.prefix()),
                           inside_->refused_mail_requests);
}

Result<void> Limits::begin_change(AccountId account) {
  return inside_->take_one(inside_->changes, inside_->key('c', std::to_string(static_cast<std::int64_t>(account))),
                           inside_->refused_changes);
}

Result<void> Limits::begin_ending(const Digest& credential) {
  return inside_->take_one(inside_->changes, inside_->key('e', text_of(credential)), inside_->refused_changes);
}

Result<void> Limits::begin_refresh(const Digest& credential) {
  return inside_->take_one(inside_->changes, inside_->key('f', text_of(credential)), inside_->refused_changes);
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
