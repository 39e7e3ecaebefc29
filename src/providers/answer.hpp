// Answer: what came back, as JSON that may be believed to be JSON, or why not.
#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "providers/fetch.hpp"
#include "providers/mishap.hpp"

namespace propusk::providers {

/// What an error would mean.
struct Asking {
  bool as_client = false;                       ///< our own secret was shown: a refusal may be of us
  std::string_view revoked_at{}, revoked_is{};  ///< the provider's way to say that the person took the permission back
};
/// An object or array. 5xx, 429 and 408 are unreachable; 4xx and an `error` in the body are token_refused,
/// access_revoked or, of us, unreachable: the person can do nothing about it.
Outcome<boost::json::value> read_answer(const std::expected<Fetched, FetchFailure>& fetched, Asking asking);

// By JSON pointer; nullptr, "" and false for what is absent or of another type. A number is told as text.
const boost::json::value* value_at(const boost::json::value& value, std::string_view pointer);
std::string text_at(const boost::json::value& value,
                    std::string_view pointers);  ///< of several with `|`: the first that is there
bool is_true_at(const boost::json::value& value,
                std::string_view pointer);  ///< true, or the text "true" (Google's tokeninfo)

}  // namespace propusk::providers
