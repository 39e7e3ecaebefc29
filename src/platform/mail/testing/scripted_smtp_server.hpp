// ScriptedSmtpServer: a mail server on an ephemeral port of 127.0.0.1 that answers exactly what a test says.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "platform/mail/testing/tls_identity.hpp"

namespace propusk::platform::testing {

/// Instead of an answer: the server hangs up, or says nothing more.
inline constexpr const char* hang_up = "(hang up)";
inline constexpr const char* silence = "(silence)";
/// An answer that begins so waits for release().
inline constexpr std::string_view held = "(held)";

/// Answers by command; `greeting`, `credentials` (after AUTH), `end` (after the final dot) and `EHLO over TLS` are
/// commands too.
using Script = std::map<std::string, std::string, std::less<>>;

class ScriptedSmtpServer {
 public:
  enum class Tls { none, starttls, implicit };
  explicit ScriptedSmtpServer(Script changes = {}, Tls tls = Tls::none)
      : tls_(tls), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // either end may hang up while the other still writes; the product ignores it too
    script_ = {{"greeting", "220 test ESMTP"},
               {"EHLO", "250-test\r\n250 8BITMIME"},
               {"MAIL", "250 2.1.0 ok"},
               {"RCPT", "250 2.1.5 ok"},
               {"DATA", "354 go ahead"},
               {"end", "250 2.0.0 taken"},
               {"AUTH", "334 "},
               {"credentials", "235 2.7.0 welcome"},
               {"QUIT", "221 bye"},
               {"STARTTLS", "220 go ahead"},
               {"EHLO over TLS", "250-test\r\n250-SMTPUTF8\r\n250 AUTH PLAIN"}};
    if (tls == Tls::starttls) script_["EHLO"] = "250-test\r\n250 STARTTLS";
    for (auto& [command, answer] : changes) script_[command] = answer;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listener_, 16);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~ScriptedSmtpServer() {
    is_over_ = true;
    release();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    hang_up_all();
    for (std::thread& conversation : conversations_) conversation.join();
    for (const int connection : open_) ::close(connection);
    ::close(listener_);
  }
  ScriptedSmtpServer(const ScriptedSmtpServer&) = delete;
  ScriptedSmtpServer& operator=(const ScriptedSmtpServer&) = delete;

  [[nodiscard]] std::string url(std::string_view user = "") const {
    return std::string(tls_ == Tls::implicit ? "smtps://" : "smtp://") + std::string(user) +
           "127.0.0.1:" + std::to_string(port_);
  }
  [[nodiscard]] std::string certificate() const { return identity_.pem(); }
  /// Command lines of all connections, in the order in which they came.
  [[nodiscard]] std::vector<std::string> commands() {
    const std::lock_guard lock(mutex_);
    return commands_;
  }
  /// Messages, as sent between DATA and the final dot, with what dot-stuffing added.
  [[nodiscard]] std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  [[nodiscard]] int connections() const { return connections_; }
  void release() {
    is_released_ = true;
    is_released_.notify_all();
  }
  /// Ends every connection that is open now.
  void hang_up_all() {
    const std::lock_guard lock(mutex_);
    for (const int connection : open_) ::shutdown(connection, SHUT_RDWR);
  }

 private:
  /// One connection; over TLS once it has been secured.
  struct Connection {
    int socket;
    std::unique_ptr<SSL, Releasing<SSL_free>> tls = nullptr;
    std::string received = "";

    void secure(SSL_CTX* context) {
      tls.reset(SSL_new(context));
      SSL_set_fd(tls.get(), socket);
      SSL_accept(tls.get());
    }
    bool send(const std::string& line) {
      const std::string bytes = line + "\r\n";
      if (tls) return SSL_write(tls.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
      return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }
    /// Everything up to and with `end`; "" when the client has gone.
    std::string read_until(std::string_view end) {
      char bytes[4096];
      while (!received.contains(end)) {
        const auto size =
            tls ? SSL_read(tls.get(), bytes, sizeof bytes) : static_cast<int>(::recv(socket, bytes, sizeof bytes, 0));
        if (size <= 0) return "";
        received.append(bytes, static_cast<std::size_t>(size));
      }
      const std::size_t size = received.find(end) + end.size();
      std::string out = received.substr(0, size);
      received.erase(0, size);
      return out;
    }
  };

  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (is_over_ || socket < 0) return;
      ++connections_;
      const std::lock_guard lock(mutex_);
      open_.push_back(socket);
      conversations_.emplace_back([this, socket] {
        converse({socket});
        ::shutdown(socket, SHUT_RDWR);  // closed with the server: until then its number must not be another's
      });
    }
  }

  /// Says what the script says; false: hang up.
  bool answer(Connection& connection, std::string_view command) {
    const auto found = script_.find(command == "EHLO" && connection.tls ? "EHLO over TLS" : command);
    std::string text = found == script_.end() ? "500 what?" : found->second;
    if (text.starts_with(held)) {
      is_released_.wait(false);
      text.erase(0, held.size());
    }
    if (text == silence) connection.read_until("(never)");
    return text != hang_up && text != silence && connection.send(text);
  }

  void converse(Connection connection) {
    if (tls_ == Tls::implicit) connection.secure(context_.get());
    if (!answer(connection, "greeting")) return;
    bool is_signing_in = false;
    for (std::string line; !(line = connection.read_until("\r\n")).empty();) {
      line.resize(line.size() - 2);
      {
        const std::lock_guard lock(mutex_);
        commands_.push_back(line);
      }
      const std::string command = is_signing_in ? "credentials" : line.substr(0, line.find(' '));
      is_signing_in = command == "AUTH";
      if (!answer(connection, command)) return;
      if (command == "STARTTLS") connection.secure(context_.get());
      if (command == "DATA" && script_.find(command)->second.starts_with("354")) {
        const std::string message = connection.read_until("\r\n.\r\n");
        if (message.empty()) return;
        {
          const std::lock_guard lock(mutex_);
          messages_.push_back(message.substr(0, message.size() - 3));
        }
        if (!answer(connection, "end")) return;
      }
    }
  }

  const TlsIdentity identity_;
  const TlsContext context_ = identity_.context();
  const Tls tls_;
  Script script_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_over_ = false, is_released_ = false;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::string> commands_, messages_;
  std::vector<std::thread> conversations_;
  std::thread acceptor_;
};

}  // namespace propusk::platform::testing
