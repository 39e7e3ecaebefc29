// ControlSocket: operator commands inside the running server, through DIR/control.sock (DESIGN.md §5).
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "base/task.hpp"

namespace propusk::cli {

/// Called with what an operator asks and the uid that the kernel vouches for.
using ControlHandler = std::function<Task<boost::json::object>(boost::json::object request, unsigned uid)>;
/// Called with one line about a peer that was turned away, for the log. It holds nothing that the peer sent.
using ControlRefusal = std::function<void(std::string_view line)>;

struct ControlSettings {
  std::filesystem::path path;
  std::chrono::milliseconds request_deadline{5'000};  ///< from the connection to the end of its request
  std::chrono::milliseconds answer_deadline{
      60'000};                ///< from there to the end of the answer: a queue of hashes is waited out
  unsigned connections = 16;  ///< at once: operators are few; more are turned away
};

/// One request per connection, then the answer, then the end. Everything runs on the given io_context and nothing
/// blocks it. Peers are this process's own uid and root; all others are turned away unread.
class ControlSocket {
 public:
  /// Listens at once, mode 0600, in place of whatever socket file is there: call it only while holding DIR/lock.
  /// Throws Outage with the path and the reason. Handlers are kept until the destructor.
  ControlSocket(boost::asio::io_context& context, ControlSettings settings, ControlHandler handler,
                ControlRefusal refusal);
  /// Ends accepting and every open connection, removes the file. Call it on the context's thread or when it is stopped;
  /// the context must then still be run, or be destroyed, before the handler's dependencies end.
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace propusk::cli
