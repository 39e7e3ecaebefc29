// Counts before anything is allocated for a connection.
#include "http/admission.hpp"

#include <algorithm>

#include "http/lane.hpp"

namespace propusk::http {

bool ConnectionCensus::enter(const ClientAddress& prefix, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::size_t& open = open_[prefix];
  if (open >= limit) return false;
  ++open;
  return true;
}

void ConnectionCensus::leave(const ClientAddress& prefix) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(prefix);
  if (--found->second == 0) open_.erase(found);
}

std::optional<Admission> Admission::of(Service& service, const ClientAddress& peer) {
  const ServerSettings& settings = service.settings;
  if (service.open_connections.fetch_add(1) >= settings.connections) {
    service.open_connections.fetch_sub(1);
    return std::nullopt;
  }
  Admission admission(service, std::nullopt);
  const bool speaks_for_many =
      peer.is_loopback() ||
      std::ranges::any_of(settings.trusted_proxies, [&](const Network& n) { return n.contains(peer); });
  if (speaks_for_many) return admission;
  if (!service.census.enter(peer.prefix(), settings.connections_per_prefix)) return std::nullopt;
  admission.prefix_ = peer.prefix();
  return admission;
}

Admission::~Admission() {
  if (!service_) return;
  if (prefix_) service_->census.leave(*prefix_);
  service_->open_connections.fetch_sub(1);
  if (!service_->is_draining) return;
  const std::lock_guard lock(service_->drained_mutex);
  service_->drained.notify_all();
}

}  // namespace propusk::http
