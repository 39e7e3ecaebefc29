// Blocking sockets and the little of HTTP/1.1 that reading one answer needs.
#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace propusk::testing {
namespace {
bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}
}  // namespace

std::optional<std::string> Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return std::nullopt;
}

std::optional<std::string> Answer::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, "set-cookie") && value.starts_with(std::string(name) + "="))
      return value.substr(name.size() + 1, value.find(';') - name.size() - 1);
  return std::nullopt;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
}
RawClient::~RawClient() { ::close(socket_); }

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("the server closed while we were sending");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawClient::fill() {
  char chunk[16'384];
  const ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
  if (got < 0 && errno != ECONNRESET) throw std::runtime_error("no answer within 20 s");
  if (got > 0) buffer_.append(chunk, static_cast<std::size_t>(got));
  return got > 0;
}

Answer RawClient::receive(bool to_head) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) throw std::runtime_error("the server closed before it answered");
  Answer answer;
  std::string_view head = std::string_view(buffer_).substr(0, end);
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  const std::size_t line_end = std::min(head.find("\r\n"), head.size());
  answer.reason =
      std::string(head.substr(std::min<std::size_t>(13, line_end), line_end - std::min<std::size_t>(13, line_end)));
  for (std::size_t at = line_end + 2; at < head.size();) {
    const std::size_t next = std::min(head.find("\r\n", at), head.size());
    const std::string_view line = head.substr(at, next - at);
    const std::size_t colon = line.find(':');
    answer.headers.emplace_back(line.substr(0, colon),
                                line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size())));
    at = next + 2;
  }
  const bool has_no_body = to_head || answer.status / 100 == 1 || answer.status == 204 || answer.status == 304;
  const std::size_t length = has_no_body ? 0 : std::stoul(answer.header("content-length").value_or("0"));
  while (buffer_.size() < end + 4 + length)
    if (!fill()) throw std::runtime_error("the server closed in the middle of a body");
  answer.body = buffer_.substr(end + 4, length);
  buffer_.erase(0, end + 4 + length);
  return answer;
}

bool RawClient::is_closed() { return buffer_.empty() && !fill(); }

std::string urlencoded(const Fields& fields) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  const auto append = [&](std::string_view text) {
    for (const char c : text) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
        out.push_back(c);
      } else {
        out.push_back('%');
        out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(digits[static_cast<unsigned char>(c) & 15]);
      }
    }
  };
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    append(name);
    out.push_back('=');
    append(value);
  }
  return out;
}

Answer ask(std::uint16_t port, std::string_view method, std::string_view path, const Fields& headers,
           std::string_view body) {
  RawClient client(port);
  std::string request =
      std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  client.send(request + "\r\n" + std::string(body));
  return client.receive(method == "HEAD");
}

Answer post_form(std::uint16_t port, std::string_view path, const Fields& fields, Fields headers) {
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return ask(port, "POST", path, headers, urlencoded(fields));
}

}  // namespace propusk::testing
