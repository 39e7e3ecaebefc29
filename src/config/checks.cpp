// One function per rule; each names the key to change and what to do.
#include "config/checks.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "config/schema.hpp"
#include "config/values.hpp"

namespace propusk::config {
namespace {

/// What a broken rule says of the key to change; nothing if the rule holds.
using Broken = const char*;

bool is_public(const Settings& settings) { return !settings.server.listen.is_loopback(); }

Broken public_listener_is_protected(const Settings& s) {
  if (!is_public(s) || !s.server.tls_certificate.empty() || !s.server.trusted_proxies.empty()) return nullptr;
  return "other machines can reach this address, so passwords need TLS: set server.tls_certificate and server.tls_key, "
         "or "
         "list the TLS proxy in front in server.trusted_proxies, or listen on 127.0.0.1";
}

Broken public_listener_has_an_origin(const Settings& s) {
  if (!is_public(s) || !s.server.public_origin.empty()) return nullptr;
  return "set it to the address that people type, such as https://id.example.org: links in mail are built from it";
}

Broken tls_has_its_key(const Settings& s) {
  return s.server.tls_certificate.empty() || !s.server.tls_key.empty() ? nullptr
                                                                       : "TLS needs both files: set server.tls_key too";
}

Broken tls_has_its_certificate(const Settings& s) {
  return s.server.tls_key.empty() || !s.server.tls_certificate.empty()
             ? nullptr
             : "TLS needs both files: set server.tls_certificate too";
}

Broken tls_origin_is_https(const Settings& s) {
  if (s.server.tls_certificate.empty() || !s.server.public_origin.starts_with("http://")) return nullptr;
  return "this server speaks TLS: write https://";
}

Broken metrics_stay_on_loopback(const Settings& s) {
  if (!s.server.metrics_listen || s.server.metrics_listen->is_loopback()) return nullptr;
  return "metrics are for this machine: write a loopback address, such as 127.0.0.1:9464, or nothing";
}

Broken metrics_have_their_own_port(const Settings& s) {
  if (!s.server.metrics_listen || s.server.listen.port == 0) return nullptr;
  return s.server.metrics_listen->port == s.server.listen.port
             ? "server.listen has this port already: write another one"
             : nullptr;
}

Broken store_is_known(const Settings& s) {
  return s.store.url.starts_with("sqlite:") || s.store.is_server()
             ? nullptr
             : "write sqlite:, sqlite:FILE or postgresql://USER@HOST/DATABASE";
}

Broken limits_hold_in_public(const Settings& s) {
  if (s.limits.enabled || !is_public(s)) return nullptr;
  return "without limits anybody may guess passwords: write true, or listen on 127.0.0.1";
}

Broken own_mistakes_come_first(const Settings& s) {
  if (s.limits.failures_per_account_and_prefix.burst <= s.limits.failures_per_account.burst) return nullptr;
  return "it would never be reached: write at most limits.failures_per_account_burst";
}

Broken smtp_has_a_server(const Settings& s) {
  const bool is_smtp_url = s.mail.smtp_url.starts_with("smtp://") || s.mail.smtp_url.starts_with("smtps://");
  if (!s.mail.smtp_url.empty() && !is_smtp_url) return "write a URL that begins with smtp:// or smtps://";
  if (s.mail.transport != MailTransport::smtp || is_smtp_url) return nullptr;
  return "mail.transport is smtp: set the mail server, such as smtp://127.0.0.1:25";
}

Broken smtp_fallbacks_are_servers(const Settings& s) {
  for (const std::string& url : s.mail.smtp_fallback_urls)
    if (!url.starts_with("smtp://") && !url.starts_with("smtps://"))
      return "write URLs that begin with smtp:// or smtps://";
  return nullptr;
}

Broken smtp_has_a_sender(const Settings& s) {
  if (s.mail.transport != MailTransport::smtp || s.mail.from.find('@') != std::string::npos) return nullptr;
  return "mail.transport is smtp: set the sender, such as no-reply@example.org";
}

Broken links_stay_out_of_public_logs(const Settings& s) {
  if (s.mail.transport != MailTransport::log || !is_public(s)) return nullptr;
  return "links that open accounts would lie in the log: write smtp or maildir, or listen on 127.0.0.1";
}

Broken smtp_passwords_need_tls(const Settings& s) {
  if (s.mail.smtp_tls == MailTls::required) return nullptr;
  const auto sends_one = [](const std::string& url) {
    const auto at = url.rfind('@');
    if (!url.starts_with("smtp://") || at == std::string::npos) return false;
    const std::string_view host = std::string_view(url).substr(at + 1);
    return !host.starts_with("127.") && !host.starts_with("localhost") && !host.starts_with("[::1]");
  };
  if (!sends_one(s.mail.smtp_url) && std::ranges::none_of(s.mail.smtp_fallback_urls, sends_one)) return nullptr;
  return "a password would cross the network in clear: write required, or leave the user out of the URLs";
}

Broken public_hashes_are_costly(const Settings& s) {
  // The cheapest memory of OWASP's equivalent Argon2id settings (Password Storage Cheat Sheet): 7 MiB.
  constexpr std::uint64_t least = 7'168;
  if (!is_public(s) || s.passwords.argon2_memory_kib >= least) return nullptr;
  return "too cheap to guess for a public server: write at least 7168";
}

Broken link_pages_differ(const Settings& s) {
  const std::string activation = link_path(s.djoser.activation_url),
                    password = link_path(s.djoser.password_reset_confirm_url),
                    username = link_path(s.djoser.username_reset_confirm_url);
  const bool is_shared = (!activation.empty() && (activation == password || activation == username)) ||
                         (!password.empty() && password == username);
  return is_shared ? "two kinds of links cannot lead to one page of ours: write different paths" : nullptr;
}

Broken tokens_end_idle_before_they_expire(const Settings& s) {
  if (s.djoser.token_idle <= s.djoser.token_lifetime) return nullptr;
  return "it would never be reached: write at most djoser.token_lifetime";
}

Broken cookie_reaches_the_origin(const Settings& s) {
  const std::string& domain = s.sessions.cookie_domain;
  if (domain.empty()) return nullptr;
  std::string host = origin_of(s.server, 1);
  host = host.substr(host.find("://") + 3);
  host = host.substr(0, host.rfind(':') > host.rfind(']') + 1 ? host.rfind(':') : host.size());
  if (host == domain || host.ends_with("." + domain)) return nullptr;
  return "browsers would drop the cookie: write the host of server.public_origin, one of its parent domains, or "
         "nothing";
}

/// What is missing of a provider that was begun to be set up, and the key of its section to say that of.
struct Missing {
  std::string_view key;
  Broken broken = nullptr;
};

Missing missing_of(const Settings::Provider& provider, std::string_view name) {
  const bool is_vk = name == "vk-oauth2";  // its codes are exchanged by PKCE alone
  const bool is_open_id = name.starts_with("oidc");
  const std::initializer_list<const std::string*> texts{&provider.client_secret_file,
                                                        &provider.service_token_file,
                                                        &provider.issuer,
                                                        &provider.authorization_url,
                                                        &provider.token_url,
                                                        &provider.user_info_url,
                                                        &provider.token_info_url,
                                                        &provider.api_url,
                                                        &provider.label};
  const bool is_begun = provider.trust_email || !provider.audiences.empty() || !provider.scopes.empty() ||
                        std::ranges::any_of(texts, [](const std::string* text) { return !text->empty(); });
  if (provider.client_id.empty())
    return is_begun ? Missing{"client_id",
                              "without it the provider is not offered: write the id that the provider gave to your "
                              "application, or leave the section out"}
                    : Missing{};
  if (is_open_id && provider.issuer.empty())
    return {"issuer", "without it nobody can be asked: write the issuer, such as https://id.example.org"};
  if (!is_vk && !is_open_id && provider.client_secret_file.empty())
    return {"client_secret_file",
            "this provider is of no use without it: write the secret that the provider shows beside the client id into "
            "a file, and name that here"};
  return {};
}

struct Rule {
  Broken (*judge)(const Settings&);
  std::string_view key;                     ///< to change
  std::array<std::string_view, 3> reads{};  ///< the other keys it looks at
};
constexpr std::array rules{
    Rule{public_listener_is_protected, "server.listen", {"server.tls_certificate", "server.trusted_proxies"}},
    Rule{public_listener_has_an_origin, "server.public_origin", {"server.listen"}},
    Rule{tls_has_its_key, "server.tls_certificate", {"server.tls_key"}},
    Rule{tls_has_its_certificate, "server.tls_key", {"server.tls_certificate"}},
    Rule{tls_origin_is_https, "server.public_origin", {"server.tls_certificate"}},
    Rule{metrics_stay_on_loopback, "server.metrics_listen"},
    Rule{metrics_have_their_own_port, "server.metrics_listen", {"server.listen"}},
    Rule{store_is_known, "store.url"},
    Rule{limits_hold_in_public, "limits.enabled", {"server.listen"}},
    Rule{
        own_mistakes_come_first, "limits.failures_per_account_and_prefix_burst", {"limits.failures_per_account_burst"}},
    Rule{smtp_has_a_server, "mail.smtp_url", {"mail.transport"}},
    Rule{smtp_fallbacks_are_servers, "mail.smtp_fallback_urls"},
    Rule{smtp_has_a_sender, "mail.from", {"mail.transport"}},
    Rule{links_stay_out_of_public_logs, "mail.transport", {"server.listen"}},
    Rule{smtp_passwords_need_tls, "mail.smtp_tls", {"mail.smtp_url", "mail.smtp_fallback_urls"}},
    Rule{public_hashes_are_costly, "passwords.argon2_memory_kib", {"server.listen"}},
    Rule{link_pages_differ,
         "djoser.activation_url",
         {"djoser.password_reset_confirm_url", "djoser.username_reset_confirm_url"}},
    Rule{tokens_end_idle_before_they_expire, "djoser.token_idle", {"djoser.token_lifetime"}},
    Rule{cookie_reaches_the_origin,
         "sessions.cookie_domain",
         {"server.public_origin", "server.listen", "server.tls_certificate"}},
};

}  // namespace

std::vector<Problem> check_together(const Loaded& loaded, const std::vector<std::string>& already_wrong) {
  const auto is_wrong = [&](std::string_view key) {
    return std::ranges::find(already_wrong, key) != already_wrong.end();
  };
  std::vector<Problem> problems;
  const auto add = [&](std::string_view path, Broken broken) {
    const Key& key = *find_key(path);
    const auto row = static_cast<std::size_t>(&key - keys().data());
    problems.push_back({loaded.origins[row], std::string(key.path), in_quotes(show(key, loaded.settings)), broken});
  };
  for (const Rule& rule : rules) {
    if (is_wrong(rule.key) || std::ranges::any_of(rule.reads, is_wrong)) continue;
    if (const Broken broken = rule.judge(loaded.settings)) add(rule.key, broken);
  }
  for (std::size_t i = 0; i < provider_names.size(); ++i) {
    const std::string section = std::string(provider_section) + std::string(provider_names[i]) + ".";
    const auto is_wrong_here = [&](const std::string& key) { return key.starts_with(section); };
    if (std::ranges::any_of(already_wrong, is_wrong_here)) continue;
    const Missing missing = missing_of(loaded.settings.providers[i], provider_names[i]);
    if (missing.broken != nullptr) add(section + std::string(missing.key), missing.broken);
  }
  return problems;
}

}  // namespace propusk::config
