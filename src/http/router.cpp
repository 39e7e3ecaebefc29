// Exact paths by one hash lookup; patterns segment by segment, in the order in which they were mounted.
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include "base/bug.hpp"
#include "http/ascii.hpp"
#include "http/router.hpp"

namespace propusk::http {

namespace {
constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();
constexpr std::size_t any_method = static_cast<std::size_t>(Method::other) + 1;

std::size_t slot(std::optional<Method> method) { return method ? static_cast<std::size_t>(*method) : any_method; }

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

/// All rows of one path.
struct Path {
  std::string pattern;
  std::array<std::size_t, any_method + 1> rows;
  std::string allow;

  explicit Path(std::string_view text) : pattern(text) { rows.fill(no_row); }
  void add(std::optional<Method> method, std::size_t row) {
    if (rows[slot(method)] != no_row) throw Bug("one method and path have one row: " + pattern);
    rows[slot(method)] = row;
    describe();
  }
  [[nodiscard]] std::size_t row_for(Method method) const {
    std::size_t row = rows[slot(method)];
    if (row == no_row && method == Method::head) row = rows[slot(Method::get)];
    return row == no_row ? rows[any_method] : row;
  }

 private:
  void describe() {
    allow.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(Method::options); ++i) {
      const auto method = static_cast<Method>(i);
      const bool is_implied = method == Method::head && rows[slot(Method::get)] != no_row;
      if (rows[i] != no_row || is_implied) allow.append(method_name(method)).append(", ");
    }
    allow.append(method_name(Method::options));  // every known path answers it
  }
};

bool matches(std::string_view pattern, std::string_view path, decltype(Request::path_parameters)& parameters) {
  parameters.clear();
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return false;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view wanted = take_until(pattern, '/'), given = take_until(path, '/');
    if (is_parameter(wanted)) {
      if (given.empty()) return false;
      parameters.emplace_back(wanted.substr(1, wanted.size() - 2), given);
    } else if (wanted != given) {
      return false;
    }
  }
  return true;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
}  // namespace

struct Router::Index {
  std::vector<MountedRoute> routes;
  std::vector<std::unique_ptr<Path>> patterns;
  boost::unordered_flat_map<std::string, std::unique_ptr<Path>, TextHash, std::equal_to<>> exact;

  Path& path(const std::string& text) {
    if (text.find('{') == std::string::npos) {
      auto& found = exact[text];
      if (!found) found = std::make_unique<Path>(text);
      return *found;
    }
    const auto known = std::ranges::find(patterns, text, [](const auto& path) { return path->pattern; });
    return known != patterns.end() ? **known : *patterns.emplace_back(std::make_unique<Path>(text));
  }
  const Path* match(Request& request) const {
    const auto found = exact.find(request.path);
    if (found != exact.end()) return found->second.get();
    for (const auto& path : patterns) {
      if (matches(path->pattern, request.path, request.path_parameters)) return path.get();
    }
    request.path_parameters.clear();
    return nullptr;
  }
};

Router::Router() : index_(std::make_unique<Index>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(MountedRoute route) {
  require(route.path.starts_with('/'), "a route's path begins with a slash");
  require(route.plain || route.waiting, "a route has a handler");
  route.index = index_->routes.size();
  index_->path(route.path).add(route.method, route.index);
  index_->routes.push_back(std::move(route));
}

Router::Found Router::find(Request& request) const {
  request.path_parameters.clear();
  const Path* path = index_->match(request);
  if (!path) return {};
  const std::size_t row = path->row_for(request.method);
  return {row == no_row ? nullptr : &index_->routes[row], true, path->allow};
}

std::span<const MountedRoute> Router::routes() const { return index_->routes; }

}  // namespace propusk::http
