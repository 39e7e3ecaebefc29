// Names of provider failures, exhaustive by -Wswitch.
#include "core/social/provider_gateway.hpp"

namespace propusk::core {

std::string_view provider_failure_name(ProviderFailure failure) {
  switch (failure) {
    case ProviderFailure::not_offered: return "not_offered";
    case ProviderFailure::token_refused: return "token_refused";
    case ProviderFailure::access_revoked: return "access_revoked";
    case ProviderFailure::foreign_token: return "foreign_token";
    case ProviderFailure::unreachable: return "unreachable";
    case ProviderFailure::unintelligible: return "unintelligible";
  }
  return "";
}

}  // namespace propusk::core
