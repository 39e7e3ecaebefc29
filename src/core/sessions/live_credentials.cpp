// Two sharded bounded maps: credentials by digest, standings by account. Every change carries a sequence number, and a
// shard remembers its last one: that is how a fill learns that it is too old.
#include "core/sessions/live_credentials.hpp"

#include <array>
#include <mutex>
#include <shared_mutex>

#include "core/limits/clock_map.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t shard_count = 64;     // STACK.md §4
constexpr std::size_t seen_limit = 65'536;  // last-seen notes waiting for a flush; more wait for their next hour

struct AccountHash {
  using is_avalanching = void;
  std::size_t operator()(AccountId id) const noexcept {
    auto x = static_cast<std::uint64_t>(id);  // splitmix64's finaliser: ids are random, but only in 31 bits
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }
};

template <class Key, class Value, class Hash>
struct alignas(64) Shard {
  explicit Shard(std::size_t capacity) : entries(capacity) {}
  mutable std::shared_mutex mutex;
  ClockMap<Key, Value, Hash> entries;
  std::uint64_t touched = 0;  ///< sequence number of the last change that came from a write
};
template <class Key, class Value, class Hash>
struct Shards {
  explicit Shards(std::size_t capacity) {
    for (auto& shard : list) shard = std::make_unique<Shard<Key, Value, Hash>>(capacity / shard_count + 1);
  }
  Shard<Key, Value, Hash>& of(const Key& key) const { return *list[Hash{}(key) / 64 % shard_count]; }
  std::array<std::unique_ptr<Shard<Key, Value, Hash>>, shard_count> list;
};
}  // namespace

struct LiveCredentials::Inside {
  explicit Inside(std::size_t entries) : credentials(entries), standings(entries) {}
  Shards<Digest, LiveCredential, DigestHash> credentials;
  Shards<AccountId, AccountStanding, AccountHash> standings;
  std::atomic<std::uint64_t> sequence{0};
  std::mutex seen_mutex;
  std::vector<Seen> seen;

  void end(const Digest& digest, std::uint64_t now) {
    auto& shard = credentials.of(digest);
    std::unique_lock lock(shard.mutex);
    shard.touched = now;
    shard.entries.erase(digest);
  }
  void open(const Effects::Opened& opened, std::uint64_t now) {
    {
      auto& shard = standings.of(opened.credential.account);
      std::unique_lock lock(shard.mutex);
      // The grant was checked in the same transaction: the account was active at this epoch.
      if (!shard.entries.find(opened.credential.account))
        shard.entries.put(opened.credential.account, {opened.credential.epoch, AccountState::active});
    }
    auto& shard = credentials.of(opened.digest);
    std::unique_lock lock(shard.mutex);
    shard.touched = now;
    shard.entries.put(opened.digest, opened.credential);
  }
  void set_standing(AccountId account, const std::optional<AccountStanding>& standing, std::uint64_t now) {
    auto& shard = standings.of(account);
    std::unique_lock lock(shard.mutex);
    shard.touched = now;
    if (standing)
      shard.entries.put(account, *standing);
    else
      shard.entries.erase(account);
  }
};

LiveCredentials::LiveCredentials(std::size_t entries) : inside_(std::make_unique<Inside>(entries)) {}
LiveCredentials::~LiveCredentials() = default;

Checked LiveCredentials::check(const Digest& digest, Instant now) const {
  LiveCredential credential;
  {
    const auto& shard = inside_->credentials.of(digest);
    std::shared_lock lock(shard.mutex);
    const LiveCredential* found = std::as_const(shard.entries).find(digest);
    if (!found) return {};
    credential = *found;
  }
  const auto& shard = inside_->standings.of(credential.account);
  std::shared_lock lock(shard.mutex);
  const AccountStanding* standing = std::as_const(shard.entries).find(credential.account);
  if (!standing) return {};
  if (standing->state == AccountState::disabled) return {.standing = Standing::disabled};
  if (standing->epoch != credential.epoch || credential.expires_at <= now) return {.standing = Standing::ended};
  return {.standing = Standing::live,
          .account = credential.account,
          .kind = credential.kind,
          .seen_at = credential.seen_at};
}

LiveCredentials::Ticket LiveCredentials::ticket() const { return {inside_->sequence.load()}; }

void LiveCredentials::fill(const Ticket& ticket, const Digest& digest, const LiveCredential& credential,
                           const AccountStanding& standing) {
  {
    auto& shard = inside_->standings.of(credential.account);
    std::unique_lock lock(shard.mutex);
    if (shard.touched > ticket.sequence) return;
    shard.entries.put(credential.account, standing);
  }
  auto& shard = inside_->credentials.of(digest);
  std::unique_lock lock(shard.mutex);
  if (shard.touched > ticket.sequence) return;
  shard.entries.put(digest, credential);
}

void LiveCredentials::note_seen(const Digest& digest, Instant at) {
  {
    auto& shard = inside_->credentials.of(digest);
    std::unique_lock lock(shard.mutex);
    LiveCredential* found = shard.entries.find(digest);
    if (!found) return;
    found->seen_at = at;
  }
  std::lock_guard lock(inside_->seen_mutex);
  if (inside_->seen.size() < seen_limit) inside_->seen.push_back({digest, at});
}

std::vector<LiveCredentials::Seen> LiveCredentials::take_seen() {
  std::lock_guard lock(inside_->seen_mutex);
  return std::exchange(inside_->seen, {});
}

void LiveCredentials::apply(const Effects& effects) {
  const std::uint64_t now = ++inside_->sequence;
  // What ends comes last: one batch may hold a sign-in and, after it, the deletion of its account.
  for (const auto& opened : effects.opened) inside_->open(opened, now);
  for (const auto& changed : effects.standings) inside_->set_standing(changed.account, changed.now, now);
  for (const auto& digest : effects.ended) inside_->end(digest, now);
}

void LiveCredentials::forget(const Effects& effects) {
  const std::uint64_t now = ++inside_->sequence;
  for (const auto& changed : effects.standings) inside_->set_standing(changed.account, std::nullopt, now);
  for (const auto& opened : effects.opened) inside_->end(opened.digest, now);
  for (const auto& digest : effects.ended) inside_->end(digest, now);
}

std::size_t LiveCredentials::size() const {
  std::size_t total = 0;
  for (const auto& shard : inside_->credentials.list) {
    std::shared_lock lock(shard->mutex);
    total += shard->entries.size();
  }
  return total;
}

}  // namespace propusk::core
