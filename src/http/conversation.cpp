// The path of a request: end of its block → framing → parser → route → body → handler → answer.
#include "http/conversation.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/bug.hpp"
#include "base/outage.hpp"
#include "http/answer.hpp"
#include "http/ascii.hpp"

namespace propusk::http {

namespace {
using namespace std::chrono_literals;

constexpr std::size_t body_window = 8 * 1024;  // read at once of a body; also bounds a chunk header or the trailers
constexpr std::size_t unknown_body_limit = 4 * 1024;  // of requests without a route, read and thrown away
constexpr std::size_t send_threshold = 64 * 1024;     // pipelined answers are not collected beyond this
constexpr auto drain_linger = 1s;  // for a request that was sent before the client could see the drain

std::size_t find_block_end(std::string_view unread, std::size_t scanned) {
  const std::size_t from = scanned < 3 ? 0 : scanned - 3;
  const std::size_t found = unread.find("\r\n\r\n", from);  // lines are long enough for memchr to beat memmem twice
  return found == std::string_view::npos ? found : found + 4;
}
}  // namespace

Conversation::Conversation(Lane& lane, const Peer& peer, std::function<bool()> has_more_input)
    : lane_(lane), peer_(peer), has_more_input_(std::move(has_more_input)), now_(lane.service.clock.monotonic()) {
  await_next();
  if (!lane.service.is_draining)
    due_ = now_ + lane.service.settings.header_deadline;  // who connects has something to say
}

Conversation::~Conversation() {
  if (exchange_) {
    OPENSSL_cleanse(exchange_->body.data(), exchange_->body.size());
    lane_.exchanges.give_back(std::move(exchange_));
  }
  input_.wipe();
}

std::span<char> Conversation::room() {
  if (phase_ != Phase::body && input_.free_space() == 0) {  // a body's window was made with its head
    const std::size_t unread = input_.unread().size();
    const std::size_t limit = std::max({lane_.service.settings.header_limit, unread + 1, InputBuffer::small});
    input_.reserve(std::clamp(2 * unread, InputBuffer::small, limit));
  }
  return input_.room();
}

void Conversation::received(std::size_t count) {
  now_ = lane_.service.clock.monotonic();
  input_.commit(count);
  if (phase_ == Phase::idle) {
    phase_ = Phase::head;
    due_ = now_ + lane_.service.settings.header_deadline;
  }
}

Conversation::Step Conversation::advance() {
  while (!has_ended_) {
    if (has_answers() && answers().size() > send_threshold) return Step::send;
    if (phase_ != Phase::body && !begin_request()) break;
    if (!read_body()) break;
    if (dispatch() == Step::wait) return Step::wait;
  }
  return has_ended_ ? Step::close : Step::read;
}

bool Conversation::begin_request() {
  if (!is_after_empty_line_ && input_.unread().starts_with("\r\n")) {  // one is forgiven (RFC 9112 §2.2)
    is_after_empty_line_ = true;
    scanned_ = 0;
    input_.consume(2);
  }
  const std::string_view unread = input_.unread();
  if (unread.empty()) {
    if (phase_ == Phase::head) {  // an empty line begins no request, and earns no longer wait
      const Deadline due = due_;
      await_next();
      due_ = std::min(due_, due);
    }
    return false;
  }
  const std::size_t limit = lane_.service.settings.header_limit;
  const std::size_t end = find_block_end(unread, scanned_);
  if (std::min(end, unread.size()) > limit || (end == std::string_view::npos && unread.size() == limit)) {
    refuse(unread.substr(0, limit).find("\r\n") == std::string_view::npos ? 414 : 431);
    return false;
  }
  if (end == std::string_view::npos) {
    const std::size_t checked = scanned_ > 0 && unread[scanned_ - 1] == '\r' ? scanned_ - 1 : scanned_;
    scanned_ = unread.size();
    if (is_hopeless(unread.substr(checked))) refuse(400);
    return false;
  }
  return accept_head(unread.substr(0, end));
}

bool Conversation::accept_head(std::string_view block) {
  const auto framing = check_framing(block, exchange().request);
  if (!framing) {
    refuse(framing.error());
    return false;
  }
  framing_ = *framing;
  head_size_ = block.size();
  if (framing_.has_body()) {  // before views of the block exist: they live until the request is answered
    input_.reserve(head_size_ + body_window);
    block = input_.unread().substr(0, head_size_);
  }
  Exchange& current = exchange();
  current.reply.clear();
  current.request.body = {};
  Request& request = current.request;
  const bool is_understood = framing_.has_body() ? current.parser.start(block, request)
                                                 : split_target(request.target, request.path, request.query);
  if (!is_understood) {
    refuse(400);
    return false;
  }
  phase_ = Phase::body;
  due_ = now_ + lane_.service.settings.body_deadline;
  found_ = lane_.service.router.find(current.request);
  current.route = found_.route;
  const std::size_t body_limit = found_.route ? found_.route->body_limit : unknown_body_limit;
  if (framing_.content_length.value_or(0) > body_limit) {
    refuse(413);
    return false;
  }
  return check_expectation();
}

bool Conversation::check_expectation() {
  owes_continue_ = false;
  if (!framing_.is_1_1) return true;
  const auto expectation = exchange_->request.header("Expect");
  if (!expectation) return true;
  if (!same_text(*expectation, "100-continue")) {
    refuse(417);
    return false;
  }
  owes_continue_ = framing_.has_body();
  if (owes_continue_ && !found_.route) {  // the final answer spares the client the body; the connection cannot go on
    framing_ = {.content_length = 0, .is_chunked = false, .is_1_1 = true};
    exchange_->reply.close();
    leaves_input_ = true;
  }
  return true;
}

bool Conversation::read_body() {
  if (!framing_.has_body()) return true;
  Exchange& current = *exchange_;
  const std::size_t limit = current.route ? current.route->body_limit : unknown_body_limit;
  const auto taken = current.parser.feed(input_.unread().substr(head_size_), limit, current.body);
  if (!taken) {
    refuse(taken.error());
    return false;
  }
  input_.drop(head_size_, *taken);
  if (current.parser.is_done()) {
    current.request.body = current.body;
    return true;
  }
  if (input_.free_space() == 0) {
    refuse(400);  // a chunk header or trailers longer than the window
  } else if (owes_continue_ && *taken == 0 && input_.unread().size() == head_size_) {
    owes_continue_ = false;
    current.out.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return false;
}

Conversation::Step Conversation::dispatch() {
  phase_ = Phase::waiting;
  describe_caller();
  Exchange& current = *exchange_;
  if (lane_.service.settings.refuses_plain_http && !current.request.is_secure) {
    write_plain(current.reply, 403);  // never a redirect: the secret was sent in clear already
    finish();
  } else if (!current.route) {
    answer_by_itself();
  } else if (current.route->plain) {
    run_plain();
  }
  if (phase_ == Phase::waiting && current.route) return Step::wait;
  return Step::read;
}

void Conversation::describe_caller() {
  Request& request = exchange_->request;
  Service& service = lane_.service;
  const Origin origin = origin_of(peer_, service.settings.trusted_proxies, request.headers);
  request.caller.address = origin.address;
  request.caller.deadline = now_ + service.settings.request_deadline;
  request.is_secure = origin.is_secure;
  assign_user_agent(request.caller.user_agent, request.header("User-Agent").value_or(""));
  if (!origin.was_ignored) return;

  lane_.counters.untrusted_forwarded.add();
  const std::int64_t minute = std::chrono::floor<std::chrono::minutes>(now_.time_since_epoch()).count();
  std::int64_t told = service.told_of_forwarded.load(std::memory_order_relaxed);
  if (told < minute && service.told_of_forwarded.compare_exchange_strong(told, minute))
    service.observer.untrusted_forwarded(peer_.address);
}

void Conversation::answer_by_itself() {
  Reply& reply = exchange_->reply;
  const bool closes = reply.closes();
  if (found_.path_known && exchange_->request.method == Method::options) {
    reply.header("Allow", found_.allow).header("Cache-Control", "no-store");
  } else {
    write_plain(reply, found_.path_known ? 405 : 404);
    if (found_.path_known) reply.header("Allow", found_.allow);
  }
  if (closes) reply.close();
  finish();
}

void Conversation::run_plain() {
  Exchange& current = *exchange_;
  try {
    if (current.route->plain(*current.route, current.request, current.reply) == Next::wait) {
      require(current.route->waiting != nullptr, "a plain handler that waits has a waiting one beside it");
      current.reply.clear();
      return;
    }
  } catch (const Outage& outage) {
    fail(Failure::outage, outage.what());
  } catch (const std::exception& bug) {
    fail(Failure::bug, bug.what());
  }
  finish();
}

Task<void> Conversation::run_waiting() {
  Exchange& current = *exchange_;
  try {
    co_await current.route->waiting(*current.route, current.request, current.reply);
  } catch (const Outage& outage) {
    fail(Failure::outage, outage.what());
  } catch (const std::exception& bug) {
    fail(Failure::bug, bug.what());
  }
  const Deadline begun = now_;
  now_ = lane_.service.clock.monotonic();
  auto& counters = lane_.counters.routes[current.route->index];
  counters.waited.add();
  counters.waited_microseconds.add(
      static_cast<std::uint64_t>(std::chrono::duration_cast<microseconds>(now_ - begun).count()));
  finish();
}

void Conversation::fail(Failure why, std::string_view what) {
  Exchange& current = *exchange_;
  if (why == Failure::outage) {
    lane_.counters.outages.add();
    lane_.service.observer.outage(current.route->path, current.request, what);
  } else {
    lane_.counters.bugs.add();
    lane_.service.observer.bug(current.route->path, current.request, what);
  }
  write_plain(current.reply, why == Failure::outage ? 503 : 500);
  if (!current.route->failed) return;
  current.reply.clear();
  try {
    current.route->failed(*current.route, why, current.request, current.reply);
  } catch (const std::exception&) {
    write_plain(current.reply, 500);
  }
}

void Conversation::finish() {
  Exchange& current = *exchange_;
  const bool is_draining = lane_.service.is_draining.load(std::memory_order_relaxed);
  const bool is_last = is_draining && input_.unread().size() == head_size_ && !has_more_input_();
  const bool is_kept = framing_.is_kept && !current.reply.closes() && !is_last;
  append_answer(is_kept);
  has_ended_ = !is_kept;
  current.request.body = {};
  input_.consume(head_size_);
  // Input that nobody reads, or that crosses this answer, must not turn it into a reset.
  if (has_ended_) leaves_input_ = leaves_input_ || is_last || !input_.unread().empty();
  if (!current.body.empty()) {  // secrets travel in bodies
    OPENSSL_cleanse(current.body.data(), current.body.size());
    current.body.clear();
    input_.wipe();
  }
  await_next();
}

void Conversation::refuse(int status) {
  lane_.counters.bad_requests.add();
  end_with(status);
}

void Conversation::end_with(int status) {
  Exchange& current = exchange();
  current.route = nullptr;
  current.request.method = Method::other;  // the one before may have been HEAD
  write_plain(current.reply, status);
  append_answer(false);
  has_ended_ = leaves_input_ = true;
}

void Conversation::append_answer(bool is_kept) {
  Exchange& current = *exchange_;
  const AnswerFrame frame{lane_.date.at(now_), current.request.method == Method::head, is_kept, !framing_.is_1_1};
  http::append_answer(current.out, current.reply, frame);
  const auto kind = static_cast<std::size_t>(std::clamp(current.reply.status / 100, 0, 5));
  auto& routes = lane_.counters.routes;
  (current.route ? routes[current.route->index] : routes.back()).answers[kind].add();
}

void Conversation::await_next() {
  const ServerSettings& settings = lane_.service.settings;
  phase_ = input_.unread().empty() ? Phase::idle : Phase::head;
  due_ = now_ + (phase_ == Phase::idle ? settings.idle_deadline : settings.header_deadline);
  head_size_ = scanned_ = 0;
  is_after_empty_line_ = false;
  if (phase_ == Phase::idle && lane_.service.is_draining.load(std::memory_order_relaxed)) due_ = now_ + drain_linger;
}

void Conversation::rest() {
  if (phase_ != Phase::idle) return;
  if (exchange_ && exchange_->out.empty()) lane_.exchanges.give_back(std::move(exchange_));
  input_.shrink();
}

void Conversation::drain() {
  if (phase_ == Phase::idle) due_ = lane_.service.clock.monotonic() + drain_linger;
}

void Conversation::cut() {
  has_ended_ = true;
  if (phase_ == Phase::idle) return;
  lane_.counters.deadlines.add();
  end_with(408);
}

}  // namespace propusk::http
