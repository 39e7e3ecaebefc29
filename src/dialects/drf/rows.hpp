// Rows: the views of a dialect as routes. Paths answer with and without the slash: redirects of a POST lose its body
// (CONTRACTS.md §3, ambiguity 10).
#pragma once
#include <algorithm>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dialects/drf/view.hpp"
#include "dialects/drf/wire.hpp"
#include "http/router.hpp"

namespace propusk::drf {

template <class Visit>
struct Action {
  http::Method method;
  Door door;
  Task<void> (*handler)(const Visit& visit);
};

template <class Visit>
struct View {
  Label label;
  Door otherwise;  ///< of methods that have no action
  std::span<const Action<Visit>> actions;
};

/// Runs a request through `view` and writes the answer. `App` is what the dialect's handlers share; it has a `site`.
template <class Visit, class App>
Task<void> serve(App& app, const View<Visit>& view, const http::Request& request, http::Reply& reply) {
  if (http::answer_preflight(app.site.cors, request, view.label.allow, reply)) co_return;
  Visit visit{{app.site, view.label, request, reply, language_for(app.site, request)}, app};
  if (!negotiate(visit)) co_return;
  const http::Method method = request.method == http::Method::head ? http::Method::get : request.method;
  const auto action = std::ranges::find(view.actions, method, &Action<Visit>::method);
  const bool is_found = action != view.actions.end();
  if (!co_await let_in(visit, is_found ? action->door : view.otherwise)) co_return;
  if (is_found) co_return co_await action->handler(visit);
  send_without_action(visit);
}

/// Rows of one server: their paths are settings, so the texts live here until they are mounted.
template <class Visit, class App>
class Rows {
 public:
  using Row = http::Route<App>;
  explicit Rows(std::string prefix) : prefix_(std::move(prefix)) {}

  /// `path` with and without its slash.
  template <const View<Visit>& view>
  Rows& add(const std::string& path, typename Row::Plain plain = nullptr) {
    add_one<view>(path + "/", plain);
    add_one<view>(path, plain);
    return *this;
  }
  /// And, as the framework's router does, with the format suffix.
  template <const View<Visit>& view>
  Rows& add_suffixed(const std::string& path, typename Row::Plain plain = nullptr) {
    add<view>(path, plain);
    return add<view>(path + ".json");
  }
  template <class Failure>
  void mount(http::Router& router, App& app, Failure write_failure) {
    router.mount(std::span<const Row>(rows_), app, write_failure);
  }

 private:
  static constexpr std::size_t form_limit = 64 * 1024;  // bytes; the largest honest form is below 10 KiB
  template <const View<Visit>& view>
  static Task<void> served(App& app, const http::Request& request, http::Reply& reply) {
    return serve<Visit>(app, view, request, reply);
  }
  template <const View<Visit>& view>
  void add_one(const std::string& path, typename Row::Plain plain) {
    const std::string& whole_path = paths_.emplace_back(prefix_ + path);
    rows_.push_back(
        {.method = {}, .path = whole_path, .body_limit = form_limit, .plain = plain, .waiting = served<view>});
  }
  std::string prefix_;
  std::deque<std::string> paths_;
  std::vector<Row> rows_;
};

}  // namespace propusk::drf
