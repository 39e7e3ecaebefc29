// The wiring diagram of the server: foundations, core, dialects, listeners, control, upkeep, metrics.
#include "cli/application.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/bug.hpp"
#include "base/outage.hpp"
#include "base/version.hpp"
#include "cli/control_socket.hpp"
#include "cli/dialects.hpp"
#include "cli/foundations.hpp"
#include "cli/metrics_sources.hpp"
#include "cli/monitoring.hpp"
#include "cli/operations.hpp"
#include "cli/outbox_worker.hpp"
#include "cli/provider_settings.hpp"
#include "cli/upkeep_worker.hpp"
#include "core/limits/limits.hpp"
#include "http/server.hpp"
#include "platform/jose/public_keys.hpp"
#include "platform/outbound/curl_fetcher.hpp"
#include "platform/scheduling.hpp"
#include "providers/gateway.hpp"

namespace propusk::cli {
namespace {
constexpr seconds mail_patience{5};       // for attempts under way; what is cut is tried again after the start
constexpr seconds operator_patience{60};  // an operator's command waits out a full hashing queue

core::Allowance allowance(const config::Settings::Allowance& configured) {
  return {.burst = static_cast<std::uint32_t>(configured.burst), .refill = configured.refill};
}

core::LimitSettings limit_settings(const config::Settings::Limits& limits) {
  return {.enabled = limits.enabled,
          .failures_per_account_and_prefix = allowance(limits.failures_per_account_and_prefix),
          .failures_per_account = allowance(limits.failures_per_account),
          .failures_per_prefix = allowance(limits.failures_per_prefix),
          .sign_ins_per_account_and_prefix = allowance(limits.sign_ins_per_account_and_prefix),
          .registrations_per_prefix = allowance(limits.registrations_per_prefix),
          .unknown_secrets_per_prefix = allowance(limits.unknown_secrets_per_prefix),
          .mail_requests_per_prefix = allowance(limits.mail_requests_per_prefix),
          .changes_per_account = allowance(limits.changes_per_account)};
}

core::OutboxSettings outbox_settings(const config::Settings& settings) {
  return {.caps = settings.limits.enabled,
          .notify_new_device = settings.mail.notify_new_device,
          .notify_password_changed = settings.mail.notify_password_changed,
          .notify_email_changed = settings.mail.notify_email_changed,
          .notify_identities = settings.mail.notify_identities,
          .links = {}};
}

http::ServerSettings listener(const config::Settings& settings, const Surroundings& surroundings) {
  http::ServerSettings out;
  out.host = settings.server.listen.host;
  out.port = settings.server.listen.port;
  out.inherited_socket = surroundings.inherited_socket;
  out.threads = settings.server.threads ? static_cast<unsigned>(settings.server.threads)
                                        : std::max(1U, std::thread::hardware_concurrency());
  if (!settings.server.tls_certificate.empty()) out.tls = {settings.server.tls_certificate, settings.server.tls_key};
  out.trusted_proxies = settings.server.trusted_proxies;
  out.header_deadline = settings.limits.header_deadline;
  out.body_deadline = settings.limits.body_deadline;
  out.request_deadline = settings.limits.request_deadline;
  out.idle_deadline = settings.limits.idle_deadline;
  out.drain_deadline = settings.limits.drain_deadline;
  out.header_limit = settings.limits.header_bytes;
  out.connections = settings.limits.connections;
  out.connections_per_prefix = settings.limits.connections_per_prefix;
  out.refuses_plain_http = !settings.server.listen.is_loopback();
  out.on_thread_start = [] {
    platform::name_thread("io");
    platform::ask_for_short_slice();
  };
  return out;
}

http::ServerSettings monitoring_listener(const config::Settings& settings) {
  http::ServerSettings out;
  out.host = settings.server.metrics_listen->host;
  out.port = settings.server.metrics_listen->port;
  out.connections = 64;  // probes and scrapers
  out.on_thread_start = [] { platform::name_thread("monitoring"); };
  return out;
}

platform::LogLevel log_level(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::debug: return platform::LogLevel::debug;
    case config::LogLevel::info: return platform::LogLevel::info;
    case config::LogLevel::warning: return platform::LogLevel::warning;
    case config::LogLevel::error: return platform::LogLevel::error;
  }
  return platform::LogLevel::info;
}

platform::LogSettings log_settings(const config::Settings::Log& log) {
  platform::LogSettings out{.level = log_level(log.level), .file = {}};
  if (!log.file.empty()) out.file = log.file;
  return out;
}

/// Operators hear of a provider that stops answering, and when it is back.
platform::FetcherSettings fetcher_settings(const config::Settings::Outbound& outbound, platform::Log& log) {
  return {.allowed = outbound.allowed_networks,
          .ca_file = outbound.ca_file,
          .on_opened =
              [&log](const std::string& host, const std::string& why) {
                log.warning("outbound.opened", "this host fails every time and is left alone for a while",
                            {{"server.address", host}, {"error.message", why}});
              },
          .on_closed =
              [&log](const std::string& host) {
                log.info("outbound.closed", "this host answers again", {{"server.address", host}});
              },
          .on_forbidden =
              [&log](const std::string& host, const std::string& address) {
                log.warning("outbound.forbidden",
                            "the name leads to a special address, which is never asked; if it is yours, add it to "
                            "outbound.allowed_networks",
                            {{"server.address", host}, {"network.peer.address", address}});
              }};
}

stores::DataDirectory take(const std::filesystem::path& path) {
  auto directory = stores::DataDirectory::take(path);
  if (!directory) throw Outage("data directory", directory.error().sentence);
  return std::move(*directory);
}

/// Turns what the server notices into log lines.
class LoggingObserver final : public http::ServerObserver {
 public:
  explicit LoggingObserver(platform::Log& log) : log_(log) {}
  void outage(std::string_view route, const http::Request& request, std::string_view what) override {
    log_.error("request.outage", what, {{"http.route", route}, {"client.ip", request.caller.address.to_string()}});
  }
  void bug(std::string_view route, const http::Request&, std::string_view what) override {
    log_.error("request.bug", what, {{"http.route", route}});
  }
  void untrusted_forwarded(const ClientAddress& peer) override {
    log_.warning("proxy.untrusted",
                 "X-Forwarded-For came from a peer that is not in server.trusted_proxies and was ignored; add it if it "
                 "is your proxy",
                 {{"client.ip", peer.to_string()}});
  }

