// Foundations: what the server and a direct command both stand on: the data directory, the store and the hashing pool.
#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "config/settings.hpp"
#include "core/admin/administration.hpp"
#include "core/keys/keys.hpp"
#include "core/passwords/password_policy.hpp"
#include "core/sessions/live_credentials.hpp"
#include "platform/hashing_pool.hpp"
#include "platform/jose/key_ring.hpp"
#include "platform/log.hpp"
#include "platform/mail/mailer.hpp"
#include "stores/data_directory.hpp"
#include "stores/open.hpp"

namespace propusk::cli {

struct FoundationsDeps {
  platform::Log& log;
  const Clock& clock;
  Random& random;
  boost::asio::io_context& mail_context;       ///< runs the mailer's conversations
  stores::OnElsewhere on_elsewhere = nullptr;  ///< called from the store's threads
};

/// Members are built in this order and end in the reverse one. Whoever waits on them runs on an io_context that
/// outlives this.
struct Foundations {
  /// `directory` is owned by this process; `settings` outlive this. Throws Outage with a sentence for the operator.
  Foundations(const config::Settings& settings, stores::DataDirectory directory, FoundationsDeps deps);
  ~Foundations();

  [[nodiscard]] core::AdministrationDeps administration() {
    return {.store = *store,
            .hasher = hasher,
            .clock = clock,
            .random = random,
            .policy = policy,
            .keys = keys(),
            .mailer = [this]() -> core::Mailer& { return open_mailer({}); }};
  }
  [[nodiscard]] core::KeyDeps keys() { return {*store, ring, clock, random, key_policy}; }
  struct MailerPlace {
    std::uint16_t port = 0;   ///< that was really bound; 0: the configured one
    std::size_t capture = 0;  ///< for the development inbox
    bool stays_here = false;  ///< --dev: whatever the transport, nothing leaves the machine
  };
  /// The mailer, made by the first call. Throws Outage when a template or the mail directory cannot be used.
  platform::ComposingMailer& open_mailer(const MailerPlace& place);

  const config::Settings& settings;
  platform::Log& log;
  boost::asio::io_context& mail_context;
  const Clock& clock;
  Random& random;
  stores::DataDirectory directory;
  core::PasswordPolicy policy;
  core::KeyPolicy key_policy;
  platform::JoseKeyRing ring;
  core::LiveCredentials live;
  std::unique_ptr<stores::OperatedStore> store;
  std::unique_ptr<platform::ComposingMailer> mailer;
  platform::HashingPool hasher;
};

}  // namespace propusk::cli
