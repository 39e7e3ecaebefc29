// Settings: everything an operator can decide, as types. The names are those of DESIGN.md §8: section.key = member.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_address.hpp"

namespace propusk::config {

/// Where to listen: an IP address without brackets, and a port (0: any free one).
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string to_string() const;  ///< `127.0.0.1:8080`, `[::1]:8080`
};

enum class MailTransport : std::uint8_t { smtp, maildir, log };
enum class MailTls : std::uint8_t { required, none };
enum class EnvelopeShape : std::uint8_t { seed, list };
enum class DjoserProfile : std::uint8_t { seed, email, stock };
enum class DjoserLanguage : std::uint8_t { en, ru, negotiate };
enum class ByProfile : std::uint8_t { profile, on, off };
enum class TokenLogout : std::uint8_t { presented, all };
enum class JwtAlgorithm : std::uint8_t { hs256, es256, eddsa };
enum class LinkVerifiedEmail : std::uint8_t { never, authoritative };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// The sections [providers.NAME], in the order of Settings::providers: the names of their rows in the catalogue.
inline constexpr std::string_view provider_section = "providers.";
inline constexpr std::array<std::string_view, 8> provider_names{
    "google-oauth2", "yandex-oauth2", "vk-oauth2", "mailru", "github", "oidc", "oidc-2", "oidc-3"};

/// The values of load(): each within its bounds, and sound together. What each one means stands in schema.cpp.
struct Settings {
  struct Server {
    Endpoint listen{"127.0.0.1", 8080};
    std::string public_origin;  ///< as configured; see origin_of() for the default
    std::string site_name;      ///< as configured; see site_name_of() for the default
    std::vector<Network> trusted_proxies;
    std::string tls_certificate, tls_key;  ///< both or neither
    std::optional<Endpoint> metrics_listen{Endpoint{"127.0.0.1", 9464}};
    std::uint64_t threads = 0;  ///< 0: one per core
  } server;

  struct Store {
    std::string url = "sqlite:";
    std::uint64_t connections = 8;                       ///< to a database server, of each node
    std::chrono::milliseconds statement_timeout{1'500};  ///< there: of one statement
    /// Whether the rows are on a database server, which other nodes may share.
    [[nodiscard]] bool is_server() const { return url.starts_with("postgresql:") || url.starts_with("postgres:"); }
    /// The database file: below `data_directory` unless the URL names an absolute path.
    [[nodiscard]] std::filesystem::path file(const std::filesystem::path& data_directory) const;
  } store;

  /// A bucket that holds `burst` attempts and gets one back every `refill`.
  struct Allowance {
    std::uint64_t burst;
    std::chrono::milliseconds refill;
  };
  /// `enabled` is about the allowances; connections and deadlines always hold.
  struct Limits {
    bool enabled = true;
    Allowance failures_per_account_and_prefix{10, std::chrono::seconds{60}};
    Allowance failures_per_account{100, std::chrono::seconds{60}};
    Allowance failures_per_prefix{100, std::chrono::seconds{2}};
    Allowance sign_ins_per_account_and_prefix{60, std::chrono::seconds{10}};
    Allowance registrations_per_prefix{10, std::chrono::seconds{6}};
    Allowance unknown_secrets_per_prefix{200, std::chrono::milliseconds{50}};
    Allowance mail_requests_per_prefix{10, std::chrono::seconds{60}};
    Allowance changes_per_account{60, std::chrono::seconds{10}};
    std::uint64_t connections = 16'384;
    std::uint64_t connections_per_prefix = 1'024;
    std::uint64_t header_bytes = 16 * 1024;
    std::chrono::seconds header_deadline{15};
    std::chrono::seconds body_deadline{30};
    std::chrono::seconds request_deadline{30};
    std::chrono::seconds idle_deadline{75};
    std::chrono::seconds drain_deadline{10};
  } limits;

  struct Mail {
    MailTransport transport = MailTransport::maildir;
    std::string from;
    std::string smtp_url;                         ///< may hold a password: show it only through redacted_url()
    std::vector<std::string> smtp_fallback_urls;  ///< the same
    std::string smtp_password_file;
    MailTls smtp_tls = MailTls::required;
    std::string smtp_ca_file;
    std::chrono::seconds smtp_timeout{120};  ///< a tarpit of a minute is no failure (SECURITY.md R16)
    std::string templates;
    bool notify_new_device = true, notify_password_changed = true, notify_email_changed = true,
         notify_identities = true;
  } mail;

