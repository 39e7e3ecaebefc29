// One request over the control socket, with plain blocking calls: the command has nothing else to do.
#include "cli/control_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "cli/control_frame.hpp"

namespace propusk::cli {
namespace {

using Unreached = std::unexpected<std::string>;

std::string reason() { return std::system_category().message(errno); }

std::expected<void, std::string> connect_to(const Descriptor& descriptor, const std::string& path,
                                            std::chrono::seconds patience) {
  const timeval wait{patience.count(), 0};
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return Unreached("the path is longer than a socket's may be");
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return Unreached(reason());
  return {};
}

std::expected<void, std::string> send_all(const Descriptor& descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Unreached(reason());
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

std::expected<std::string, std::string> receive(const Descriptor& descriptor, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const auto got = ::recv(descriptor.get(), bytes.data() + have, size - have, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unreached(reason());
    if (got == 0) return Unreached("it closed the connection without an answer");
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::expected<boost::json::object, std::string> exchange(const std::string& path, const boost::json::object& request,
                                                         std::chrono::seconds patience) {
  const auto frame = make_frame(request);
  if (!frame) return Unreached("the request is too long");
  const Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (const auto connected = connect_to(descriptor, path, patience); !connected) return Unreached(connected.error());
  if (const auto sent = send_all(descriptor, frame->reveal()); !sent) return Unreached(sent.error());
  TRY(header, receive(descriptor, frame_header_size));
  const auto size = frame_body_size(header);
  if (!size) return Unreached("its answer is too long");
  TRY(body, receive(descriptor, *size));
  auto answer = parse_frame_body(body);
  if (!answer) return Unreached("its answer is no JSON object");
  return std::move(*answer);
}

}  // namespace

std::expected<boost::json::object, std::string> ask_server(const std::filesystem::path& socket,
                                                           const boost::json::object& request,
                                                           std::chrono::seconds patience) {
  auto answer = exchange(socket.string(), request, patience);
  if (!answer) return Unreached(fmt::format("the server does not answer at {}: {}", socket.string(), answer.error()));
  return answer;
}

}  // namespace propusk::cli
