// Opens the store and starts the hashing pool as the settings say.
#include "cli/foundations.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/outage.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/scheduling.hpp"

namespace propusk::cli {
namespace {
stores::OpenOptions store_options(const config::Settings& settings, const stores::DataDirectory& directory,
                                  FoundationsDeps& deps) {
  stores::OpenOptions options;
  options.directory = directory.path();
  if (settings.store.is_server()) {
    options.url = settings.store.url;
    options.node = directory.node(deps.random);
  } else {
    options.file = std::filesystem::absolute(settings.store.file(directory.path()));
  }
  options.connections = settings.store.connections;
  options.statement_timeout = settings.store.statement_timeout;
  options.on_elsewhere = std::move(deps.on_elsewhere);
  options.start_thread = [](const char* name, std::function<void()> body) {
    return std::thread([name, body = std::move(body)] {
      platform::name_thread(name);
      body();
    });
  };
  options.log = [&log = deps.log](stores::LogLevel level, std::string_view line) {
    switch (level) {
      case stores::LogLevel::info: return log.info("store", line);
      case stores::LogLevel::warning: return log.warning("store", line);
      case stores::LogLevel::error: return log.error("store", line);
    }
  };
  return options;
}

/// The only line of the file. Throws Outage with what to do.
Secret<> password_in(const std::string& file) {
  if (file.empty()) return {};
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty())
    throw Outage("mail", "mail.smtp_password_file: no password can be read from " + file);
  return Secret<>(std::move(line));
}

platform::SmtpSettings smtp_settings(const config::Settings::Mail& mail) {
  platform::SmtpSettings out{.routes = {},
                             .password = password_in(mail.smtp_password_file),
                             .requires_tls = mail.smtp_tls == config::MailTls::required,
                             .ca_file = mail.smtp_ca_file,
                             .answer_timeout = mail.smtp_timeout};
  out.routes.push_back({Secret<>(mail.smtp_url)});
  for (const std::string& url : mail.smtp_fallback_urls) out.routes.push_back({Secret<>(url)});
  return out;
}

platform::MailTransport transport_of(config::MailTransport transport) {
  switch (transport) {
    case config::MailTransport::smtp: return platform::MailTransport::smtp;
    case config::MailTransport::maildir: return platform::MailTransport::maildir;
    case config::MailTransport::log: return platform::MailTransport::log;
  }
  return platform::MailTransport::maildir;
}

platform::MailerSettings mailer_settings(const Foundations& on, const Foundations::MailerPlace& place) {
  const config::Settings& settings = on.settings;
  const std::uint16_t port = place.port ? place.port : settings.server.listen.port;
  platform::MailerSettings out;
  out.transport = place.stays_here ? platform::MailTransport::maildir : transport_of(settings.mail.transport);
  out.from = config::mail_from_of(settings, port);
  out.site_name = config::site_name_of(settings.server, port);
  out.origin = config::origin_of(settings.server, port);
  out.maildir = on.directory.path() / "mail";
  out.templates = settings.mail.templates;
  if (out.transport == platform::MailTransport::smtp) out.smtp = smtp_settings(settings.mail);
  out.capture = place.capture;
  out.log = [&log = on.log](std::string_view line) { log.info("mail.written", line); };
  return out;
}

core::SigningAlgorithm algorithm_of(config::JwtAlgorithm algorithm) {
  switch (algorithm) {
    case config::JwtAlgorithm::hs256: return core::SigningAlgorithm::hs256;
    case config::JwtAlgorithm::es256: return core::SigningAlgorithm::es256;
    case config::JwtAlgorithm::eddsa: return core::SigningAlgorithm::eddsa;
  }
  return core::SigningAlgorithm::hs256;
}

core::KeyPolicy key_policy_of(const config::Settings::Djoser& djoser) {
  return {.algorithm = algorithm_of(djoser.jwt_algorithm),
          .period = djoser.jwt_key_period,
          .longest_token = std::max(djoser.jwt_access_lifetime, djoser.jwt_refresh_lifetime)};
}

platform::HashingPoolSettings hashing_settings(const config::Settings& settings) {
  return {.cost = {.memory_kib = static_cast<std::uint32_t>(settings.passwords.argon2_memory_kib),
                   .passes = static_cast<std::uint32_t>(settings.passwords.argon2_passes)}};
}
}  // namespace

Foundations::Foundations(const config::Settings& s, stores::DataDirectory owned, FoundationsDeps deps)
    : settings(s),
      log(deps.log),
      mail_context(deps.mail_context),
      clock(deps.clock),
      random(deps.random),
      directory(std::move(owned)),
      policy{.min_length = settings.passwords.min_length},
      key_policy(key_policy_of(settings.djoser)),
      ring(platform::open_key_file(directory.path() / "keys" / "sealing.key", random), random),
      live(settings.sessions.cache_entries),
      store(stores::open(store_options(settings, directory, deps), live, clock, random)),
      hasher(hashing_settings(settings), random, clock) {
  if (!hasher.arena_in_use())
    log.warning("hashing.plain",
                "the hashing arena is not in effect: passwords are hashed by plain libsodium, 2 to 3 times slower");
}

Foundations::~Foundations() = default;

platform::ComposingMailer& Foundations::open_mailer(const MailerPlace& place) {
  if (!mailer) mailer = std::make_unique<platform::ComposingMailer>(mailer_settings(*this, place), mail_context, clock);
  return *mailer;
}

}  // namespace propusk::cli
