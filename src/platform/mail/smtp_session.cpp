// The dialogue after AUTH is ours, because libcurl 7.88 blocks its whole event loop while it waits for the answers to
// the final dot and to QUIT (lib/smtp.c, smtp_block_statemach): one tarpit would stop all mail.
#include "platform/mail/smtp_session.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/outage.hpp"
#include "platform/mail/plain_text.hpp"

namespace propusk::platform {
namespace {
namespace asio = boost::asio;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> as_value{};

std::string url_part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}
}  // namespace

/// Outlives the session while a timer's handler still knows it.
struct SmtpSession::Socket {
  Socket(Executor executor, curl_socket_t number) : descriptor(executor, number), timer(executor) {}
  asio::posix::basic_stream_descriptor<Executor> descriptor;
  SteadyTimer timer;
};

SmtpSession::SmtpSession(CurlMulti& multi, const SmtpSettings& settings, const SmtpRoute& route,
                         const std::string& name)
    : settings_(settings), url_(curl_url(), &curl_url_cleanup), transfer_(multi, "smtp,smtps") {
  aim(route, name);
  CURL* easy = transfer_.handle();
  curl_easy_setopt(easy, CURLOPT_CURLU, url_.get());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &SmtpSession::take_line);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_USE_SSL, settings.requires_tls ? long{CURLUSESSL_ALL} : long{CURLUSESSL_NONE});
  if (!settings.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(settings.answer_timeout.count()));
  // One second more than open() waits: libcurl divides it among the addresses of the host and does not give up first.
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.connect_timeout.count() + 1));
}

SmtpSession::~SmtpSession() {
  if (!socket_) return;
  constexpr std::string_view quit = "QUIT\r\n";
  std::size_t sent = 0;
  if (problem_.empty()) curl_easy_send(transfer_.handle(), quit.data(), quit.size(), &sent);
  if (socket_->descriptor.is_open()) socket_->descriptor.release();  // libcurl closes it
}

