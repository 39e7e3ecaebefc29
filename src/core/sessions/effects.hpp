// Effects: what a committed write changed about who is live. The store applies them after COMMIT and before it answers.
#pragma once
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "core/clients/directory.hpp"
#include "core/sessions/credential.hpp"

namespace propusk::core {

/// A credential as the live map keeps it.
struct LiveCredential {
  AccountId account{};
  Epoch epoch = 0;
  Instant expires_at{};
  Instant seen_at{};
  std::uint32_t idle_seconds = 0;  ///< 0: never ends for want of use; a million of these are in memory
  CredentialKind kind{};
  std::uint8_t generation = 0;  ///< of the memory that it was put into
  std::uint16_t terms = 0;      ///< number in the table of terms; 0: none
};
/// A stored credential as the live map keeps it; its terms get their number there.
inline LiveCredential live_of(const Credential& credential) {
  return {.account = credential.account,
          .epoch = credential.epoch,
          .expires_at = credential.expires_at,
          .seen_at = credential.seen_at,
          .idle_seconds = static_cast<std::uint32_t>(credential.idle.count()),
          .kind = credential.kind};
}

struct Effects {
  struct Opened {
    Digest digest;
    LiveCredential credential;
    std::optional<CredentialTerms> terms{};
    bool is_new = true;  ///< nobody can have known it before
  };
  struct Standing {
    AccountId account{};
    std::optional<AccountStanding> now;  ///< nothing: the account is gone
    bool is_new = false;                 ///< nobody can have known it before
  };
  std::vector<Opened> opened;
  std::vector<Digest> ended;
  std::vector<Standing> standings;
  std::vector<AccountId> profiles;  ///< accounts of which something else is to be shown than before
  std::vector<ClientChange> clients;
  bool keys = false;  ///< signing keys were added or retired
  [[nodiscard]] bool empty() const {
    return opened.empty() && ended.empty() && standings.empty() && profiles.empty() && clients.empty() && !keys;
  }
  void append(Effects&& later) {
    std::move(later.opened.begin(), later.opened.end(), std::back_inserter(opened));
    std::move(later.ended.begin(), later.ended.end(), std::back_inserter(ended));
    std::move(later.standings.begin(), later.standings.end(), std::back_inserter(standings));
    std::move(later.profiles.begin(), later.profiles.end(), std::back_inserter(profiles));
    std::move(later.clients.begin(), later.clients.end(), std::back_inserter(clients));
    keys = keys || later.keys;
  }
};

/// A moment among the changes of what is remembered: what is invalidated after it beats what was read after it.
struct EffectTicket {
  std::uint64_t sequence = 0;
};

/// Who is told about committed effects: core/sessions/live_credentials implements it. Thread-safe.
class EffectSink {
 public:
  virtual ~EffectSink() = default;
  [[nodiscard]] virtual EffectTicket ticket() const = 0;
  /// For a store that commits one transaction after the other: called in commit order, never concurrently.
  virtual void apply(const Effects& effects) = 0;
  /// For a store whose transactions commit side by side: `ticket` was taken before this one began. Right in any order:
  /// what was opened counts unless it was touched since, all else that these effects touch is forgotten.
  virtual void apply(const EffectTicket& ticket, const Effects& effects) = 0;
  /// The outcome of a commit is unknown, or it was another node's: forget everything these effects touch, so that the
  /// next check reads the store.
  virtual void forget(const Effects& effects) = 0;
  /// Others may have changed anything: whatever was remembered until now is read again before it counts.
  virtual void forget_everything() = 0;
  /// What is remembered counts until then; later, each check reads the store. `clock` outlives this.
  virtual void believe_until(Deadline until, const Clock& clock) = 0;
};

}  // namespace propusk::core
