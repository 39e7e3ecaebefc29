// LiveCredentials: who is signed in and what is shown of them, in memory, so that a check touches no database. Bounded,
// sharded, and honest: a fill that began before an invalidation does not survive it (DESIGN.md §5).
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "core/accounts/profile_card.hpp"
#include "core/sessions/effects.hpp"
#include "core/sessions/terms.hpp"

namespace propusk::core {

/// What a check says.
enum class Standing : std::uint8_t {
  live,
  ended,     ///< unknown, expired, or ended by sign-out, password change or deletion
  disabled,  ///< the account is disabled or pending; only its own dialect may tell the difference
  unknown,   ///< not in memory: ask the store (fill)
};
struct Checked {
  Standing standing = Standing::unknown;
  AccountId account{};    ///< set when live
  CredentialKind kind{};  ///< set when live: a kind is accepted only where its dialect takes it
  Instant seen_at{};      ///< set when live: as last stored
  Instant expires_at{};   ///< set when live
  SharedTerms terms{};    ///< set when live and a client got it
};

class LiveCredentials final : public EffectSink {
 public:
  /// At most `entries` credentials and as many account standings, then CLOCK eviction.
  explicit LiveCredentials(std::size_t entries);
  ~LiveCredentials() override;

  /// About 0.1 us; no allocation, no database.
  [[nodiscard]] Checked check(const Digest& digest, Instant now) const { return look(digest, now, nullptr); }
  /// The same, with the card of a live one's account, which stands beside its standing; nullptr if it is not in memory.
  [[nodiscard]] std::pair<Checked, SharedCard> check_with_card(const Digest& digest, Instant now) const;
  /// The card of an account; nullptr if it is not in memory.
  [[nodiscard]] SharedCard card(AccountId account) const;

  /// Taken before the store is read: what is invalidated later than this beats what the read said.
  using Ticket = EffectTicket;
  [[nodiscard]] Ticket ticket() const override;
  /// Puts in what the store said, unless the credential or its account was touched since `ticket`. Only existing
  /// credentials come here: unknown tokens cannot fill the map.
  void fill(const Ticket& ticket, const Credential& credential, const AccountStanding& standing);
  /// The same for the card of an account.
  void fill_card(const Ticket& ticket, const SharedCard& card, const AccountStanding& standing);
  /// Remembers that a credential was used at `at`, to be stored by the next take_seen(). At most 65,536 wait.
  void note_seen(const Digest& digest, Instant at);
  struct Seen {
    Digest digest;
    Instant at;
  };
  /// What note_seen() collected since the last call.
  std::vector<Seen> take_seen();

  void apply(const Effects& effects) override;
  void apply(const Ticket& ticket, const Effects& effects) override;
  void forget(const Effects& effects) override;
  void forget_everything() override;
  void believe_until(Deadline until, const Clock& clock) override;
  /// Whether the digest is in memory, believed or not: to ask the store about it is nobody's guessing.
  [[nodiscard]] bool knows(const Digest& digest) const;

  /// Every registered client: kept by the same effects.
  [[nodiscard]] ClientDirectory& clients();

  [[nodiscard]] std::size_t size() const;  ///< credentials in memory

 private:
  Checked look(const Digest& digest, Instant now, SharedCard* card) const;
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace propusk::core
