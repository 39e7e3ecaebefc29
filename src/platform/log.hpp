// Log: one line per event, with typed fields. A secret cannot be passed, and a value cannot forge or break a line.
#pragma once
#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace propusk::platform {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
/// automatic: for people if the log goes to a terminal, else JSON.
enum class LogStyle : std::uint8_t { automatic, human, json };

struct LogSettings {
  LogLevel level = LogLevel::info;
  LogStyle style = LogStyle::automatic;
  std::optional<std::string> file;  ///< appended to; standard error if absent
};

/// One named value of an event. Names are ours and follow ECS where it has one (`client.ip`, `user.id`, `url.path`).
/// Holds views: what it is made of outlives the call that logs it.
class Field {
 public:
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;
  template <class T>
    requires std::convertible_to<const T&, std::string_view>
  Field(std::string_view name, const T& text) : name(name), value(std::string_view(text)) {}
  template <std::signed_integral T>
  Field(std::string_view name, T number) : name(name), value(std::int64_t{number}) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Field(std::string_view name, T number) : name(name), value(std::uint64_t{number}) {}
  Field(std::string_view name, double number) : name(name), value(number) {}
  template <std::same_as<bool> T>
  Field(std::string_view name, T flag) : name(name), value(flag) {}
  template <class T>
  Field(std::string_view name, const Secret<T>& never) = delete;

  std::string_view name;
  Value value;
};

/// Thread-safe. Text is escaped (control and other invisible characters, quotes, ill-formed UTF-8) and cut at 1,024
/// bytes per field. A line that cannot be written (full disk) is counted and dropped: logging never fails the caller.
class Log {
 public:
  using Fields = std::initializer_list<Field>;
  /// Throws Outage if the file cannot be opened. `clock` outlives the log.
  Log(LogSettings settings, const Clock& clock);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// `action` is the event's stable name (`server.started`), `message` a sentence for people.
  void debug(std::string_view action, std::string_view message, Fields fields = {}) {
    write(LogLevel::debug, action, message, fields);
  }
  void info(std::string_view action, std::string_view message, Fields fields = {}) {
    write(LogLevel::info, action, message, fields);
  }
  void warning(std::string_view action, std::string_view message, Fields fields = {}) {
    write(LogLevel::warning, action, message, fields);
  }
  void error(std::string_view action, std::string_view message, Fields fields = {}) {
    write(LogLevel::error, action, message, fields);
  }

  /// Opens the file anew after it was rotated away. Nothing, or why it could not: then the old file is kept.
  std::optional<std::string> reopen();
  /// Lines that could not be written since the start.
  [[nodiscard]] std::uint64_t lost_lines() const { return lost_.load(std::memory_order_relaxed); }

 private:
  struct Output;
  void write(LogLevel level, std::string_view action, std::string_view message, Fields fields) noexcept;

  const LogSettings settings_;
  const Clock& clock_;
  const bool human_;
  std::atomic<std::uint64_t> lost_{0};
  std::unique_ptr<Output> output_;
};

}  // namespace propusk::platform
