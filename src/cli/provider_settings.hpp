// What an operator says of the providers, as the gateway takes it; secrets come from files of their own.
#pragma once
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "config/settings.hpp"
#include "providers/settings.hpp"

namespace propusk::cli {

/// A setting that names a file with a secret.
struct SecretFile {
  std::string key;   ///< of the setting, for the operator
  std::string path;  ///< "": there is no secret
};

/// The only line of the file. Throws Outage with what to do: the file cannot be read, is no regular file, may be read
/// by everybody, is empty, holds more than one line or more than 4,096 bytes.
Secret<> secret_in(const SecretFile& file);

/// social.redirect_uris. Throws Outage, naming the first that a client could not register either
/// (core/clients/client.hpp, is_redirect_uri).
std::vector<std::string> social_redirect_uris(const config::Settings& settings);

/// The providers that have a client id, each under its name in the catalogue. Throws what secret_in() throws.
std::vector<providers::ProviderSettings> provider_settings(const config::Settings& settings);

}  // namespace propusk::cli
