// loadgen: an HTTP/1.1 load generator, closed loop and open loop. Run it without arguments for its options.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "loadgen/crowd.hpp"
#include "loadgen/machine.hpp"
#include "loadgen/options.hpp"
#include "loadgen/request_template.hpp"
#include "loadgen/worker.hpp"

namespace loadgen {
namespace {

/// Everything that is read twice: when the measured time begins and when it ends.
struct Snapshot {
  std::uint64_t at = now_in_nanoseconds();
  Usage watched;
  double machine = machine_seconds(), own = own_seconds();
};

/// CPU in percent of one core over the measured time.
struct Shares {
  double watched, own, others;
};
Shares shares(const Snapshot& before, const Snapshot& after) {
  const double elapsed = static_cast<double>(after.at - before.at) / 1e9;
  const double watched = after.watched.cpu_seconds - before.watched.cpu_seconds, own = after.own - before.own;
  const double others = std::max(0.0, after.machine - before.machine - watched - own);
  return {100 * watched / elapsed, 100 * own / elapsed, 100 * others / elapsed};
}

Snapshot read_all(const Options& options) {
  Snapshot snapshot;
  snapshot.watched = usage_of(options.watched_processes);
  return snapshot;
}

void sleep_until(std::uint64_t at, const Options& options, const Counters& counters) {
  // A thousand looks a second would take the cores from what is measured: only a bound on requests needs them.
  const std::uint64_t longest = options.most_requests > 0 ? 1'000'000 : 100'000'000;
  for (std::uint64_t now = now_in_nanoseconds(); now < at; now = now_in_nanoseconds()) {
    if (options.most_requests > 0 && counters.started >= options.most_requests) return;
    usleep(static_cast<useconds_t>(std::min(at - now, longest) / 1000 + 1));
  }
}

std::string statuses_as_json(const Results& results) {
  std::string text;
  for (const auto& [status, count] : results.statuses)
    text += (text.empty() ? "\"" : ",\"") + std::to_string(status) + "\":" + std::to_string(count);
  return "{" + text + "}";
}

struct Field {
  const char* name;
  double value;
  int digits;
};

std::string as_json(const Options& options, const std::string& statuses, const std::vector<Field>& fields) {
  const char* mode = options.rate == 0 ? "closed" : options.is_poisson ? "open-poisson" : "open";
  std::string text = "{\"label\":\"" + options.label + "\",\"mode\":\"" + mode + "\",\"codes\":" + statuses;
  char number[64];
  for (const Field& field : fields) {
    std::snprintf(number, sizeof number, ",\"%s\":%.*f", field.name, field.digits, field.value);
    text += number;
  }
  return text + "}";
}

std::vector<Field> fields_of(const Options& options, const Results& results, double elapsed) {
  const auto count = [](auto value) { return static_cast<double>(value); };
  const Histogram& latencies = results.latencies;
  return {{"conns", count(options.connections), 0},
          {"rate", options.rate, 1},
          {"secs", elapsed, 3},
          {"ok", count(results.good), 0},
          {"rps", count(results.good) / elapsed, 1},
          {"p50", latencies.quantile(.5), 3},
          {"p90", latencies.quantile(.9), 3},
          {"p99", latencies.quantile(.99), 3},
          {"p999", latencies.quantile(.999), 3},
          {"max", latencies.longest(), 3},
          {"mean", latencies.mean(), 3},
          {"errors", count(results.errors()), 0},
          {"bad_status", count(results.bad_status), 0},
          {"sock_err", count(results.broken), 0},
          {"timeouts", count(results.timeouts), 0},
          {"backlog", count(results.backlog), 0},
          {"retries", count(results.retries), 0},
          {"dials", count(results.dials), 0},
          {"maxqueue", count(results.longest_queue), 0}};
}

void print(const Options& options, const Results& results, std::vector<Field> fields, const std::string& text) {
  std::printf("%s\n", text.c_str());
  if (!options.output_file.empty()) std::ofstream(options.output_file, std::ios::app) << text << "\n";
  const auto value = [&](std::string_view name) { return std::ranges::find(fields, name, &Field::name)->value; };
  std::fprintf(stderr,
               "%-22s %8.0f rps  p50 %.2f  p99 %.2f  p999 %.2f ms  errors %.0f  cpu %.0f%% (gen %.0f%%, other %.0f%%)  "
               "pss %.0f MB\n",
               options.label.c_str(), value("rps"), value("p50"), value("p99"), value("p999"),
               static_cast<double>(results.errors()), value("cpu_pct"), value("gen_cpu_pct"), value("other_cpu_pct"),
               value("pss_mb"));
}

int run(const Options& options) {
  Counters counters;
  counters.number = options.first_number;
  const RequestTemplate request(options);
  const IdleConnections idle(options, request, counters);
  const SlowConnections slow(options);
  if (options.slow_connections > 0) sleep(2);  // until they all stand

  const auto nanoseconds = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e9); };
  Schedule schedule{.begin = now_in_nanoseconds() + nanoseconds(0.005)};
  schedule.measured_from = schedule.begin + nanoseconds(options.warm_up_seconds);
  schedule.end = schedule.measured_from + nanoseconds(options.seconds);
  std::vector<Worker> workers;
  for (int i = 0; i < options.threads; ++i) workers.emplace_back(Worker::Run{options, request, counters, schedule}, i);
  Snapshot before, after;
  {
    std::vector<std::jthread> threads;
    for (Worker& worker : workers) threads.emplace_back([&worker] { worker.run(); });
    sleep_until(schedule.measured_from, options, counters);
    before = read_all(options);
    sleep_until(schedule.end, options, counters);
    after = read_all(options);
  }

  Results results;
  for (const Worker& worker : workers) results.merge(worker.results());
  const std::uint64_t end = options.most_requests > 0 ? std::max(after.at, results.last_good_at) : schedule.end;
  const Shares cpu = shares(before, after);
  std::vector<Field> fields = fields_of(options, results, static_cast<double>(end - schedule.measured_from) / 1e9);
  const std::vector<Field> machine{{"cpu_pct", cpu.watched, 2},
                                   {"gen_cpu_pct", cpu.own, 2},
                                   {"other_cpu_pct", cpu.others, 2},
                                   {"cpu_secs", after.watched.cpu_seconds - before.watched.cpu_seconds, 3},
                                   {"rss_mb", after.watched.rss_mib, 1},
                                   {"pss_mb", after.watched.pss_mib, 1},
                                   {"procs", static_cast<double>(after.watched.processes), 0},
                                   {"threads", static_cast<double>(after.watched.threads), 0},
                                   {"idle", static_cast<double>(idle.opened()), 0},
                                   {"idle_left", static_cast<double>(idle.left()), 0},
                                   {"idle_bad", static_cast<double>(idle.failed()), 0},
                                   {"slow_open", static_cast<double>(slow.open()), 0},
                                   {"slow_closed", static_cast<double>(slow.closed_by_server()), 0}};
  fields.insert(fields.end(), machine.begin(), machine.end());
  print(options, results, fields, as_json(options, statuses_as_json(results), fields));
  return results.good > 0 ? 0 : 1;
}

}  // namespace
}  // namespace loadgen

int main(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  return loadgen::run(loadgen::read_options(count, arguments));
}
