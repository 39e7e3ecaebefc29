// The scrape is valid Prometheus text: each name once with its help and kind, then its samples.
#include "platform/metrics.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace propusk::platform {
namespace {

double value_of(const std::string& text, const std::string& name) {
  std::smatch match;
  return std::regex_search(text, match, std::regex("(?:^|\n)" + name + " ([-+.e0-9]+)\n")) ? std::stod(match[1]) : -1;
}

TEST(Metrics, sources_are_read_at_every_scrape) {
  Metrics metrics("1.2.3");
  double requests = 1;
  metrics.add_source([&requests](MetricSink& sink) { sink.counter("propusk_requests_total", "Requests", requests); });

  EXPECT_EQ(value_of(metrics.text(), "propusk_requests_total"), 1);
  requests = 4'000'000'000'000;
  EXPECT_EQ(value_of(metrics.text(), "propusk_requests_total"), 4e12);
}

TEST(Metrics, samples_of_one_name_stand_together_under_one_help) {
  Metrics metrics("1.2.3");
  for (const char* method : {"GET", "POST"})
    metrics.add_source([method](MetricSink& sink) {
      sink.counter("propusk_requests_total", "Requests", 2, {{"method", method}});
      sink.gauge("propusk_depth", "Depth", 0.5);
      sink.summary("propusk_wait_seconds", "Waiting", 3, 1.5, {{"route", "a\"b\\c\n"}});
    });

  const std::string text = metrics.text();

  EXPECT_TRUE(
      text.contains("# HELP propusk_requests_total Requests\n# TYPE propusk_requests_total counter\n"
                    "propusk_requests_total{method=\"GET\"} 2\npropusk_requests_total{method=\"POST\"} 2\n"))
      << text;
  EXPECT_TRUE(
      text.contains("# TYPE propusk_wait_seconds summary\npropusk_wait_seconds_count{route=\"a\\\"b\\\\c\\n\"} 3\n"
                    "propusk_wait_seconds_sum{route=\"a\\\"b\\\\c\\n\"} 1.5\n"))
      << text;
  EXPECT_TRUE(text.contains("propusk_depth 0.5\n")) << text;
}

TEST(Metrics, the_build_and_the_process_are_always_there) {
  const std::string text = Metrics("1.2.3").text();

  EXPECT_TRUE(text.contains("propusk_build_info{version=\"1.2.3\"} 1\n")) << text;
  EXPECT_GT(value_of(text, "process_resident_memory_bytes"), 1e6);
  EXPECT_GT(value_of(text, "process_open_fds"), 2);
  EXPECT_GE(value_of(text, "process_max_fds"), value_of(text, "process_open_fds"));
  EXPECT_GT(value_of(text, "process_start_time_seconds"), 1.7e9);
  EXPECT_GE(value_of(text, "process_cpu_seconds_total"), 0);
}

}  // namespace
}  // namespace propusk::platform
