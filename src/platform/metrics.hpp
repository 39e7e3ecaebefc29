// Metrics: what the scrape of /metrics answers. Whoever counts keeps plain numbers; they are read when asked for.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace propusk::platform {

/// Takes the samples of one scrape. Names follow prometheus.io/docs/practices/naming: prefix `propusk_`, base units,
/// `_total` for counters; labels are of small closed sets, never an account or an address. A name has one kind and
/// help.
class MetricSink {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;
  virtual ~MetricSink() = default;
  virtual void counter(std::string_view name, std::string_view help, double value, const Labels& labels = {}) = 0;
  virtual void gauge(std::string_view name, std::string_view help, double value, const Labels& labels = {}) = 0;
  /// A count and a sum, as `name_count` and `name_sum`.
  virtual void summary(std::string_view name, std::string_view help, std::uint64_t count, double sum,
                       const Labels& labels = {}) = 0;
};

/// The sources of one server. Every source is called on the scraping thread and must be quick and thread-safe.
class Metrics {
 public:
  using Source = std::function<void(MetricSink&)>;
  /// Starts with `propusk_build_info{version}` and the figures of the process.
  explicit Metrics(std::string version);
  /// What the source captures outlives the Metrics.
  void add_source(Source source);
  /// Prometheus text format 0.0.4: `Content-Type: text/plain; version=0.0.4; charset=utf-8`.
  [[nodiscard]] std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Source> sources_;
};

}  // namespace propusk::platform
