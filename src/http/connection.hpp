// Connections: a coroutine per socket that does what its conversation says.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"
#include "http/lane.hpp"

namespace propusk::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// Serves `socket` until its end, with TLS if the service has a certificate. Counts and refuses connections over the
/// cap: 503 in plain text, silence under TLS.
void serve_connection(Lane& lane, Socket socket);

}  // namespace propusk::http
