// prometheus-cpp writes the text; its families are filled anew at every scrape.
#include "platform/metrics.hpp"

#include <dirent.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace propusk::platform {
namespace {
using prometheus::MetricType;

class Families final : public MetricSink {
 public:
  void counter(std::string_view name, std::string_view help, double value, const Labels& labels) override {
    add(name, help, MetricType::Counter, labels).counter.value = value;
  }
  void gauge(std::string_view name, std::string_view help, double value, const Labels& labels) override {
    add(name, help, MetricType::Gauge, labels).gauge.value = value;
  }
  void summary(std::string_view name, std::string_view help, std::uint64_t count, double sum,
               const Labels& labels) override {
    auto& metric = add(name, help, MetricType::Summary, labels);
    metric.summary.sample_count = count;
    metric.summary.sample_sum = sum;
  }
  [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  prometheus::ClientMetric& add(std::string_view name, std::string_view help, MetricType type, const Labels& labels) {
    auto family = std::ranges::find(families_, name, &prometheus::MetricFamily::name);
    if (family == families_.end()) family = families_.insert(family, {std::string(name), std::string(help), type, {}});
    auto& metric = family->metric.emplace_back();
    for (const auto& [label, value] : labels) metric.label.push_back({label, value});
    return metric;
  }
  std::vector<prometheus::MetricFamily> families_;
};

/// The fields of /proc/self/stat from the third on; the second may hold blanks and ends with the last parenthesis.
struct ProcessStat {
  double start_ticks = 0, resident_pages = 0;
};
ProcessStat read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(std::min(line.rfind(')'), line.size() - 1) + 1));
  ProcessStat out;
  std::string field;
  for (int number = 3; fields >> field && number <= 24; ++number) {
    if (number == 22) out.start_ticks = std::stod(field);     // proc(5): starttime
    if (number == 24) out.resident_pages = std::stod(field);  // proc(5): rss
  }
  return out;
}

double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double seconds_since_1970 = 0;
    if (word == "btime" && file >> seconds_since_1970) return seconds_since_1970;
  }
  return 0;
}

double open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), &closedir);
  int count = -3;  // `.`, `..` and the folder itself
  while (folder && readdir(folder.get()) != nullptr) ++count;
  return std::max(count, 0);
}

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The names that every Prometheus client library uses for its process.
void report_process(MetricSink& sink) {
  const ProcessStat stat = read_stat();
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  sink.gauge("process_resident_memory_bytes", "Resident memory size in bytes",
             stat.resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE)));
  sink.gauge("process_start_time_seconds", "Start time of the process since 1970 in seconds",
             boot_time() + stat.start_ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
  sink.gauge("process_open_fds", "Number of open file descriptors", open_descriptors());
  sink.gauge("process_max_fds", "Maximum number of open file descriptors", static_cast<double>(files.rlim_cur));
  sink.counter("process_cpu_seconds_total", "User and system CPU time in seconds",
               in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime));
}
}  // namespace

Metrics::Metrics(std::string version) {
  add_source([version = std::move(version)](MetricSink& sink) {
    sink.gauge("propusk_build_info", "1, labelled with the version of this build", 1, {{"version", version}});
  });
  add_source(&report_process);
}

void Metrics::add_source(Source source) {
  std::lock_guard lock(mutex_);
  sources_.push_back(std::move(source));
}

std::string Metrics::text() const {
  Families families;
  std::lock_guard lock(mutex_);
  for (const Source& source : sources_) source(families);
  return families.text();
}

}  // namespace propusk::platform
