// Whatever a provider says, it becomes one of a few things here, and its own words end here.
#include "providers/answer.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

namespace propusk::providers {
namespace {
namespace json = boost::json;
using core::ProviderFailure;

Mishap of_fetch(FetchFailure failure) {
  const std::string why(fetch_failure_name(failure));
  switch (failure) {
    case FetchFailure::too_large:
    case FetchFailure::redirected: return {ProviderFailure::unintelligible, why};
    case FetchFailure::unreachable:
    case FetchFailure::timed_out:
    case FetchFailure::forbidden_address:
    case FetchFailure::circuit_open:
    case FetchFailure::overloaded: return {ProviderFailure::unreachable, why};
  }
  return {ProviderFailure::unreachable, why};
}

/// RFC 6749 section 5.2, and GitHub's word for it.
bool means_our_client(std::string_view error) {
  constexpr std::array<std::string_view, 3> words{"invalid_client", "incorrect_client_credentials",
                                                  "unauthorized_client"};
  return std::ranges::find(words, error) != words.end();
}

Mishap of_refusal(const json::value& body, int status, Asking asking) {
  if (means_our_client(text_at(body, "/error")) || (asking.as_client && status == 401))
    return {ProviderFailure::unreachable, "client credentials are refused"};
  if (!asking.revoked_at.empty() && text_at(body, asking.revoked_at) == asking.revoked_is)
    return {ProviderFailure::access_revoked, "revoked"};
  return {ProviderFailure::token_refused, "refused"};
}

bool says_error(const json::value& body) {
  const json::value* error = value_at(body, "/error");
  return error && !error->is_null();
}
}  // namespace

Outcome<json::value> read_answer(const std::expected<Fetched, FetchFailure>& fetched, Asking asking) {
  if (!fetched) return std::unexpected(of_fetch(fetched.error()));
  const int status = fetched->status;
  if (status >= 500 || status == 429 || status == 408) return mishap(ProviderFailure::unreachable, "has no time");
  boost::system::error_code error;
  json::value body = json::parse(fetched->body, error);
  if (status >= 400) return std::unexpected(of_refusal(error ? json::value() : body, status, asking));
  if (error || status < 200 || status >= 300 || !(body.is_object() || body.is_array()))
    return mishap(ProviderFailure::unintelligible, "no JSON");
  if (body.is_object() && says_error(body)) return std::unexpected(of_refusal(body, status, asking));
  return body;
}

const json::value* value_at(const json::value& value, std::string_view pointer) {
  boost::system::error_code error;
  return value.find_pointer(pointer, error);
}

std::string text_at(const json::value& value, std::string_view pointers) {
  while (!pointers.empty()) {
    const std::size_t end = std::min(pointers.find('|'), pointers.size());
    const json::value* found = value_at(value, pointers.substr(0, end));
    pointers.remove_prefix(std::min(end + 1, pointers.size()));
    if (!found) continue;
    if (found->is_int64()) return std::to_string(found->get_int64());
    if (found->is_uint64()) return std::to_string(found->get_uint64());
    if (found->is_string() && !found->get_string().empty()) return std::string(found->get_string());
  }
  return "";
}

bool is_true_at(const json::value& value, std::string_view pointer) {
  const json::value* found = value_at(value, pointer);
  return found && ((found->is_bool() && found->get_bool()) || (found->is_string() && found->get_string() == "true"));
}

}  // namespace propusk::providers
