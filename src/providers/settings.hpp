// ProviderSettings: what an operator says of one provider.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "providers/catalogue.hpp"

namespace propusk::providers {

struct ProviderSettings {
  std::string name;       ///< of its row in the catalogue
  std::string client_id;  ///< ours there; "": it is not set up
  Secret<> client_secret{""};
  Secret<> service_token{""};                     ///< VK's, for tokens of the old flow
  std::array<std::string, place_count> places{};  ///< instead of the row's, "" for the row's own
  std::vector<std::string> scopes{};              ///< instead of the row's
  std::string label{};                            ///< instead of the row's
  std::string issuer{};                           ///< of OpenID Connect; https, exactly as it calls itself
  std::vector<std::string> audiences{};           ///< other clients of ours whose id_tokens are taken (apps)
  bool trusts_email = false;                      ///< its `email_verified` is believed
};

}  // namespace propusk::providers
