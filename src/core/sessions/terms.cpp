// Entries are never moved and never given away again: a number means the same terms for the life of the process.
#include "core/sessions/terms.hpp"

#include <algorithm>

namespace propusk::core {

TermsTable::~TermsTable() {
  for (auto& chunk : chunks_) delete chunk.load();
}

std::optional<std::uint16_t> TermsTable::number_of(const CredentialTerms& terms, std::uint64_t sequence) {
  std::lock_guard lock(mutex_);
  const auto touched = touched_.find(terms.client);
  if (all_touched_ > sequence || (touched != touched_.end() && touched->second > sequence)) return std::nullopt;
  auto& of_epoch = numbers_[{terms.client, terms.client_epoch}];
  if (const auto known = of_epoch.find(terms.scope); known != of_epoch.end()) {
    of(known->second).standing.store(TermsStanding::in_force, std::memory_order_release);
    return known->second;
  }
  if (of_epoch.size() > 255 || next_ > 65'535) return std::nullopt;
  const auto number = static_cast<std::uint16_t>(next_);
  if (!chunks_[number / 256].load()) chunks_[number / 256].store(new Chunk, std::memory_order_release);
  of(number).terms = std::make_shared<const CredentialTerms>(terms);
  of(number).standing.store(TermsStanding::in_force, std::memory_order_release);
  of_epoch.emplace(terms.scope, number);
  ++next_;
  return number;
}

template <class StandingOf>
void TermsTable::judge(std::string_view client, std::uint64_t sequence, StandingOf standing_of_epoch) {
  std::lock_guard lock(mutex_);
  std::uint64_t& touched = touched_[std::string(client)];
  touched = std::max(touched, sequence);
  for (auto at = numbers_.lower_bound({std::string(client), INT64_MIN});
       at != numbers_.end() && at->first.first == client; ++at)
    for (const auto& [scope, number] : at->second)
      of(number).standing.store(standing_of_epoch(at->first.second), std::memory_order_release);
}

void TermsTable::set_epoch(std::string_view client, std::optional<Epoch> now, std::uint64_t sequence) {
  judge(client, sequence, [now](Epoch epoch) { return now == epoch ? TermsStanding::in_force : TermsStanding::ended; });
}

void TermsTable::forget(std::string_view client, std::uint64_t sequence) {
  judge(client, sequence, [](Epoch) { return TermsStanding::unknown; });
}

void TermsTable::forget_everything(std::uint64_t sequence) {
  std::lock_guard lock(mutex_);
  all_touched_ = std::max(all_touched_, sequence);
  for (const auto& [client, of_epoch] : numbers_)
    for (const auto& [scope, number] : of_epoch)
      of(number).standing.store(TermsStanding::unknown, std::memory_order_release);
}

}  // namespace propusk::core