 private:
  platform::Log& log_;
};
}  // namespace

struct Application::Inside {
  Inside(const config::Settings& s, const std::filesystem::path& data_directory, Surroundings around)
      : settings(s),
        surroundings(around),
        log(log_settings(s.log), around.clock),
        observer(log),
        foundations(settings, take(data_directory),
                    {log, around.clock, around.random, mail_context,
                     [this](const stores::Elsewhere& changed) { read_again(changed); }}),
        limits(limit_settings(s.limits), around.clock, around.random, foundations.store->shared_buckets()),
        outbox_settings(cli::outbox_settings(s)),
        fetcher(fetcher_settings(s.outbound, log), around.clock),
        gateway(provider_settings(s), gateway_deps()),
        metrics(std::string(version)) {
    std::function<std::vector<web::Captured>()> inbox;
    if (around.is_dev) inbox = [this] { return captured_mail(); };
    dialects.emplace(DialectsDeps{settings, foundations, limits, outcomes, outbox_settings, gateway}, std::move(inbox));
    http::Router routes;
    mount_dialects(routes);
    server.emplace(listener(s, around), std::move(routes), around.clock, observer);
    settle_on(server->port());
    worker.emplace(outbox(), *foundations.mailer, log);

    add_sources(metrics, {*server, foundations, limits, outcomes, log, *worker, fetcher, gateway});
    if (s.server.metrics_listen) {
      http::Router probes;
      mount(probes, monitoring);
      monitor.emplace(monitoring_listener(s), std::move(probes), around.clock, observer);
    }
  }

  /// Two settings may put two routes on one path: that is told as a mistake of the settings.
  void mount_dialects(http::Router& routes) {
    try {
      dialects->mount(routes);
    } catch (const Bug& collision) {
      throw Outage("djoser.prefix and the djoser.…_url settings",
                   std::string("they lead to a path that is taken, choose others: ") + collision.what());
    }
  }

