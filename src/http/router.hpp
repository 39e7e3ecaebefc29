// Router: a dialect is one constexpr table of routes; the router finds the row for a request.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::http {

/// What a plain handler says: the reply is complete, or the waiting handler of the same row must run.
enum class Next : std::uint8_t { send, wait };

/// One row of a dialect's table. `Dialect` is the object that the handlers share (their Deps).
/// A row needs `plain`, `waiting` or both; both: plain runs first, and waiting only after Next::wait with a fresh
/// reply.
template <class Dialect>
struct Route {
  using Plain = Next (*)(Dialect&, const Request&, Reply&);
  using Waiting = Task<void> (*)(Dialect&, const Request&, Reply&);
  /// nothing: any method that no other row of the same path names, OPTIONS among them
  std::optional<Method> method;
  /// Exact path, or with `{name}` segments. A row for GET answers HEAD too, unless HEAD has a row.
  std::string_view path;
  /// Largest body in bytes; a larger one is 413 before it is read.
  std::size_t body_limit = 64 * 1024;
  Plain plain = nullptr;
  Waiting waiting = nullptr;
};

/// Rows made at compile time.
template <class Dialect, std::size_t N>
struct RouteTable {
  Route<Dialect> rows[N];
};
/// The same rows for the paths without the slash at their ends.
template <class Dialect, std::size_t N>
consteval RouteTable<Dialect, N> without_slashes(const Route<Dialect> (&rows)[N]) {
  RouteTable<Dialect, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    out.rows[i] = rows[i];
    out.rows[i].path.remove_suffix(1);
  }
  return out;
}

/// Why a request got no answer from its handler.
enum class Failure : std::uint8_t { outage, bug };

/// A row as the server runs it: the types of the dialect are erased.
struct MountedRoute {
  std::optional<Method> method;
  std::string path;
  std::size_t body_limit = 0;
  Next (*plain)(const MountedRoute&, const Request&, Reply&) = nullptr;
  Task<void> (*waiting)(const MountedRoute&, const Request&, Reply&) = nullptr;
  /// Writes the dialect's 503 or 500; a plain default if the dialect gave none.
  void (*failed)(const MountedRoute&, Failure, const Request&, Reply&) = nullptr;
  void* dialect = nullptr;
  void (*plain_handler)() = nullptr;  ///< the dialect's own pointers, cast back by the thunks
  void (*waiting_handler)() = nullptr;
  void (*failed_handler)() = nullptr;
  std::size_t index = 0;  ///< position among all mounted routes: the key of the metrics
};

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  template <class Dialect>
  using Failed = void (*)(Dialect&, Failure, const Request&, Reply&);
  /// Adds a dialect's table. `dialect` outlives the router. Two rows for one method and path are a Bug.
  template <class Dialect, std::size_t N>
  void mount(const Route<Dialect> (&table)[N], Dialect& dialect, Failed<Dialect> failed = nullptr) {
    mount(std::span<const Route<Dialect>>(table), dialect, failed);
  }
  /// The same for rows whose paths are settings: they are copied.
  template <class Dialect>
  void mount(std::span<const Route<Dialect>> table, Dialect& dialect, Failed<Dialect> failed) {
    for (const Route<Dialect>& row : table) {
      MountedRoute route;
      route.method = row.method;
      route.path = row.path;
      route.body_limit = row.body_limit;
      route.dialect = &dialect;
      if (row.plain) {
        route.plain_handler = reinterpret_cast<void (*)()>(row.plain);
        route.plain = [](const MountedRoute& r, const Request& request, Reply& reply) {
          return reinterpret_cast<typename Route<Dialect>::Plain>(r.plain_handler)(*static_cast<Dialect*>(r.dialect),
                                                                                   request, reply);
        };
      }
      if (row.waiting) {
        route.waiting_handler = reinterpret_cast<void (*)()>(row.waiting);
        route.waiting = [](const MountedRoute& r, const Request& request, Reply& reply) -> Task<void> {
          return reinterpret_cast<typename Route<Dialect>::Waiting>(r.waiting_handler)(
              *static_cast<Dialect*>(r.dialect), request, reply);
        };
      }
      if (failed) {
        route.failed_handler = reinterpret_cast<void (*)()>(failed);
        route.failed = [](const MountedRoute& r, Failure why, const Request& request, Reply& reply) {
          reinterpret_cast<void (*)(Dialect&, Failure, const Request&, Reply&)>(r.failed_handler)(
              *static_cast<Dialect*>(r.dialect), why, request, reply);
        };
      }
      add(std::move(route));
    }
  }

  struct Found {
    const MountedRoute* route = nullptr;  ///< nullptr: the path is unknown, or known without this method
    bool path_known = false;              ///< route == nullptr && path_known: 405 with `allow`
    std::string_view allow;               ///< "GET, HEAD, POST, OPTIONS": what the path's rows name; OPTIONS always
  };
  /// Fills `request.path_parameters` when a pattern matched. Exact paths win over patterns.
  Found find(Request& request) const;
  [[nodiscard]] std::span<const MountedRoute> routes() const;

 private:
  void add(MountedRoute route);
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace propusk::http
