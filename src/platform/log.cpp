// Lines are made here and written by spdlog, one write per line, so that lines of several threads do not mix.
#include "platform/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <iterator>

#include "base/outage.hpp"

namespace propusk::platform {
namespace {
constexpr std::size_t text_limit = 1024;  // a user agent has at most 200 bytes, a cause of an outage a few hundred

struct LevelNames {
  std::string_view json, human;
  spdlog::level::level_enum spdlog;
};
constexpr std::array<LevelNames, 4> levels{{{"debug", "DEBUG", spdlog::level::debug},
                                            {"info", "INFO ", spdlog::level::info},
                                            {"warning", "WARN ", spdlog::level::warn},
                                            {"error", "ERROR", spdlog::level::err}}};
const LevelNames& names_of(LogLevel level) { return levels[static_cast<std::size_t>(level)]; }

/// JSON's escapes, for every character that a terminal would obey or not show: controls, formats, separators.
void append_escaped(std::string& out, std::string_view text) {
  text = text.substr(0, text_limit);
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    const int32_t start = at;
    UChar32 point = 0;
    U8_NEXT(text.data(), at, size, point);
    if (point < 0)
      out += "\\ufffd";
    else if (point == '"' || point == '\\')
      out.append(1, '\\').append(1, static_cast<char>(point));
    else if (u_isprint(point) && u_charType(point) != U_LINE_SEPARATOR && u_charType(point) != U_PARAGRAPH_SEPARATOR)
      out += text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start));
    else if (point <= 0xffff)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", point);
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

/// Numbers and flags look the same in both styles. JSON has no infinity: it becomes null.
struct PlainValue {
  std::string& out;
  void operator()(std::string_view text) const { append_quoted(out, text); }
  void operator()(double number) const { out += std::isfinite(number) ? fmt::format("{}", number) : "null"; }
  void operator()(auto number) const { out += fmt::format("{}", number); }
};

std::string iso_time(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::string json_line(const LevelNames& level, Instant at, std::string_view action, std::string_view message,
                      Log::Fields fields) {
  std::string out = fmt::format(R"({{"@timestamp":"{}","log.level":"{}","event.action":)", iso_time(at), level.json);
  append_quoted(out, action);
  out += R"(,"message":)";
  append_quoted(out, message);
  for (const Field& field : fields) {
    out += ',';
    append_quoted(out, field.name);
    out += ':';
    std::visit(PlainValue{out}, field.value);
  }
  return out + '}';
}

std::string human_line(const LevelNames& level, Instant at, std::string_view action, std::string_view message,
                       Log::Fields fields) {
  std::string out = iso_time(at).substr(11, 12) + ' ';  // the time of day in milliseconds
  out.append(level.human).append(1, ' ');
  append_escaped(out, action);
  out += ": ";
  append_escaped(out, message);
  for (const Field& field : fields) {
    out += "  ";
    append_escaped(out, field.name);
    out += '=';
    std::visit(PlainValue{out}, field.value);
  }
  return out;
}

spdlog::sink_ptr open_sink(const std::optional<std::string>& file) {
  if (file) return std::make_shared<spdlog::sinks::basic_file_sink_mt>(*file);
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}
}  // namespace

struct Log::Output {
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sinks = std::make_shared<spdlog::sinks::dist_sink_mt>();
  spdlog::logger logger{"propusk", sinks};
};

Log::Log(LogSettings settings, const Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      human_(settings_.style == LogStyle::human ||
             (settings_.style == LogStyle::automatic && !settings_.file && isatty(STDERR_FILENO) == 1)),
      output_(std::make_unique<Output>()) {
  if (const auto failed = reopen()) throw Outage("log", *failed);
  output_->logger.set_level(names_of(settings_.level).spdlog);
  output_->logger.flush_on(spdlog::level::trace);
  output_->logger.set_error_handler([this](const std::string&) { lost_.fetch_add(1, std::memory_order_relaxed); });
}

Log::~Log() = default;

std::optional<std::string> Log::reopen() {
  try {
    auto sink = open_sink(settings_.file);
    sink->set_pattern("%v");
    output_->sinks->set_sinks({std::move(sink)});
    return std::nullopt;
  } catch (const spdlog::spdlog_ex& failure) {
    return failure.what();
  }
}

void Log::write(LogLevel level, std::string_view action, std::string_view message, Fields fields) noexcept {
  try {
    const LevelNames& names = names_of(level);
    if (!output_->logger.should_log(names.spdlog)) return;
    const auto line = (human_ ? human_line : json_line)(names, clock_.now(), action, message, fields);
    output_->logger.log(names.spdlog, spdlog::string_view_t(line));
  } catch (...) {
    lost_.fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace propusk::platform