  /// What is only known once the port is bound.
  void settle_on(std::uint16_t port) {
    const std::string origin = config::origin_of(settings.server, port);
    dialects->settle_on(origin, config::site_name_of(settings.server, port));
    const config::Settings::Djoser& djoser = settings.djoser;
    outbox_settings.links = {.recovery = origin + web::recovery_link_path,
                             .email_change = origin + web::email_change_link_path,
                             .activation = config::link_url(djoser.activation_url, origin),
                             .password_reset = config::link_url(djoser.password_reset_confirm_url, origin),
                             .username_reset = config::link_url(djoser.username_reset_confirm_url, origin),
                             .email_undo = origin + web::email_undo_link_path};
    constexpr std::size_t inbox = 200;  // messages of a day of development
    foundations.open_mailer(
        {.port = port, .capture = surroundings.is_dev ? inbox : 0, .stays_here = surroundings.is_dev});
  }

  providers::GatewayDeps gateway_deps() {
    return {.fetcher = surroundings.fetcher ? *surroundings.fetcher : fetcher,
            .public_keys = public_keys,
            .clock = surroundings.clock,
            .on_failure = [this](std::string_view provider, core::ProviderFailure failure, std::string_view why) {
              const platform::Field of{"provider.name", provider};
              const platform::Field type{"error.type", core::provider_failure_name(failure)};
              // Anybody can bring a token that is none: that is no news.
              if (failure == core::ProviderFailure::token_refused)
                log.debug("provider.refused", why, {of, type});
              else
                log.warning("provider.failed", why, {of, type});
            }};
  }
  core::OutboxDeps outbox() {
    return {*foundations.store, limits, surroundings.clock, surroundings.random, outbox_settings};
  }
  std::vector<web::Captured> captured_mail() {
    std::vector<web::Captured> out;
    for (platform::CapturedMail& mail : foundations.mailer->captured())
      out.push_back({std::move(mail.id), std::move(mail.kind), std::move(mail.recipient), std::move(mail.subject),
                     std::move(mail.text), std::move(mail.html), mail.at});
    return out;
  }

  /// Another node may have changed what is kept in memory whole; called from the store's threads, from its opening on.
  void read_again(const stores::Elsewhere& changed) {
    if (changed.clients) boost::asio::post(control, [this] { in_background(core::load_clients, clients()); });
    if (changed.keys) boost::asio::post(control, [this] { in_background(core::tend_keys, foundations.keys()); });
  }
  template <class Deps>
  void in_background(Task<void> (*what)(Deadline, Deps), Deps deps) {
    boost::asio::co_spawn(control, what(surroundings.clock.monotonic() + operator_patience, deps),
                          [this](std::exception_ptr failed) { log_outage(failed); });
  }
  void log_outage(const std::exception_ptr& failed) {
    try {
      if (failed) std::rethrow_exception(failed);
    } catch (const Outage& outage) {
      log.warning("upkeep.failed", outage.what());
    }
  }

  core::ClientDeps clients() { return {*foundations.store, foundations.live.clients()}; }
  core::UpkeepDeps upkeep() {
    return {*foundations.store, foundations.live, limits, surroundings.clock, surroundings.random};
  }

  Task<boost::json::object> operate(boost::json::object request, unsigned uid) {
    core::Operator by{.name = operator_name(uid), .deadline = surroundings.clock.monotonic() + operator_patience};
    return perform({.request = std::move(request), .by = std::move(by)}, foundations.administration());
  }

  void open_control_socket() {
    control_socket.emplace(
        control, ControlSettings{.path = foundations.directory.path() / "control.sock"},
        [this](boost::json::object request, unsigned uid) { return operate(std::move(request), uid); },
        [this](std::string_view line) { log.warning("control.refused", line); });
  }

