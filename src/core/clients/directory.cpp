// Clients by id, behind one lock: they are few and seldom change.
#include "core/clients/directory.hpp"

#include <mutex>

namespace propusk::core {

SharedClient ClientDirectory::find(std::string_view id) const { return is_doubted() ? nullptr : recall(id); }

SharedClient ClientDirectory::recall(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto found = clients_.find(id);
  return found == clients_.end() ? nullptr : found->second;
}

bool ClientDirectory::is_doubted() const {
  if (belief_ && !belief_->holds()) return true;
  std::shared_lock lock(mutex_);
  return is_forgotten_;
}

bool ClientDirectory::is_complete() const {
  if (is_doubted()) return false;
  std::shared_lock lock(mutex_);
  return is_complete_;
}

bool ClientDirectory::has_origin(std::string_view origin) const {
  std::shared_lock lock(mutex_);
  return origins_.contains(origin);
}

bool ClientDirectory::has_origins() const {
  std::shared_lock lock(mutex_);
  return !origins_.empty();
}

std::uint64_t ClientDirectory::ticket() const {
  std::shared_lock lock(mutex_);
  return changes_;
}

bool ClientDirectory::load(std::uint64_t ticket, std::vector<Client> clients) {
  std::unique_lock lock(mutex_);
  if (ticket != changes_) return false;
  clients_.clear();
  for (Client& client : clients) {
    std::string id = client.id;
    clients_.emplace(std::move(id), std::make_shared<const Client>(std::move(client)));
  }
  is_complete_ = true;
  is_forgotten_ = false;
  gather_origins();
  return true;
}

void ClientDirectory::apply(const ClientChange& change) {
  std::unique_lock lock(mutex_);
  ++changes_;
  if (change.now)
    clients_.insert_or_assign(change.id, change.now);
  else
    clients_.erase(change.id);
  gather_origins();
}

void ClientDirectory::forget(std::string_view id) {
  std::unique_lock lock(mutex_);
  ++changes_;
  is_complete_ = false;
  if (const auto found = clients_.find(id); found != clients_.end()) clients_.erase(found);
  gather_origins();
}

void ClientDirectory::forget_everything() {
  std::unique_lock lock(mutex_);
  ++changes_;
  is_complete_ = false;
  is_forgotten_ = true;
}

void ClientDirectory::gather_origins() {
  origins_.clear();
  for (const auto& [id, client] : clients_)
    if (client->state == ClientState::active) origins_.insert(client->origins.begin(), client->origins.end());
}

}  // namespace propusk::core
