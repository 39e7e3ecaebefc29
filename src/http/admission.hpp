// Admission: a connection's place among the open ones: so many over all threads, so many of one client prefix.
#pragma once
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/client_address.hpp"

namespace propusk::http {

struct Service;

/// Open connections by client prefix. Thread-safe; touched when a connection opens and closes, never by a request.
class ConnectionCensus {
 public:
  /// False if `limit` are open already.
  bool enter(const ClientAddress& prefix, std::size_t limit);
  void leave(const ClientAddress& prefix);

 private:
  std::mutex mutex_;
  std::map<ClientAddress, std::size_t> open_;
};

/// Move-only; the place is free again when it ends, whatever happened in between.
class Admission {
 public:
  /// Nothing if all places, or those of the peer's prefix, are taken. This machine and trusted proxies speak for many:
  /// only the first bound holds for them.
  static std::optional<Admission> of(Service& service, const ClientAddress& peer);
  Admission(Admission&& other) noexcept : service_(std::exchange(other.service_, nullptr)), prefix_(other.prefix_) {}
  Admission& operator=(Admission&&) = delete;
  ~Admission();

 private:
  Admission(Service& service, std::optional<ClientAddress> prefix) : service_(&service), prefix_(prefix) {}
  Service* service_;
  std::optional<ClientAddress> prefix_;  ///< counted in the census
};

}  // namespace propusk::http