  const config::Settings settings;
  const Surroundings surroundings;
  platform::Log log;
  LoggingObserver observer;
  boost::asio::io_context control{1}, mail_context{1};
  boost::asio::executor_work_guard<Executor> control_runs{control.get_executor()};
  boost::asio::executor_work_guard<Executor> mail_runs{mail_context.get_executor()};
  std::thread control_thread, mail_thread;
  Foundations foundations;
  core::Limits limits;
  core::OutboxSettings outbox_settings;
  core::Outcomes outcomes;
  platform::CurlFetcher fetcher;
  platform::JosePublicKeys public_keys;
  providers::Gateway gateway;
  std::optional<Dialects> dialects;
  std::optional<OutboxWorker> worker;
  platform::Metrics metrics;
  std::atomic<bool> is_ready{false};
  Monitoring monitoring{metrics, [this] { return is_ready && foundations.store->figures().reachable; }};
  std::optional<http::Server> server, monitor;
  std::optional<ControlSocket> control_socket;
  bool stopped = false;
};

Application::Application(const config::Settings& settings, const std::filesystem::path& data_directory,
                         Surroundings surroundings)
    : inside_(std::make_unique<Inside>(settings, data_directory, surroundings)) {}

Application::~Application() { stop(); }

void Application::start() {
  Inside& in = *inside_;
  in.open_control_socket();
  start_upkeep(in.control, in.upkeep(), in.log);
  start_tending_keys(in.control, in.foundations.keys(), in.log);
  in.control_thread = std::thread([&in] {
    platform::name_thread("control");
    in.control.run();
  });
  // Before the first request: whoever signs in may need a key.
  wait_for(core::tend_keys(in.surroundings.clock.monotonic() + operator_patience, in.foundations.keys()));
  wait_for(core::load_clients(in.surroundings.clock.monotonic() + operator_patience, in.clients()));
  in.worker->start(in.mail_context);
  in.mail_thread = std::thread([&in] {
    platform::name_thread("mail");
    in.mail_context.run();
  });
  in.fetcher.start();
  in.server->start();
  if (in.monitor) in.monitor->start();
  in.is_ready = true;
  in.log.info("server.started", in.surroundings.is_dev ? "serving, in development mode" : "serving",
              {{"url.full", config::origin_of(in.settings.server, in.server->port())},
               {"data.directory", in.foundations.directory.path().string()},
               {"hashing.arena", in.foundations.hasher.arena_in_use()},
               {"hashing.threads", in.foundations.hasher.threads()}});
}

std::uint16_t Application::port() const { return inside_->server->port(); }
std::uint16_t Application::monitoring_port() const {
  return inside_->monitor ? inside_->monitor->port() : std::uint16_t{0};
}
core::AdministrationDeps Application::administration() { return inside_->foundations.administration(); }
boost::asio::io_context& Application::control() { return inside_->control; }

bool Application::is_broken() const { return inside_->foundations.store->figures().broken; }

void Application::reload() {
  const auto log_problem = inside_->log.reopen();
  const bool speaks_tls = !inside_->settings.server.tls_certificate.empty();
  const auto tls_problem = speaks_tls ? inside_->server->reload_tls() : std::nullopt;
  if (log_problem) inside_->log.error("log.reopen", *log_problem);
  if (tls_problem) inside_->log.error("tls.reload", *tls_problem);
  if (!log_problem && !tls_problem) inside_->log.info("server.reloaded", "log and certificates were opened again");
}

bool Application::stop() {
  Inside& in = *inside_;
  if (std::exchange(in.stopped, true)) return true;
  in.is_ready = false;
  bool finished = true;
  if (in.mail_thread.joinable()) {  // the start got that far; one that failed has nothing to finish
    finished = in.server->drain();
    wait_for(last_upkeep(in.upkeep(), in.log));
    wait_on(in.mail_context, in.worker->stop(in.surroundings.clock.monotonic() + mail_patience));
    in.log.info("server.stopped",
                finished ? "every accepted request was finished" : "the drain deadline passed; what was left was cut");
  }
  in.server->stop();
  if (in.monitor) in.monitor->stop();
  in.control.stop();
  in.mail_context.stop();
  for (std::thread* thread : {&in.control_thread, &in.mail_thread})
    if (thread->joinable()) thread->join();
  in.control_socket.reset();
  // The pool, the fetcher and the store complete waiters on the servers' contexts, and what was cut there still refers
  // to limits: so the threads are gone first, then these three, then the contexts with what waits on them.
  in.foundations.hasher.stop();
  in.fetcher.stop();
  in.foundations.store.reset();
  in.server.reset();
  in.monitor.reset();
  return finished;
}

}  // namespace propusk::cli