void SmtpSession::aim(const SmtpRoute& route, const std::string& name) {
  CURLU* url = url_.get();
  const CURLUcode parsed = curl_url_set(url, CURLUPART_URL, route.url.reveal().c_str(), 0);
  if (parsed != CURLUE_OK) throw Outage("mail.smtp_url", "not a URL; write smtp://USER@HOST:PORT or smtps://USER@HOST");
  const std::string scheme = url_part(url, CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps")
    throw Outage("mail.smtp_url", fmt::format("{}:// is no mail; write smtp://… or smtps://…", scheme));
  peer_ = fmt::format("{}:{}", url_part(url, CURLUPART_HOST), url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (url_part(url, CURLUPART_PATH) == "/") curl_url_set(url, CURLUPART_PATH, ("/" + name).c_str(), 0);
  const bool lacks_password = url_part(url, CURLUPART_PASSWORD).empty() && !url_part(url, CURLUPART_USER).empty();
  if (lacks_password && settings_.password != Secret<>())
    curl_url_set(url, CURLUPART_PASSWORD, settings_.password.reveal().c_str(), CURLU_URLENCODE);
}

std::size_t SmtpSession::take_line(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& session = *static_cast<SmtpSession*>(self);
  const std::string_view line(bytes, size * count);
  if (line.starts_with("220")) session.takes_utf8_ = false;  // what was said before STARTTLS does not count
  if (line.size() > 4 && line.substr(4).starts_with("SMTPUTF8")) session.takes_utf8_ = true;
  session.last_line_ = plain_text(clipped(line.substr(0, line.find_last_not_of("\r\n") + 1), answer_limit));
  return size * count;
}

Task<std::optional<std::string>> SmtpSession::open(Deadline deadline) {
  transfer_.start();
  auto code = co_await transfer_.wait(std::min(deadline, std::chrono::steady_clock::now() + settings_.connect_timeout));
  curl_off_t connected_after = 0;
  curl_easy_getinfo(transfer_.handle(), CURLINFO_CONNECT_TIME_T, &connected_after);
  if (!code && connected_after > 0) {  // connected, but the server takes its time: the other patience counts
    curl_easy_setopt(transfer_.handle(), CURLOPT_CONNECTTIMEOUT, 0L);
    code = co_await transfer_.wait(deadline);
  }
  if (const CURLcode result = code.value_or(CURLE_OPERATION_TIMEDOUT); result != CURLE_OK) co_return why(result);
  curl_socket_t number = CURL_SOCKET_BAD;
  curl_easy_getinfo(transfer_.handle(), CURLINFO_ACTIVESOCKET, &number);
  if (number == CURL_SOCKET_BAD) co_return peer_ + ": the connection is gone";
  socket_ = std::make_shared<Socket>(co_await asio::this_coro::executor, number);
  co_return std::nullopt;
}

std::string SmtpSession::why(CURLcode code) const {
  const std::string words = *transfer_.failure() != '\0' ? plain_text(transfer_.failure()) : curl_easy_strerror(code);
  switch (code) {
    case CURLE_LOGIN_DENIED:
      return fmt::format(
          "{}: {}; the server refuses our sign-in: check the user in mail.smtp_url and "
          "mail.smtp_password_file",
          peer_, last_line_);
    case CURLE_USE_SSL_FAILED:
      return fmt::format(
          "{}: {}; the server offers no STARTTLS: use smtps://, or mail.smtp_tls = \"none\" in a network "
          "that nobody else reads",
          peer_, words);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("{}: {}; check mail.smtp_url and mail.smtp_ca_file", peer_, words);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_REMOTE_ACCESS_DENIED: return fmt::format("{}: {}", peer_, last_line_);
    case CURLE_OPERATION_TIMEDOUT: return fmt::format("{}: no connection or no answer in time", peer_);
    default: return fmt::format("{}: {}", peer_, words);
  }
}

Task<std::optional<SmtpReply>> SmtpSession::ask(std::string bytes, Deadline deadline) {
  const Deadline patience = std::min(deadline, std::chrono::steady_clock::now() + settings_.answer_timeout);
  if (!co_await tell(bytes, patience)) co_return std::nullopt;
  co_return co_await hear(patience);
}

Task<bool> SmtpSession::tell(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(transfer_.handle(), bytes.data(), bytes.size(), &sent);
    if (code == CURLE_OK)
      bytes.remove_prefix(sent);
    else if (code != CURLE_AGAIN)
      problem_ = fmt::format("{}: the connection broke", peer_);
    if (!problem_.empty()) co_return false;
    if (code == CURLE_AGAIN && !co_await ready(asio::posix::descriptor_base::wait_write, deadline)) co_return false;
  }
  co_return true;
}

Task<std::optional<SmtpReply>> SmtpSession::hear(Deadline deadline) {
  std::array<char, 4096> buffer;
  while (problem_.empty()) {
    if (auto reply = replies_.take()) co_return reply;
    if (replies_.is_broken()) {
      problem_ = fmt::format("{}: the answer is not SMTP", peer_);
      break;
    }
    std::size_t size = 0;
    const CURLcode code = curl_easy_recv(transfer_.handle(), buffer.data(), buffer.size(), &size);
    if (code == CURLE_AGAIN) {
      if (!co_await ready(asio::posix::descriptor_base::wait_read, deadline)) break;
    } else if (code != CURLE_OK || size == 0) {
      problem_ = fmt::format("{}: the connection broke", peer_);
    } else {
      replies_.feed({buffer.data(), size});
    }
  }
  co_return std::nullopt;
}

Task<bool> SmtpSession::ready(boost::asio::posix::descriptor_base::wait_type way, Deadline deadline) {
  const auto socket = socket_;
  socket->timer.expires_at(deadline);
  socket->timer.async_wait([socket](boost::system::error_code error) {
    // A handler that was already on its way when the wait ended finds the time moved, and lets the next wait be.
    if (!error && socket->timer.expiry() <= std::chrono::steady_clock::now()) socket->descriptor.cancel();
  });
  auto [error] = co_await socket->descriptor.async_wait(way, as_value);
  socket->timer.expires_at(Deadline::max());
  if (error) problem_ = fmt::format("{}: no answer in time", peer_);
  co_return !error;
}

bool SmtpSession::is_quiet() {
  char byte = 0;
  std::size_t size = 0;
  return problem_.empty() && curl_easy_recv(transfer_.handle(), &byte, 1, &size) == CURLE_AGAIN;
}

}  // namespace propusk::platform
