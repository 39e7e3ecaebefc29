// Names of fetch failures, exhaustive by -Wswitch.
#include "providers/fetch.hpp"

namespace propusk::providers {

std::string_view fetch_failure_name(FetchFailure failure) {
  switch (failure) {
    case FetchFailure::unreachable: return "unreachable";
    case FetchFailure::timed_out: return "timed_out";
    case FetchFailure::too_large: return "too_large";
    case FetchFailure::redirected: return "redirected";
    case FetchFailure::forbidden_address: return "forbidden_address";
    case FetchFailure::circuit_open: return "circuit_open";
    case FetchFailure::overloaded: return "overloaded";
  }
  return "";
}

}  // namespace propusk::providers
