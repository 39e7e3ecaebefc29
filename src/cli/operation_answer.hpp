// What an operation has to say: a result, or why there is none; and how requests are read and times are written.
#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/refusal.hpp"

namespace propusk::cli {

/// Why an operation has no result.
struct OperationFailure {
  std::string_view kind;  ///< "refused", "outage" or "malformed"
  boost::json::array reasons;
  std::string message;

  OperationFailure(std::string_view failed, std::string text) : kind(failed), message(std::move(text)) {}
  OperationFailure(const core::Refused& refused);  // NOLINT: implicit on purpose, for CO_TRY
  /// The same reasons, in a sentence that says what to do here.
  OperationFailure(const core::Refused& refused, std::string_view instead);
};
struct OperationResult {
  boost::json::object result;
};
using OperationOutcome = std::expected<OperationResult, OperationFailure>;

/// A text of the request; "" if the member is missing or no text.
std::string text_of(const boost::json::object& request, std::string_view member);
/// A list of texts of the request; without what is no text, and empty if the member is missing or no list.
std::vector<std::string> texts_of(const boost::json::object& request, std::string_view member);
/// A number within the bounds; the lower one if the member is missing or no number.
std::int64_t number_of(const boost::json::object& request, std::string_view member, std::int64_t least,
                       std::int64_t most);
/// Whether a member is `true`.
bool flag_of(const boost::json::object& request, std::string_view member);
/// `2026-01-01T00:00:00Z` (RFC 3339).
std::string time_text(Instant at);
/// The same, or null.
boost::json::value time_text(std::optional<Instant> at);

}  // namespace propusk::cli
