// One beat is under way at a time: the next leaves when its echo is there, or when the connection is given up.
#include "stores/postgres/listener.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "stores/postgres/news.hpp"

namespace propusk::postgres {
namespace {
constexpr milliseconds beat_interval{250};
constexpr milliseconds staleness{1'000};  // DESIGN.md §5: what another node ended is alive here for no longer
constexpr milliseconds patience{3'000};   // without an echo for so long, the connection is given up
constexpr milliseconds first_pause{50}, longest_pause{500};  // between attempts to connect
}  // namespace

Listener::Listener(ConnectionSettings settings, std::string node, Deps deps)
    : settings_(std::move(settings)),
      node_(std::move(node)),
      deps_(std::move(deps)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  deps_.effects.believe_until(deps_.clock.monotonic(), deps_.clock);
}

bool Listener::is_stopping() const {
  std::lock_guard lock(mutex_);
  return is_stopping_;
}

void Listener::stop() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  ::eventfd_write(wake_.get(), 1);
}

bool Listener::is_hearing() const {
  return deps_.clock.monotonic() < Deadline(Deadline::duration(believed_until_.load()));
}

bool Listener::is_in_touch() const {
  const Deadline believed_until{Deadline::duration(believed_until_.load())};
  return deps_.clock.monotonic() < believed_until + (has_heard_ ? patience - staleness : milliseconds{0});
}

bool Listener::wait_until_hearing(Deadline until) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, until - deps_.clock.monotonic(), [this] { return is_hearing() || is_stopping_; }) &&
         !is_stopping_;
}

bool Listener::rest(milliseconds pause) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, pause, [this] { return is_stopping_; });
}

void Listener::run() {
  milliseconds pause = first_pause;
  while (!is_stopping()) {
    const std::uint64_t heard_before = heard_;
    try {
      listen();
    } catch (const Outage& outage) {
      has_heard_ = false;
      const bool worked = heard_ != heard_before;
      if (worked || pause == first_pause)  // told once, not at every attempt
        deps_.log(stores::LogLevel::warning,
                  "the database is not heard from: until it is, each check reads it (" + outage.cause() + ")");
      pause = worked ? first_pause : std::min(pause * 2, longest_pause);
    }
    rest(pause);
  }
}

void Listener::listen() {
  Connection connection(settings_, deps_.clock);
  connection.set_deadline(deps_.clock.monotonic() + patience);
  connection.run("LISTEN propusk", {});
  // What was missed before is forgotten now; what is read from now on is true until told otherwise.
  deps_.effects.forget_everything();
  deps_.on_elsewhere({.clients = true, .keys = true});
  heard_ = sent_;
  bool is_first = true;
  Deadline next = deps_.clock.monotonic();
  while (!is_stopping()) {
    const Deadline now = deps_.clock.monotonic();
    if (heard_ == sent_ && now >= next) {
      next = now + beat_interval;
      beat(connection);
    }
    while (auto payload = connection.take_notification()) hear(*payload);  // some came with the answer to the beat
    if (heard_ != sent_ && deps_.clock.monotonic() > sent_at_ + patience)
      throw Outage("postgresql", "its notifications do not arrive");
    if (heard_ == sent_ && std::exchange(is_first, false))
      deps_.log(stores::LogLevel::info, "the database is heard from: what is in memory counts");
    connection.wait_for_news(heard_ == sent_ ? next : sent_at_ + patience, wake_.get());
  }
}

void Listener::beat(Connection& connection) {
  sent_at_ = deps_.clock.monotonic();
  connection.set_deadline(sent_at_ + patience);
  const std::string payload = beat_of(node_, ++sent_);
  auto rows = connection.query("SELECT pg_notify('propusk', $1)", {payload});
  std::ignore = rows.next();
}

void Listener::hear(std::string_view payload) {
  const News news = news_of(payload);
  switch (news.kind) {
    case News::Kind::beat:
      if (news.node != node_ || news.beat != sent_) return;
      heard_ = sent_;
      has_heard_ = true;
      return believe(sent_at_ + staleness);
    case News::Kind::effects:
      if (news.node == node_ && !deps_.doubts_itself) return;  // applied when it was committed
      deps_.effects.forget(news.effects);
      return deps_.on_elsewhere({.clients = !news.effects.clients.empty(), .keys = news.effects.keys});
    case News::Kind::everything:
    case News::Kind::unknown:
      deps_.effects.forget_everything();
      return deps_.on_elsewhere({.clients = true, .keys = true});
  }
}

void Listener::believe(Deadline until) {
  {
    std::lock_guard lock(mutex_);
    believed_until_ = until.time_since_epoch().count();
  }
  changed_.notify_all();
  deps_.effects.believe_until(until, deps_.clock);
}

}  // namespace propusk::postgres
