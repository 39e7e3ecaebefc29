// Everything that would keep `serve` from starting, and a file that tells its passwords to everybody.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "cli/doctor/checks.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"

namespace propusk::cli::doctor {
namespace {

std::string what_of(const config::Problem& problem) {
  if (problem.key.empty()) return problem.where;
  if (problem.value.empty()) return fmt::format("{}: {}", problem.where, problem.key);
  return fmt::format("{}: {} = {}", problem.where, problem.key, problem.value);
}

/// The key of a password that stands in the configuration file itself; nothing if there is none.
const config::Key* password_in_file(const Installation& in) {
  const auto keys = config::keys();
  const auto& settings = in.settings();
  const auto holds_one = [&](const config::Key& key) {
    const std::string& origin = in.configuration.loaded.origins.at(static_cast<std::size_t>(&key - keys.data()));
    if (!config::may_hold_secret(key) || !origin.starts_with(in.config_file + ":")) return false;
    if (key.path == "store.url") return config::holds_password(settings.store.url);
    if (key.path == "mail.smtp_url") return config::holds_password(settings.mail.smtp_url);
    return std::ranges::any_of(settings.mail.smtp_fallback_urls, config::holds_password);
  };
  const auto found = std::ranges::find_if(keys, holds_one);
  return found == keys.end() ? nullptr : &*found;
}

void judge_file(const Installation& in, Findings& findings) {
  struct stat found{};
  if (in.config_file.empty() || ::stat(in.config_file.c_str(), &found) != 0 || (found.st_mode & S_IRWXO) == 0) return;
  if (const config::Key* key = password_in_file(in))
    findings.push_back(error(
        fmt::format("{} holds the password of {} and is open to every user of this machine", in.config_file, key->path),
        fmt::format("chmod o= {}, or set {} in the environment of the service", in.config_file,
                    config::environment_name(*key))));
}

}  // namespace

Findings configuration(const Ward& ward) {
  const Installation& in = ward.installation;
  Findings findings;
  for (const config::Problem& problem : in.configuration.problems)
    findings.push_back(error(what_of(problem), problem.remedy));
  judge_file(in, findings);
  if (findings.empty()) findings.push_back(fine("the server would start with it"));
  return findings;
}

}  // namespace propusk::cli::doctor
