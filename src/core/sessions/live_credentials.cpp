// Two sharded bounded maps: credentials by digest, accounts with their standing and card by id. Every change carries a
// sequence number, and a shard remembers its last one: that is how a fill learns that it is too old.
#include "core/sessions/live_credentials.hpp"

#include <mutex>

#include "base/belief.hpp"
#include "core/sessions/shards.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t seen_limit = 65'536;  // last-seen notes waiting for a flush; more wait for their next hour

/// What is known of an account.
struct Known {
  AccountStanding standing;
  SharedCard card;  ///< nullptr: nobody has asked for it since it changed
};
}  // namespace

struct LiveCredentials::Inside {
  explicit Inside(std::size_t entries) : credentials(entries), accounts(entries) {}
  Belief belief;
  Shards<Digest, LiveCredential, DigestHash> credentials;
  Shards<AccountId, Known, AccountHash> accounts;
  TermsTable terms;
  ClientDirectory clients{&belief};
  std::atomic<std::uint8_t> generation{0};  ///< what was put in before the last forget_everything() has another one
  std::atomic<std::uint64_t> sequence{0};
  std::mutex seen_mutex;
  std::vector<Seen> seen;

  void end(const Digest& digest, std::uint64_t now) {
    auto& shard = credentials.of(digest);
    std::unique_lock lock(shard.mutex);
    shard.touch(now);
    shard.entries.erase(digest);
  }
  /// Its bearer was let in by the transaction that began at `ticket`.
  void open_since(std::uint64_t ticket, const Effects::Opened& opened) {
    LiveCredential credential = opened.credential;
    if (opened.terms) {
      const auto number = terms.number_of(*opened.terms, ticket);
      if (!number) return;
      credential.terms = *number;
    }
    put_since(ticket, credential.account, {credential.epoch, AccountState::active}, false);
    put_since(ticket, opened.digest, credential);
  }
  /// Puts in what was read after `ticket`, unless the shard was touched since. False if it was.
  bool put_since(std::uint64_t ticket, AccountId account, const AccountStanding& standing, bool replaces) {
    auto& shard = accounts.of(account);
    std::unique_lock lock(shard.mutex);
    if (shard.touched > ticket) return false;
    if (Known* known = shard.entries.find(account)) {
      if (replaces) known->standing = standing;
    } else {
      shard.entries.put(account, {standing, nullptr});
    }
    return true;
  }
  void put_since(std::uint64_t ticket, const Digest& digest, LiveCredential credential) {
    auto& shard = credentials.of(digest);
    std::unique_lock lock(shard.mutex);
    if (shard.touched > ticket) return;
    credential.generation = generation.load();
    shard.entries.put(digest, credential);
  }
  void open(Effects::Opened opened, std::uint64_t now) {
    if (opened.terms) {
      const auto number = terms.number_of(*opened.terms, now);
      if (!number) return end(opened.digest, now);  // the store knows it
      opened.credential.terms = *number;
    }
    {
      auto& shard = accounts.of(opened.credential.account);
      std::unique_lock lock(shard.mutex);
      // The grant was checked in the same transaction: the account was active at this epoch.
      if (!shard.entries.find(opened.credential.account))
        shard.entries.put(opened.credential.account, {{opened.credential.epoch, AccountState::active}, nullptr});
    }
    auto& shard = credentials.of(opened.digest);
    std::unique_lock lock(shard.mutex);
    shard.touch(now);
    opened.credential.generation = generation.load();
    shard.entries.put(opened.digest, opened.credential);
  }
  void change(const ClientChange& change, std::uint64_t now) {
    const bool may_act = change.now && change.now->state == ClientState::active;
    terms.set_epoch(change.id, may_act ? std::optional(change.now->epoch) : std::nullopt, now);
    clients.apply(change);
  }
  void forget(const ClientChange& change, std::uint64_t now) {
    terms.forget(change.id, now);
    clients.forget(change.id);
  }
  void set_standing(AccountId account, const std::optional<AccountStanding>& standing, std::uint64_t now) {
    auto& shard = accounts.of(account);
    std::unique_lock lock(shard.mutex);
    shard.touch(now);
    if (!standing) {
      shard.entries.erase(account);
    } else if (Known* known = shard.entries.find(account)) {
      known->standing = *standing;
    } else {
      shard.entries.put(account, {*standing, nullptr});
    }
  }
  void drop_card(AccountId account, std::uint64_t now) {
    auto& shard = accounts.of(account);
    std::unique_lock lock(shard.mutex);
    shard.touch(now);
    if (Known* known = shard.entries.find(account)) known->card = nullptr;
  }
};

LiveCredentials::LiveCredentials(std::size_t entries) : inside_(std::make_unique<Inside>(entries)) {}
LiveCredentials::~LiveCredentials() = default;

