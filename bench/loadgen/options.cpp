// Reads the command line.
#include "loadgen/options.hpp"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>

namespace loadgen {
namespace {

constexpr const char* usage =
    R"(usage: loadgen [options] http://127.0.0.1:PORT/path          (IPv4 address, plain HTTP/1.1)
  -c N     connections (64)              -t N      threads (1); connections and rate are split
  -d S     measured seconds (8)          -w S      warm-up seconds, thrown away (1)
  -r R     open loop: R requests/s at fixed spacing, latency counted from the intended send time, so waiting
           for a free connection counts; 0 = closed loop (each connection sends again when it has its answer)
  -P       open loop with Poisson arrivals instead of fixed spacing
  -n N     stop after N requests (after the warm-up) even if time is left
  -X M     method (GET; POST with -b)    -H 'A: b' header, repeatable
  -b BODY  request body                  -V FILE   one value per line, for {v}
  -e CODE  the only status that counts as success (default: any 2xx)
  -T S     a request unanswered for S seconds is a timeout (30)
  -s N     first value of {n} (1)        -k        Connection: close, a new connection for each request
  -S       ask for a short scheduler slice (Linux 6.12), so that latencies are the server's and not our own wake-ups
  -I N     first open N more connections, send one good request on each and keep them idle
  -L N     hold N connections that send one header byte per second; those the server closes are opened again
  -p PIDS  comma list: CPU over the measured time and memory at its end, with all descendants
  -l NAME  label of the output           -o FILE   append the JSON line to FILE as well
In path, headers and body: {n} = a running number, {v} = a line of the -V file (in turn),
{r:N} = a random integer below N, {r:N:W} the same zero-padded to W digits, {r:N:W:B} plus B.
Output: one line of text on stderr, one JSON line on stdout; latencies in milliseconds (histogram error below 0.8 %).
"other_cpu_pct" is what the machine did besides the watched processes and this generator: near 0 on a quiet machine.
"errors" = wrong status + broken sockets + timeouts + backlog (intended sends not started when time ran out). A server
that closes an idle keep-alive connection before any byte of an answer causes a retry, counted apart.
)";

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "loadgen: %s\n%s", why.c_str(), usage);
  std::exit(2);
}

std::vector<std::string> lines_of(const char* file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) lines.push_back(line);
  if (lines.empty()) stop(std::string(file) + " has no lines");
  return lines;
}

std::vector<int> numbers_of(const char* list) {
  std::istringstream stream(list);
  std::vector<int> numbers;
  for (std::string part; std::getline(stream, part, ',');) numbers.push_back(std::atoi(part.c_str()));
  return numbers;
}

void read_url(Options& options, std::string_view url) {
  if (url.starts_with("http://")) url.remove_prefix(7);
  const auto slash = std::min(url.find('/'), url.size());
  options.path = slash == url.size() ? "/" : std::string(url.substr(slash));
  const std::string authority(url.substr(0, slash));
  const auto colon = std::min(authority.find(':'), authority.size());
  options.host = authority.substr(0, colon);
  if (colon < authority.size()) options.port = std::atoi(authority.c_str() + colon + 1);
  options.address.sin_family = AF_INET;
  options.address.sin_port = htons(static_cast<std::uint16_t>(options.port));
  if (inet_pton(AF_INET, options.host.c_str(), &options.address.sin_addr) != 1) stop("give an IPv4 address");
}

void read_option(Options& options, int name, const char* value) {
  switch (name) {
    case 'c': options.connections = std::atoi(value); break;
    case 't': options.threads = std::atoi(value); break;
    case 'd': options.seconds = std::atof(value); break;
    case 'w': options.warm_up_seconds = std::atof(value); break;
    case 'r': options.rate = std::atof(value); break;
    case 'P': options.is_poisson = true; break;
    case 'n': options.most_requests = std::strtoull(value, nullptr, 10); break;
    case 'X': options.method = value; break;
    case 'H': options.headers.emplace_back(value); break;
    case 'b': options.body = value; break;
    case 'V': options.values = lines_of(value); break;
    case 'e': options.expected_status = std::atoi(value); break;
    case 'T': options.timeout_seconds = std::atof(value); break;
    case 's': options.first_number = std::strtoull(value, nullptr, 10); break;
    case 'k': options.closes = true; break;
    case 'S': options.asks_for_short_slice = true; break;
    case 'I': options.idle_connections = std::atoi(value); break;
    case 'L': options.slow_connections = std::atoi(value); break;
    case 'p': options.watched_processes = numbers_of(value); break;
    case 'l': options.label = value; break;
    case 'o': options.output_file = value; break;
    default: stop("unknown option");
  }
}

}  // namespace

Options read_options(int count, char** arguments) {
  Options options;
  for (int name; (name = getopt(count, arguments, "c:t:d:w:r:Pn:X:H:b:V:e:T:s:kSI:L:p:l:o:")) != -1;)
    read_option(options, name, optarg);
  if (optind >= count) stop("no URL");
  read_url(options, arguments[optind]);
  if (options.method.empty()) options.method = options.body ? "POST" : "GET";
  options.threads = std::clamp(options.threads, 1, std::max(1, options.connections));
  return options;
}

}  // namespace loadgen
