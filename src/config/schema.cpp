// The table of keys. Adding a setting is a member in settings.hpp and a row here.
#include "config/schema.hpp"

#include <algorithm>

#include "config/edit_distance.hpp"
#include "config/provider_keys.hpp"

namespace propusk::config {
namespace {

// Longest deadline an operator may set: an hour holds a connection longer than any client waits.
constexpr std::int64_t an_hour = 3'600'000;
// A day: beyond it an allowance is a lock-out, which the limits must never be (SECURITY.md S3).
constexpr std::int64_t a_day = 86'400'000;
constexpr std::int64_t ten_years = 3'650 * a_day;  // beyond it a token is for ever
constexpr std::int64_t most_attempts = 1'000'000;

constexpr std::array general{
    Key{"server.listen",
        "Address and port to serve on. Anything but loopback needs TLS files or `trusted_proxies`, and "
        "`public_origin`.",
        [](Settings& s) -> Slot { return &s.server.listen; }},
    Key{"server.public_origin",
        "Origin under which people reach the server, `https://id.example.org`. Default on loopback: `http://LISTEN`; "
        "required otherwise.",
        [](Settings& s) -> Slot { return &s.server.public_origin; },
        0,
        300,
        {},
        Shape::origin},
    Key{"server.site_name", "Name shown to people. Default: the host and port of the origin.",
        [](Settings& s) -> Slot { return &s.server.site_name; }, 0, 100},
    Key{"server.trusted_proxies", "Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
        [](Settings& s) -> Slot { return &s.server.trusted_proxies; }},
    Key{"server.tls_certificate", "PEM file of the certificate chain; read again on SIGHUP.",
        [](Settings& s) -> Slot { return &s.server.tls_certificate; }, 0, 4096},
    Key{"server.tls_key", "PEM file of the private key; read again on SIGHUP.",
        [](Settings& s) -> Slot { return &s.server.tls_key; }, 0, 4096},
    Key{"server.metrics_listen", "Loopback address and port of `/metrics`, `/livez` and `/readyz`; empty: off.",
        [](Settings& s) -> Slot { return &s.server.metrics_listen; }},
    Key{"server.threads", "Threads that serve requests; 0: one per core.",
        [](Settings& s) -> Slot { return &s.server.threads; }, 0, 256},

    Key{"store.url",
        "`sqlite:` keeps `propusk.db` in the data directory; `sqlite:FILE` names the file; "
        "`postgresql://USER@HOST/DATABASE`, a URL of libpq with one host or several, is a server that other nodes may "
        "share.",
        [](Settings& s) -> Slot { return &s.store.url; },
        1,
        4096,
        {},
        Shape::url},
    Key{"store.connections",
        "Connections to a PostgreSQL server, besides one that listens. One of them is kept for whoever is signed in.",
        [](Settings& s) -> Slot { return &s.store.connections; }, 2, 100},
    Key{"store.statement_timeout",
        "Time after which the PostgreSQL server gives up a statement. What waited a quarter of it for its turn is "
        "refused.",
        [](Settings& s) -> Slot { return &s.store.statement_timeout; }, 100, 60'000},

    Key{"limits.enabled", "Whether the allowances below hold. `false` only on a loopback listener.",
        [](Settings& s) -> Slot { return &s.limits.enabled; }},
    Key{"limits.failures_per_account_and_prefix_burst",
        "Wrong passwords for one account from one client network before waiting.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_account_and_prefix.burst; }, 1, most_attempts},
    Key{"limits.failures_per_account_and_prefix_refill", "Time after which one of these attempts comes back.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_account_and_prefix.refill; }, 1, a_day},
    Key{"limits.failures_per_account_burst", "Wrong passwords for one account from all unknown networks together.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_account.burst; }, 1, most_attempts},
    Key{"limits.failures_per_account_refill", "Time after which one of these attempts comes back.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_account.refill; }, 1, a_day},
    Key{"limits.failures_per_prefix_burst", "Wrong passwords from one client network over all accounts.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_prefix.burst; }, 1, most_attempts},
    Key{"limits.failures_per_prefix_refill", "Time after which one of these attempts comes back.",
        [](Settings& s) -> Slot { return &s.limits.failures_per_prefix.refill; }, 1, a_day},
    Key{"limits.sign_ins_per_account_and_prefix_burst", "Good sign-ins to one account from one client network.",
        [](Settings& s) -> Slot { return &s.limits.sign_ins_per_account_and_prefix.burst; }, 1, most_attempts},
    Key{"limits.sign_ins_per_account_and_prefix_refill", "Time after which one of these sign-ins comes back.",
        [](Settings& s) -> Slot { return &s.limits.sign_ins_per_account_and_prefix.refill; }, 1, a_day},
    Key{"limits.registrations_per_prefix_burst", "Registrations from one client network.",
        [](Settings& s) -> Slot { return &s.limits.registrations_per_prefix.burst; }, 1, most_attempts},
    Key{"limits.registrations_per_prefix_refill", "Time after which one of these registrations comes back.",
        [](Settings& s) -> Slot { return &s.limits.registrations_per_prefix.refill; }, 1, a_day},
    Key{"limits.unknown_secrets_per_prefix_burst",
        "Database reads for unknown cookies or tokens of one client network.",
        [](Settings& s) -> Slot { return &s.limits.unknown_secrets_per_prefix.burst; }, 1, most_attempts},
    Key{"limits.unknown_secrets_per_prefix_refill", "Time after which one of these reads comes back.",
        [](Settings& s) -> Slot { return &s.limits.unknown_secrets_per_prefix.refill; }, 1, a_day},
    Key{"limits.mail_requests_per_prefix_burst", "Requests for a mail (restore, reset) from one client network.",
        [](Settings& s) -> Slot { return &s.limits.mail_requests_per_prefix.burst; }, 1, most_attempts},
    Key{"limits.mail_requests_per_prefix_refill", "Time after which one of these requests comes back.",
        [](Settings& s) -> Slot { return &s.limits.mail_requests_per_prefix.refill; }, 1, a_day},
    Key{"limits.changes_per_account_burst", "Changes of the profile of one account, and refreshes of one sign-in.",
        [](Settings& s) -> Slot { return &s.limits.changes_per_account.burst; }, 1, most_attempts},
    Key{"limits.changes_per_account_refill", "Time after which one of these changes comes back.",
        [](Settings& s) -> Slot { return &s.limits.changes_per_account.refill; }, 1, a_day},
    Key{"limits.connections", "Open connections over all threads; more are answered 503.",
        [](Settings& s) -> Slot { return &s.limits.connections; }, 16, 1'000'000},
    Key{"limits.connections_per_prefix",
        "Open connections from one client network; this machine and trusted proxies are exempt.",
        [](Settings& s) -> Slot { return &s.limits.connections_per_prefix; }, 16, 1'000'000},
    Key{"limits.header_bytes", "Longest request line and headers together.",
        [](Settings& s) -> Slot { return &s.limits.header_bytes; }, 4'096, 65'536},
    Key{"limits.header_deadline", "From the first byte of a request to the end of its headers.",
        [](Settings& s) -> Slot { return &s.limits.header_deadline; }, 1'000, an_hour},
    Key{"limits.body_deadline", "From the end of the headers to the end of the body.",
        [](Settings& s) -> Slot { return &s.limits.body_deadline; }, 1'000, an_hour},
    Key{"limits.request_deadline", "From the end of the body to the answer.",
        [](Settings& s) -> Slot { return &s.limits.request_deadline; }, 1'000, an_hour},
    Key{"limits.idle_deadline", "How long a connection is kept without a request.",
        [](Settings& s) -> Slot { return &s.limits.idle_deadline; }, 1'000, an_hour},
    Key{"limits.drain_deadline", "How long a stopping server waits for open requests.",
        [](Settings& s) -> Slot { return &s.limits.drain_deadline; }, 1'000, an_hour},

    Key{"mail.transport",
        "`smtp` sends, `maildir` keeps messages in `mail/new` of the data directory, `log` writes them to the log.",
        [](Settings& s) -> Slot { return &s.mail.transport; }, 0, 0, "smtp|maildir|log"},
    Key{"mail.from", "Sender address; required with `smtp`. Default: `no-reply@` and the origin's host.",
        [](Settings& s) -> Slot { return &s.mail.from; }, 0, 320},
    Key{"mail.smtp_url",
        "`smtp://` or `smtps://` URL of the mail server; required with `smtp`. One with a password is never taken from "
        "a flag.",
        [](Settings& s) -> Slot { return &s.mail.smtp_url; },
        0,
        4096,
        {},
        Shape::url},

    Key{"mail.smtp_fallback_urls",
        "Further servers, tried in this order when the ones before cannot be reached.",
        [](Settings& s) -> Slot { return &s.mail.smtp_fallback_urls; },
        0,
        8,
        {},
        Shape::url},
    Key{"mail.smtp_password_file", "File with the password of the user that the URLs name without one.",
        [](Settings& s) -> Slot { return &s.mail.smtp_password_file; }, 0, 4096},
    Key{"mail.smtp_tls",
        "`required`: STARTTLS on `smtp://`, or nothing is sent. `none` is for a relay on this machine.",
        [](Settings& s) -> Slot { return &s.mail.smtp_tls; }, 0, 0, "required|none"},
    Key{"mail.smtp_ca_file",
        "PEM file of the authority that signed the mail server's certificate; empty: the system's.",
        [](Settings& s) -> Slot { return &s.mail.smtp_ca_file; }, 0, 4096},
    Key{"mail.smtp_timeout", "Longest silence of a mail server within a conversation.",
        [](Settings& s) -> Slot { return &s.mail.smtp_timeout; }, 1'000, an_hour},
    Key{"mail.templates", "Directory with files that replace the built-in texts; empty: none.",
        [](Settings& s) -> Slot { return &s.mail.templates; }, 0, 4096},
    Key{"mail.notify_new_device", "Whether people are told by mail of a sign-in from a new device.",
        [](Settings& s) -> Slot { return &s.mail.notify_new_device; }},
    Key{"mail.notify_password_changed", "Whether people are told by mail that their password changed.",
        [](Settings& s) -> Slot { return &s.mail.notify_password_changed; }},
    Key{"mail.notify_email_changed",
        "Whether the old address is told by mail that a new one was asked for and took its place.",
        [](Settings& s) -> Slot { return &s.mail.notify_email_changed; }},
    Key{"mail.notify_identities",
        "Whether people are told by mail that a provider's account was connected to theirs, or disconnected.",
        [](Settings& s) -> Slot { return &s.mail.notify_identities; }},

    Key{"passwords.min_length", "Shortest new password, in characters.",
        [](Settings& s) -> Slot { return &s.passwords.min_length; }, 8, 64},
    Key{"passwords.argon2_memory_kib", "Memory of one password hash. At least 7168 on a public listener.",
        [](Settings& s) -> Slot { return &s.passwords.argon2_memory_kib; }, 8, 1'048'576},
    Key{"passwords.argon2_passes", "Passes of one password hash.",
        [](Settings& s) -> Slot { return &s.passwords.argon2_passes; }, 1, 16},

    Key{"sessions.cache_entries", "Live sessions and tokens kept in memory.",
        [](Settings& s) -> Slot { return &s.sessions.cache_entries; }, 1'000, 100'000'000},
    Key{"sessions.cookie_domain",
        "`Domain` of session cookies; empty: the origin's host alone.",
        [](Settings& s) -> Slot { return &s.sessions.cookie_domain; },
        0,
        253,
        {},
        Shape::host_name},

    Key{"mobile.create_failure_status", "Status of `something went wrong` at registration.",
        [](Settings& s) -> Slot { return &s.mobile.create_failure_status; }, 200, 503, "200|500|503"},

    Key{"envelope.shape",
        "`seed`: register without `result`, `{}` where there is nothing to tell; `list`: `[]` everywhere.",
        [](Settings& s) -> Slot { return &s.envelope.shape; }, 0, 0, "seed|list"},
    Key{"envelope.min_client_version",
        "Oldest `X-Client-Version` that is served, such as `2.10`; older ones get error 53. Empty: any.",
        [](Settings& s) -> Slot { return &s.envelope.min_client_version; }, 0, 32},

    Key{"djoser.profile",
        "`seed`: `email password re_password`, sign-in by `username` or `email`; `email`: by `email` alone; `default`: "
        "stock `auth.User`, sign-in by `username`.",
        [](Settings& s) -> Slot { return &s.djoser.profile; }, 0, 0, "seed|email|default"},
    Key{"djoser.prefix",
        "Where the routes begin.",
        [](Settings& s) -> Slot { return &s.djoser.prefix; },
        2,
        100,
        {},
        Shape::path},
    Key{"djoser.language", "Of error texts; `negotiate`: by `Accept-Language`.",
        [](Settings& s) -> Slot { return &s.djoser.language; }, 0, 0, "en|ru|negotiate"},
    Key{"djoser.activation",
        "Whether new accounts and changed addresses wait until a mailed link is followed; `profile`: `on` but for the "
        "profile `default`.",
        [](Settings& s) -> Slot { return &s.djoser.activation; }, 0, 0, "profile|on|off"},
    Key{"djoser.confirmation_mail", "Whether a letter says that a new account is ready.",
        [](Settings& s) -> Slot { return &s.djoser.confirmation_mail; }},
    Key{"djoser.profile_fields", "What people may tell of themselves beside their e-mail.",
        [](Settings& s) -> Slot { return &s.djoser.profile_fields; }, 0, 4, "first_name|last_name|middle_name|phone"},
    Key{"djoser.activation_url",
        "Where activation links point: a path of ours, which then shows the page, or a page of yours.",
        [](Settings& s) -> Slot { return &s.djoser.activation_url; },
        13,
        300,
        {},
        Shape::link},
    Key{"djoser.password_reset_confirm_url",
        "The same for links that set a new password.",
        [](Settings& s) -> Slot { return &s.djoser.password_reset_confirm_url; },
        13,
        300,
        {},
        Shape::link},
    Key{"djoser.username_reset_confirm_url",
        "The same for links that set a new username, or in the profile `email` a new address.",
        [](Settings& s) -> Slot { return &s.djoser.username_reset_confirm_url; },
        13,
        300,
        {},
        Shape::link},
    Key{"djoser.logout", "Which tokens `token/logout` ends: the presented one, or all of the account.",
        [](Settings& s) -> Slot { return &s.djoser.logout; }, 0, 0, "presented|all"},
    Key{"djoser.token_lifetime", "How long a token lives, however much it is used.",
        [](Settings& s) -> Slot { return &s.djoser.token_lifetime; }, an_hour, ten_years},
    Key{"djoser.token_idle", "How long a token lives without being used.",
        [](Settings& s) -> Slot { return &s.djoser.token_idle; }, an_hour, ten_years},
    Key{"djoser.jwt_algorithm",
        "Of the keys that sign JWTs. `HS256`: this server alone can verify them; else the public keys are at "
        "`/.well-known/jwks.json`.",
        [](Settings& s) -> Slot { return &s.djoser.jwt_algorithm; }, 0, 0, "HS256|ES256|EdDSA"},
    Key{"djoser.jwt_access_lifetime", "How long an access token lives.",
        [](Settings& s) -> Slot { return &s.djoser.jwt_access_lifetime; }, 10'000, a_day},
    Key{"djoser.jwt_refresh_lifetime", "How long a refresh token lives; each refresh gives the next one.",
        [](Settings& s) -> Slot { return &s.djoser.jwt_refresh_lifetime; }, 60'000, 180 * a_day},
    Key{"djoser.jwt_key_period", "After which time the next signing key is made by itself.",
        [](Settings& s) -> Slot { return &s.djoser.jwt_key_period; }, a_day, 730 * a_day},

    Key{"oauth.password_grant",
        "Whether clients may send people's passwords to `token/` (the grant `password`). RFC 9700 says that they must "
        "not.",
        [](Settings& s) -> Slot { return &s.oauth.password_grant; }},
    Key{"oauth.access_lifetime", "How long an access token of a client lives.",
        [](Settings& s) -> Slot { return &s.oauth.access_lifetime; }, 60'000, 30 * a_day},
    Key{"oauth.refresh_lifetime",
        "How long a refresh token of a client lives; each refresh gives the next one, for 180 days in all.",
        [](Settings& s) -> Slot { return &s.oauth.refresh_lifetime; }, an_hour, 180 * a_day},

    Key{"social.link_verified_email",
        "Whether who comes by a provider for the first time is connected to the account that has verified their "
        "address. `authoritative`: if the mailbox is the provider's own and nothing but that mailbox opens the "
        "account.",
        [](Settings& s) -> Slot { return &s.social.link_verified_email; }, 0, 0, "never|authoritative"},
    Key{"social.redirect_uris",
        "Pages and apps of yours to which providers may send people that sign in through `o/{provider}/`, to the "
        "letter, such as `https://app.example.org/cb`. Empty: none.",
        [](Settings& s) -> Slot { return &s.social.redirect_uris; }, 0, 64},

    Key{"cors.origins",
        "Origins of web apps elsewhere whose scripts may call the routes that take tokens, such as "
        "`https://app.example.org`. Empty: none.",
        [](Settings& s) -> Slot { return &s.cors.origins; },
        0,
        64,
        {},
        Shape::origin},
};

constexpr std::array outbound{
    Key{"outbound.allowed_networks",
        "Networks with special addresses (private, loopback and so on) that providers may be asked at, as for one of "
        "your own in the next rack. Empty: none.",
        [](Settings& s) -> Slot { return &s.outbound.allowed_networks; }},
    Key{"outbound.ca_file",
        "PEM file of the authorities whose certificates providers may show, instead of the system's.",
        [](Settings& s) -> Slot { return &s.outbound.ca_file; }, 0, 4096},

    Key{"log.level", "Least important event that is logged.", [](Settings& s) -> Slot { return &s.log.level; }, 0, 0,
        "debug|info|warning|error"},
    Key{"log.file", "Where the log goes instead of standard error; opened again on SIGHUP.",
        [](Settings& s) -> Slot { return &s.log.file; }, 0, 4096},
};

constexpr auto table = []<std::size_t... provider>(std::index_sequence<provider...>) {
  return joined(general, provider_keys<provider>()..., outbound);
}(std::make_index_sequence<provider_names.size()>{});

}  // namespace

std::span<const Key> keys() { return table; }

const Key* find_key(std::string_view path) {
  const auto found = std::ranges::find(table, path, &Key::path);
  return found == table.end() ? nullptr : &*found;
}

const Key& nearest_key(std::string_view path) {
  const auto name = [](std::string_view of) { return of.substr(of.rfind('.') + 1); };
  // The right name in the wrong section is one mistake, however different the sections' names are.
  const auto distance = [&](const Key& key) {
    return std::min(edit_distance(path, key.path), 1 + edit_distance(name(path), name(key.path)));
  };
  return *std::ranges::min_element(table, {}, distance);
}

}  // namespace propusk::config
