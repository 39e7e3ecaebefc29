// Options: what one run of the load generator does. The usage text is in options.cpp.
#pragma once
#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace loadgen {

struct Options {
  int connections = 64;
  int threads = 1;
  double seconds = 8;
  double warm_up_seconds = 1;
  double rate = 0;  ///< requests per second of an open loop; 0: closed loop
  bool is_poisson = false;
  std::uint64_t most_requests = 0;  ///< 0: until time is over
  double timeout_seconds = 30;
  int expected_status = 0;  ///< 0: any 2xx
  bool closes = false;
  bool asks_for_short_slice = false;
  int idle_connections = 0;
  int slow_connections = 0;
  std::uint64_t first_number = 1;

  std::string method;
  std::string host;
  int port = 80;
  std::string path;
  sockaddr_in address{};
  std::vector<std::string> headers;
  std::optional<std::string> body;
  std::vector<std::string> values;  ///< lines for {v}

  std::vector<int> watched_processes;
  std::string label = "run";
  std::string output_file;
};

/// Exits with the usage text and status 2 when the arguments are wrong.
Options read_options(int count, char** arguments);

}  // namespace loadgen
