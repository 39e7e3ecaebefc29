// Reads members and writes times and refusals for every operation.
#include "cli/operation_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/refusal_sentence.hpp"

namespace propusk::cli {

namespace json = boost::json;

OperationFailure::OperationFailure(const core::Refused& refused) : kind("refused") {
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<core::Refusal>(i);
    if (!refused.all.has(refusal)) continue;
    reasons.emplace_back(core::refusal_name(refusal));
    message += (message.empty() ? "" : "; ") + std::string(refusal_sentence(refusal));
  }
}

OperationFailure::OperationFailure(const core::Refused& refused, std::string_view instead) : OperationFailure(refused) {
  message = instead;
}

std::string text_of(const json::object& request, std::string_view member) {
  const auto* value = request.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::vector<std::string> texts_of(const json::object& request, std::string_view member) {
  std::vector<std::string> texts;
  const auto* list = request.if_contains(member);
  if (list == nullptr || !list->is_array()) return texts;
  for (const json::value& value : list->get_array())
    if (value.is_string()) texts.emplace_back(value.get_string());
  return texts;
}

std::int64_t number_of(const json::object& request, std::string_view member, std::int64_t least, std::int64_t most) {
  const auto* value = request.if_contains(member);
  return value != nullptr && value->is_int64() ? std::clamp(value->get_int64(), least, most) : least;
}

bool flag_of(const json::object& request, std::string_view member) {
  const auto* value = request.if_contains(member);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string time_text(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(at - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

json::value time_text(std::optional<Instant> at) { return at ? json::value(time_text(*at)) : json::value(nullptr); }

}  // namespace propusk::cli
