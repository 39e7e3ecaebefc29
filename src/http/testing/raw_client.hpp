// RawClient: a blocking socket that sends exact bytes and reads whole answers, for tests of the server.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace propusk::http::testing {

/// One answer as it came.
struct Answer {
  int status = 0;  ///< 0: the connection ended before a whole answer
  std::string head, body;
  [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};  // a test that waits longer has failed
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    is_connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // a server that refused early; the answer tells
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// The next answer. `has_body` false: for HEAD and 1xx.
  Answer read(bool has_body = true) {
    Answer answer;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return {};
    }
    answer.head = received_.substr(0, end + 4);
    received_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.c_str() + 9);
    const auto length_at = answer.head.find("Content-Length: ");
    if (!has_body || length_at == std::string::npos) return answer;
    const auto length = static_cast<std::size_t>(std::atoi(answer.head.c_str() + length_at + 16));
    while (received_.size() < length) {
      if (!receive()) return {};
    }
    answer.body = received_.substr(0, length);
    received_.erase(0, length);
    return answer;
  }
  Answer ask(std::string_view bytes) {
    send(bytes);
    return read();
  }
  /// True if the server closes without another byte.
  bool is_closed() { return received_.empty() && !receive() && is_at_end_; }
  /// True if nothing has come by now.
  bool is_silent() {
    pollfd descriptor{socket_, POLLIN, 0};
    return received_.empty() && ::poll(&descriptor, 1, 0) == 0;
  }
  [[nodiscard]] int socket() const { return socket_; }

 private:
  bool receive() {
    char bytes[4096];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    is_at_end_ = count == 0;
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  bool is_connected_ = false, is_at_end_ = false;
  std::string received_;
};

}  // namespace propusk::http::testing
