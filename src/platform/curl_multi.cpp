// libcurl's multi_socket interface: it says which sockets and which moment it waits for, Asio waits and calls back.
#include "platform/curl_multi.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_map>
#include <utility>

#include "base/outage.hpp"

namespace propusk::platform {
namespace {
namespace asio = boost::asio;
using Code = boost::system::error_code;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_value{};

/// A socket of libcurl's. It is only watched: libcurl closes it, after it has said CURL_POLL_REMOVE.
struct Watch {
  explicit Watch(Executor executor) : descriptor(executor) {}
  ~Watch() {
    if (descriptor.is_open()) descriptor.release();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  asio::posix::basic_stream_descriptor<Executor> descriptor;
  int wanted = CURL_POLL_NONE;
  bool is_reading = false, is_writing = false;
};

/// Reading or writing, as Asio, libcurl's wishes, libcurl's events and a Watch call it.
struct Way {
  asio::posix::descriptor_base::wait_type wait;
  int poll, event;
  bool Watch::* is_armed;
};
constexpr std::array ways{
    Way{asio::posix::descriptor_base::wait_read, CURL_POLL_IN, CURL_CSELECT_IN, &Watch::is_reading},
    Way{asio::posix::descriptor_base::wait_write, CURL_POLL_OUT, CURL_CSELECT_OUT, &Watch::is_writing}};
}  // namespace

struct CurlMulti::Loop : std::enable_shared_from_this<Loop> {
  explicit Loop(Executor given) : executor(given), timer(given), multi(curl_multi_init()) {
    if (multi == nullptr) throw Outage("curl", "no memory");
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &Loop::socket_wanted);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &Loop::moment_wanted);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  }
  ~Loop() {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, nullptr);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, nullptr);
    watches.clear();  // before their sockets are closed
    curl_multi_cleanup(multi);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  static int socket_wanted(CURL*, curl_socket_t socket, int what, void* self, void*) {
    try {
      static_cast<Loop*>(self)->watch(socket, what);
      return 0;
    } catch (const std::exception&) {  // no exception may cross libcurl
      return -1;
    }
  }
  static int moment_wanted(CURLM*, long in_ms, void* self) {
    try {
      static_cast<Loop*>(self)->wake_in(in_ms);
      return 0;
    } catch (const std::exception&) {
      return -1;
    }
  }

  void watch(curl_socket_t socket, int what) {
    if (what == CURL_POLL_REMOVE) {
      if (auto found = watches.extract(socket)) {
        found.mapped()->wanted = CURL_POLL_NONE;
        found.mapped()->descriptor.release();  // a handler that still waits may hold the rest a little longer
      }
      return;
    }
    auto& place = watches[socket];
    if (!place) {
      place = std::make_shared<Watch>(executor);
      place->descriptor.assign(socket);
    }
    place->wanted = what;
    arm(socket, place);
  }

  void arm(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
    for (const Way& way : ways) {
      if ((*watch).*way.is_armed || (watch->wanted & way.poll) == 0) continue;
      (*watch).*way.is_armed = true;
      watch->descriptor.async_wait(way.wait, [loop = weak_from_this(), socket, watch, way](Code error) {
        (*watch).*way.is_armed = false;
        const auto self = loop.lock();
        if (error || !self) return;
        if ((watch->wanted & way.poll) != 0) self->act(socket, way.event);
        if (watch->descriptor.is_open()) self->arm(socket, watch);
      });
    }
  }

  void wake_in(long ms) {
    timer.cancel();
    if (ms == 0) return wake_soon();
    if (ms < 0) return;
    timer.expires_after(milliseconds{ms});
    timer.async_wait([loop = weak_from_this()](Code error) {
      const auto self = loop.lock();
      if (!error && self) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  /// libcurl forbids to call it back from here. Every transfer begins so: without the timer it costs no system call.
  void wake_soon() {
    if (std::exchange(is_waking, true)) return;
    asio::post(executor, [loop = weak_from_this()] {
      const auto self = loop.lock();
      if (!self) return;
      self->is_waking = false;
      self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void act(curl_socket_t socket, int event) {
    int running = 0;
    curl_multi_socket_action(multi, socket, event, &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      char* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      if (message->msg == CURLMSG_DONE) reinterpret_cast<CurlTransfer*>(transfer)->finish(message->data.result);
    }
  }

  Executor executor;
  SteadyTimer timer;
  bool is_waking = false;  ///< wake_soon() was asked for, and has not acted yet
  CURLM* multi;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
};

CurlMulti::CurlMulti(boost::asio::io_context& context) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Outage("curl", "libcurl cannot start");
  loop_ = std::make_shared<Loop>(context.get_executor());
}

Executor CurlMulti::executor() const { return loop_->executor; }

CurlTransfer::CurlTransfer(CurlMulti& multi, const char* protocols)
    : loop_(multi.loop_), easy_(curl_easy_init()), waiting_(loop_->executor) {
  if (easy_ == nullptr) throw Outage("curl", "no memory");
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, failure_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // an abort does not wait for a name that is being resolved
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});  // RFC 8996
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
}

CurlTransfer::~CurlTransfer() {
  abort();
  curl_easy_cleanup(easy_);
}

void CurlTransfer::abort() { curl_multi_remove_handle(loop_->multi, easy_); }

void CurlTransfer::start() {
  abort();
  result_.reset();
  failure_[0] = '\0';
  if (curl_multi_add_handle(loop_->multi, easy_) != CURLM_OK) result_ = CURLE_FAILED_INIT;
}

void CurlTransfer::finish(CURLcode result) {
  result_ = result;
  waiting_.cancel();
}

Task<std::optional<CURLcode>> CurlTransfer::wait(Deadline deadline) {
  waiting_.expires_at(deadline);
  while (!result_) {
    auto [error] = co_await waiting_.async_wait(as_value);
    if (!error) break;  // the deadline, not a cancel
  }
  co_return result_;
}

Task<CURLcode> CurlTransfer::perform(Deadline deadline) {
  start();
  const auto result = co_await wait(deadline);
  if (!result) abort();
  co_return result.value_or(CURLE_OPERATION_TIMEDOUT);
}

}  // namespace propusk::platform
