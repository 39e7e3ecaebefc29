// Reads secrets once, at the start: a mistake there is told before anybody meets it.
#include "cli/provider_settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"
#include "base/outage.hpp"
#include "core/clients/client.hpp"

namespace propusk::cli {
namespace {
constexpr std::size_t longest_secret = 4096;              // bytes; providers' secrets have less than a hundred
constexpr std::size_t longest_file = longest_secret + 2;  // with the end of the line

[[noreturn]] void refuse(const SecretFile& file, const std::string& why) {
  throw Outage("providers", fmt::format("{}: {} {}", file.key, file.path, why));
}

/// A secret that others may read is none.
void check_kind(const SecretFile& file, const Descriptor& in) {
  struct stat found{};
  if (::fstat(in.get(), &found) != 0 || !S_ISREG(found.st_mode))
    refuse(file, "is not a regular file: write the secret into one");
  if ((found.st_mode & S_IRWXO) != 0)
    refuse(file, "is open to every user of this machine: run `chmod 600 " + file.path + "`");
}

/// As much as there is, up to one byte more than the file may have.
std::string bytes_of(const SecretFile& file, const Descriptor& in) {
  std::string bytes;
  bytes.reserve(longest_file + 1);  // so that no half-read secret is freed unwiped
  while (bytes.size() <= longest_file) {
    std::array<char, 512> piece{};
    const auto got = ::read(in.get(), piece.data(), std::min(piece.size(), longest_file + 1 - bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(file, "cannot be read: look at its disk");
    if (got == 0) break;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    ::explicit_bzero(piece.data(), piece.size());
  }
  return bytes;
}
}  // namespace

Secret<> secret_in(const SecretFile& file) {
  if (file.path.empty()) return Secret<>("");
  const Descriptor in(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe must not hold the start
  if (in.get() < 0) refuse(file, "cannot be opened: " + std::generic_category().message(errno));
  check_kind(file, in);
  std::string bytes = bytes_of(file, in);
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  Secret<> secret(std::move(bytes));
  const std::string& line = secret.reveal();
  if (line.empty() || line.size() > longest_secret || line.find_first_of("\r\n") != std::string::npos)
    refuse(file, "must hold the secret as its only line");
  return secret;
}

std::vector<std::string> social_redirect_uris(const config::Settings& settings) {
  for (const std::string& uri : settings.social.redirect_uris)
    if (!core::is_redirect_uri(uri))
      throw Outage("social.redirect_uris",
                   fmt::format("{} is no address of a page or app of yours: write https://…, http:// on this machine "
                               "alone, or a scheme of your own with a dot in it",
                               uri));
  return settings.social.redirect_uris;
}

std::vector<providers::ProviderSettings> provider_settings(const config::Settings& settings) {
  std::vector<providers::ProviderSettings> all;
  for (std::size_t i = 0; i < config::provider_names.size(); ++i) {
    const config::Settings::Provider& from = settings.providers.at(i);
    if (from.client_id.empty()) continue;
    const std::string section = fmt::format("{}{}", config::provider_section, config::provider_names.at(i));
    all.push_back({.name = std::string(config::provider_names.at(i)),
                   .client_id = from.client_id,
                   .client_secret = secret_in({section + ".client_secret_file", from.client_secret_file}),
                   .service_token = secret_in({section + ".service_token_file", from.service_token_file}),
                   .places = {from.authorization_url, from.token_url, from.user_info_url, from.token_info_url,
                              from.api_url},  // in the order of providers::Place
                   .scopes = from.scopes,
                   .label = from.label,
                   .issuer = from.issuer,
                   .audiences = from.audiences,
                   .trusts_email = from.trust_email});
  }
  return all;
}

}  // namespace propusk::cli