Checked LiveCredentials::look(const Digest& digest, Instant now, SharedCard* card) const {
  LiveCredential credential;
  {
    const auto& shard = inside_->credentials.of(digest);
    std::shared_lock lock(shard.mutex);
    const LiveCredential* found = std::as_const(shard.entries).find(digest);
    if (!found) return {};
    credential = *found;
  }
  if (credential.generation != inside_->generation.load() || !inside_->belief.holds()) return {};
  switch (inside_->terms.standing_of(credential.terms)) {
    case TermsStanding::in_force: break;
    case TermsStanding::unknown: return {};
    case TermsStanding::ended: return {.standing = Standing::ended};
  }
  const auto& shard = inside_->accounts.of(credential.account);
  std::shared_lock lock(shard.mutex);
  const Known* known = std::as_const(shard.entries).find(credential.account);
  if (!known) return {};
  const AccountStanding* standing = &known->standing;
  if (standing->state != AccountState::active) return {.standing = Standing::disabled};
  if (standing->epoch != credential.epoch || credential.expires_at <= now) return {.standing = Standing::ended};
  // Another node may have seen it since: only the row decides that it was idle for too long (DESIGN.md §5).
  if (!is_within_life(credential.expires_at, credential.seen_at, seconds{credential.idle_seconds}, now)) return {};
  if (card) *card = known->card;
  return {.standing = Standing::live,
          .account = credential.account,
          .kind = credential.kind,
          .seen_at = credential.seen_at,
          .expires_at = credential.expires_at,
          .terms = inside_->terms.terms(credential.terms)};
}

LiveCredentials::Ticket LiveCredentials::ticket() const { return {inside_->sequence.load()}; }

void LiveCredentials::fill(const Ticket& ticket, const Credential& credential, const AccountStanding& standing) {
  LiveCredential live = live_of(credential);
  if (credential.terms) {
    const auto number = inside_->terms.number_of(*credential.terms, ticket.sequence);
    if (!number) return;
    live.terms = *number;
  }
  if (inside_->put_since(ticket.sequence, credential.account, standing, true))
    inside_->put_since(ticket.sequence, credential.digest, live);
}

std::pair<Checked, SharedCard> LiveCredentials::check_with_card(const Digest& digest, Instant now) const {
  std::pair<Checked, SharedCard> out;
  out.first = look(digest, now, &out.second);
  return out;
}

SharedCard LiveCredentials::card(AccountId account) const {
  if (!inside_->belief.holds()) return nullptr;
  const auto& shard = inside_->accounts.of(account);
  std::shared_lock lock(shard.mutex);
  const Known* known = std::as_const(shard.entries).find(account);
  return known ? known->card : nullptr;
}

void LiveCredentials::fill_card(const Ticket& ticket, const SharedCard& card, const AccountStanding& standing) {
  auto& shard = inside_->accounts.of(card->id);
  std::unique_lock lock(shard.mutex);
  if (shard.touched <= ticket.sequence) shard.entries.put(card->id, {standing, card});
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
  for (const AccountId account : effects.profiles) inside_->drop_card(account, now);
  for (const ClientChange& changed : effects.clients) inside_->change(changed, now);
}

void LiveCredentials::forget(const Effects& effects) {
  const std::uint64_t now = ++inside_->sequence;
  for (const auto& changed : effects.standings) inside_->set_standing(changed.account, std::nullopt, now);
  for (const auto& opened : effects.opened) inside_->end(opened.digest, now);
  for (const auto& digest : effects.ended) inside_->end(digest, now);
  for (const AccountId account : effects.profiles) inside_->drop_card(account, now);
  for (const ClientChange& changed : effects.clients) inside_->forget(changed, now);
}

void LiveCredentials::apply(const Ticket& ticket, const Effects& effects) {
  for (const auto& opened : effects.opened) inside_->open_since(ticket.sequence, opened);
  Effects others;
  others.ended = effects.ended;
  for (const auto& changed : effects.standings)
    if (!changed.is_new) others.standings.push_back(changed);
  others.profiles = effects.profiles;
  others.clients = effects.clients;
  if (!others.empty()) forget(others);
}

// First touched, then aged: what was read before gets in neither before nor between. A generation of one byte comes
// back after 255 others: nothing may be left of its first life.
void LiveCredentials::forget_everything() {
  const std::uint64_t now = ++inside_->sequence;
  const bool comes_back = inside_->generation == 255;
  inside_->credentials.touch_all(now, comes_back);
  inside_->accounts.touch_all(now, true);
  ++inside_->generation;
  inside_->terms.forget_everything(now);
  inside_->clients.forget_everything();
}

void LiveCredentials::believe_until(Deadline until, const Clock& clock) { inside_->belief.last(until, clock); }

bool LiveCredentials::knows(const Digest& digest) const {
  const auto& shard = inside_->credentials.of(digest);
  std::shared_lock lock(shard.mutex);
  return std::as_const(shard.entries).find(digest) != nullptr;
}

ClientDirectory& LiveCredentials::clients() { return inside_->clients; }

std::size_t LiveCredentials::size() const { return inside_->credentials.size(); }

}  // namespace propusk::core
