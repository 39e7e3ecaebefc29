// One loop that claims, and one coroutine per mail in work. A domain that fails gets fewer attempts, never the others.
#include "cli/outbox_worker.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace propusk::cli {
namespace {
constexpr milliseconds poll_interval{250};  // a mail leaves within this, wherever it was posted
constexpr seconds store_patience{30};
constexpr seconds lease_margin{60};  // a lease outlives its attempt, else two would send the same mail
constexpr seconds after_outage{2};
constexpr seconds depth_interval{15};  // for metrics: a scrape interval
}  // namespace

OutboxWorker::OutboxWorker(core::OutboxDeps deps, core::Mailer& mailer, platform::Log& log,
                           OutboxWorkerSettings settings)
    : deps_(deps), mailer_(mailer), log_(log), settings_(settings), lanes_(deps.clock) {}

void OutboxWorker::start(boost::asio::io_context& context) {
  context_ = &context;
  boost::asio::co_spawn(context, run(), boost::asio::detached);
}

/// What an earlier process of this node had in work is nobody's now.
Task<void> OutboxWorker::take_over() {
  std::ignore = co_await deps_.store.write(
      [](core::Transaction& transaction) -> core::Result<void> {
        transaction.outbox().release_leases();
        return {};
      },
      deps_.clock.monotonic() + store_patience);
}

Task<void> OutboxWorker::run() {
  bool is_taken_over = false;
  while (!is_stopping_) {
    bool did_something = false;
    bool failed = false;
    try {
      if (!is_taken_over) co_await take_over();
      is_taken_over = true;
      did_something = co_await turn();
      co_await look_at_depth();
    } catch (const std::exception& error) {  // Outage and Bug: this is the edge, as http/server is for requests
      failed = true;
      log_.warning("outbox.failed", error.what());
    }
    if (did_something && lanes_.in_work() < settings_.mails) continue;
    const microseconds pause = failed ? microseconds{after_outage} : microseconds{poll_interval};
    co_await rest(pause);
  }
}

/// Works off requests and claims what is due. True if there may be more.
Task<bool> OutboxWorker::turn() {
  const Deadline deadline = deps_.clock.monotonic() + store_patience;
  const std::size_t answered = co_await core::answer_mail_requests(deadline, deps_);
  if (lanes_.in_work() >= settings_.mails) co_return answered > 0;
  core::Claim claim =
      co_await core::claim_mails({.mails = settings_.mails - lanes_.in_work(),
                                  .per_domain = core::DomainLanes::attempts_at_once,
                                  .after = stopped_at_,
                                  .busy = lanes_.busy(),
                                  .lease = std::chrono::duration_cast<seconds>(settings_.attempt) + lease_margin},
                                 deadline, deps_);
  const bool is_midway = !claim.stopped_at.empty();
  stopped_at_ = std::move(claim.stopped_at);
  const bool did_something = answered > 0 || !claim.dispatches.empty() || is_midway;
  for (core::Dispatch& dispatch : claim.dispatches) {
    lanes_.begin(dispatch.domain);
    boost::asio::co_spawn(*context_, attempt(std::move(dispatch)), boost::asio::detached);
  }
  co_return did_something;
}

Task<void> OutboxWorker::attempt(core::Dispatch dispatch) {
  const std::string domain = dispatch.domain;
  auto outcome = core::Delivery::Outcome::delayed;
  try {
    core::Delivery delivery =
        co_await mailer_.deliver(std::move(dispatch.letter), deps_.clock.monotonic() + settings_.attempt);
    outcome = delivery.outcome;
    count(outcome);
    if (outcome != core::Delivery::Outcome::accepted)
      log_.warning("mail.not_delivered", delivery.answer,
                   {{"mail.id", core::mail_id_text(dispatch.id)}, {"mail.attempt", dispatch.attempt}});
    co_await core::settle_mail(dispatch.id, dispatch.attempt, std::move(delivery),
                               deps_.clock.monotonic() + store_patience, deps_);
  } catch (const std::exception& error) {  // the lease ends by itself and the mail is tried again
    log_.warning("outbox.failed", error.what(), {{"mail.id", core::mail_id_text(dispatch.id)}});
  }
  lanes_.end(domain, outcome);
  if (resting_) resting_->cancel();
}

void OutboxWorker::count(core::Delivery::Outcome outcome) {
  using enum core::Delivery::Outcome;
  switch (outcome) {
    case accepted: ++accepted_; return;
    case refused: ++refused_; return;
    case delayed: ++delayed_; return;
    case unreachable: ++unreachable_; return;
  }
}

Task<void> OutboxWorker::look_at_depth() {
  const Deadline now = deps_.clock.monotonic();
  if (now < next_look_) co_return;
  next_look_ = now + depth_interval;
  const core::OutboxStore::Depth depth = co_await deps_.store.read(
      [at = deps_.clock.now()](const core::Transaction& transaction) { return transaction.outbox().depth(at); },
      now + store_patience);
  queued_ = depth.queued;
  due_ = depth.due;
  dead_ = depth.dead;
}

/// Until `pause` is over or an attempt has ended.
Task<void> OutboxWorker::rest(microseconds pause) {
  resting_.emplace(co_await boost::asio::this_coro::executor, pause);
  co_await resting_->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{}));
}

Task<void> OutboxWorker::stop(Deadline deadline) {
  is_stopping_ = true;
  Timer timer(co_await boost::asio::this_coro::executor);
  while (lanes_.in_work() > 0 && deps_.clock.monotonic() < deadline) {
    timer.expires_after(poll_interval / 10);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{}));
  }
}

OutboxWorker::Figures OutboxWorker::figures() const {
  return {accepted_, refused_, delayed_, unreachable_, queued_, due_, dead_};
}

}  // namespace propusk::cli
