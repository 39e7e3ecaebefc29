// TermsTable: the terms of live credentials, each set of them once, under a number of two bytes; and whether the client
// behind them still is what it was. Read without a lock.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/clients/client.hpp"

namespace propusk::core {

using SharedTerms = std::shared_ptr<const CredentialTerms>;

/// How the client behind a set of terms stands.
enum class TermsStanding : std::uint8_t {
  unknown,  ///< ask the store
  in_force,
  ended,  ///< the client is gone, disabled, or in another epoch
};

class TermsTable {
 public:
  TermsTable() = default;
  ~TermsTable();
  TermsTable(const TermsTable&) = delete;
  TermsTable& operator=(const TermsTable&) = delete;

  /// The number of terms that the store, read after `sequence`, said to be in force. Nothing if the client has changed
  /// since, or if the table (65,535 sets, 256 of one client's epoch) is full: such a credential stays out of memory.
  std::optional<std::uint16_t> number_of(const CredentialTerms& terms, std::uint64_t sequence);
  /// What a number stands for; nullptr for 0.
  [[nodiscard]] SharedTerms terms(std::uint16_t number) const { return number == 0 ? nullptr : of(number).terms; }
  [[nodiscard]] TermsStanding standing_of(std::uint16_t number) const {
    return number == 0 ? TermsStanding::in_force : of(number).standing.load(std::memory_order_acquire);
  }
  /// A client changed: only terms of this epoch are in force; none, if nothing.
  void set_epoch(std::string_view client, std::optional<Epoch> now, std::uint64_t sequence);
  /// The outcome of a client's change is unknown.
  void forget(std::string_view client, std::uint64_t sequence);
  void forget_everything(std::uint64_t sequence);

 private:
  struct Entry {
    SharedTerms terms;
    std::atomic<TermsStanding> standing{TermsStanding::unknown};
  };
  using Chunk = std::array<Entry, 256>;
  [[nodiscard]] Entry& of(std::uint16_t number) const {
    return (*chunks_[number / 256].load(std::memory_order_acquire))[number % 256];
  }
  template <class StandingOf>
  void judge(std::string_view client, std::uint64_t sequence, StandingOf standing_of_epoch);

  std::mutex mutex_;  ///< for writers
  std::map<std::pair<std::string, Epoch>, std::map<std::string, std::uint16_t>> numbers_;
  std::map<std::string, std::uint64_t, std::less<>> touched_;  ///< by client: its last change
  std::uint64_t all_touched_ = 0;                              ///< the last change of all
  std::array<std::atomic<Chunk*>, 256> chunks_{};
  std::uint32_t next_ = 1;
};

}  // namespace propusk::core
