// Counts attempts and failures by domain.
#include "core/outbox/domain_lanes.hpp"

#include <algorithm>

namespace propusk::core {
namespace {
constexpr unsigned patience = 3;
constexpr seconds longest_pause{60};
constexpr std::size_t lanes_limit = 4096;  // idle ones beyond it are forgotten and start afresh
}  // namespace

void DomainLanes::begin(const std::string& domain) {
  if (lanes_.size() >= lanes_limit) std::erase_if(lanes_, [](const auto& lane) { return lane.second.in_work == 0; });
  ++lanes_[domain].in_work;
  ++in_work_;
}

void DomainLanes::end(const std::string& domain, Delivery::Outcome outcome) {
  Lane& lane = lanes_[domain];
  --lane.in_work;
  --in_work_;
  const bool is_well = outcome == Delivery::Outcome::accepted || outcome == Delivery::Outcome::refused;
  lane.failures = is_well ? 0 : lane.failures + 1;
  if (lane.failures < patience) return;
  const seconds pause = std::min(seconds{1LL << std::min(lane.failures - patience, 6U)}, longest_pause);
  lane.paused_until = clock_.monotonic() + pause;
}

std::vector<std::string> DomainLanes::busy() const {
  const Deadline now = clock_.monotonic();
  std::vector<std::string> busy;
  for (const auto& [domain, lane] : lanes_)
    if (lane.in_work >= (lane.failures > 0 ? 1 : attempts_at_once) || lane.paused_until > now) busy.push_back(domain);
  return busy;
}

}  // namespace propusk::core