  struct Passwords {
    std::uint64_t min_length = 8;
    std::uint64_t argon2_memory_kib = 19'456;
    std::uint64_t argon2_passes = 2;
  } passwords;

  struct Sessions {
    std::uint64_t cache_entries = 1'000'000;
    std::string cookie_domain;  ///< "": the cookie goes to the origin's host alone
  } sessions;

  struct Mobile {
    std::uint64_t create_failure_status = 200;  ///< 200, 500 or 503
  } mobile;

  struct Envelope {
    EnvelopeShape shape = EnvelopeShape::seed;
    std::string min_client_version;
  } envelope;

  struct Djoser {
    DjoserProfile profile = DjoserProfile::seed;
    std::string prefix = "/auth";
    DjoserLanguage language = DjoserLanguage::en;
    ByProfile activation = ByProfile::profile;
    bool confirmation_mail = false;
    std::vector<std::string> profile_fields;
    std::string activation_url = "auth/activate/{uid}/{token}";
    std::string password_reset_confirm_url = "auth/password/reset/confirm/{uid}/{token}";
    std::string username_reset_confirm_url = "auth/username/reset/confirm/{uid}/{token}";
    TokenLogout logout = TokenLogout::presented;
    std::chrono::seconds token_lifetime = std::chrono::days{180}, token_idle = std::chrono::days{30};
    JwtAlgorithm jwt_algorithm = JwtAlgorithm::hs256;
    std::chrono::seconds jwt_access_lifetime = std::chrono::minutes{5}, jwt_refresh_lifetime = std::chrono::days{1};
    std::chrono::seconds jwt_key_period = std::chrono::days{90};
    /// Whether new accounts wait until their mailed link is followed.
    [[nodiscard]] bool needs_activation() const {
      return activation == ByProfile::on || (activation == ByProfile::profile && profile != DjoserProfile::stock);
    }
  } djoser;

  struct Oauth {
    bool password_grant = false;
    std::chrono::seconds access_lifetime{36'000};  ///< CONTRACTS.md §3.2
    std::chrono::seconds refresh_lifetime = std::chrono::days{30};
  } oauth;

  struct Social {
    LinkVerifiedEmail link_verified_email = LinkVerifiedEmail::authoritative;
    std::vector<std::string> redirect_uris;
  } social;

  struct Cors {
    std::vector<std::string> origins;
  } cors;

  /// What an operator says of one provider; without a client id it is not offered.
  struct Provider {
    std::string client_id, client_secret_file;
    std::string service_token_file;      ///< of VK
    std::vector<std::string> audiences;  ///< of providers that name the application a token is for
    std::vector<std::string> scopes;
    std::string authorization_url, token_url, user_info_url, token_info_url, api_url;  ///< "": its own
    std::string label;
    std::string issuer;        ///< of OpenID Connect
    bool trust_email = false;  ///< of OpenID Connect
  };
  std::array<Provider, provider_names.size()> providers;

  struct Outbound {
    std::vector<Network> allowed_networks;
    std::string ca_file;  ///< "": the system's
  } outbound;

  struct Log {
    LogLevel level = LogLevel::info;
    std::string file;  ///< "": standard error
  } log;
};

/// The origin that mailed links and cross-site checks use: the configured one, or (on loopback) that of the listener.
/// `port` is the one that was really bound, for `listen` with port 0.
std::string origin_of(const Settings::Server& server, std::uint16_t port);
/// The whole URL of a link setting: one that names a place elsewhere as it is, a path below the origin.
std::string link_url(const std::string& setting, const std::string& origin);
/// The path that a page of ours has for a link setting, with a slash in front; "" for one elsewhere.
std::string link_path(const std::string& setting);
/// The sender of mail: the configured one, or no-reply at the origin's host.
std::string mail_from_of(const Settings& settings, std::uint16_t port);
/// The name people see: the configured one, or the origin's host:port.
std::string site_name_of(const Settings::Server& server, std::uint16_t port);

}  // namespace propusk::config
