// Starts the composition of cli/application with test settings and runs operators' verbs on its control thread.
#include "tests/support/test_server.hpp"

#include <stdexcept>
#include <utility>

#include "core/admin/credential_administration.hpp"
#include "core/refusal.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

template <class T>
T granted(core::Result<T> result) {
  if (!result) throw std::runtime_error("refused: " + std::string(core::refusal_name(result.error().why)));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace

config::Settings test_settings() {
  config::Settings settings;
  settings.server.listen.port = 0;
  settings.server.threads = 2;
  settings.server.metrics_listen.reset();
  settings.passwords.argon2_memory_kib = 8;
  settings.passwords.argon2_passes = 1;
  settings.log.level = config::LogLevel::error;
  return settings;
}

TestServer::TestServer(const config::Settings& settings, std::unique_ptr<Random> random)
    : random_(random ? std::move(random) : std::make_unique<SeededRandom>()), settings_(settings) {
  restart();
}
TestServer::TestServer(const config::Settings& settings, providers::Fetcher& fetcher)
    : random_(std::make_unique<SeededRandom>()), settings_(settings), fetcher_(&fetcher) {
  restart();
}
TestServer::~TestServer() = default;

void TestServer::restart() {
  application_.reset();
  settings_.store.url = directory_.url();
  settings_.store.connections = 3;
  settings_.store.statement_timeout = stores::testing::busy_machine_patience;
  application_ = std::make_unique<cli::Application>(settings_, directory_.path(),
                                                    cli::Surroundings{clock_, *random_, {}, false, fetcher_});
  application_->start();
}

core::Operator TestServer::as_operator() { return {.name = "operator test", .deadline = clock_.monotonic() + 20s}; }

core::Client TestServer::create_client(core::NewClient wanted) {
  if (wanted.kind == core::ClientKind::confidential) wanted.secret = Secret<>(client_secret);
  return granted(application_->wait_for(
                     core::create_client(std::move(wanted), as_operator(), application_->administration())))
      .client;
}

core::Account TestServer::account(const std::string& username) {
  return granted(application_->wait_for(core::find_account(username, as_operator(), application_->administration())));
}
void TestServer::create_account(const std::string& username, const std::string& password) {
  granted(application_->wait_for(
      core::create_account({.username = username, .email = username + "@example.test", .password = Secret<>(password)},
                           as_operator(), application_->administration())));
}
void TestServer::disable_account(const std::string& username) {
  granted(application_->wait_for(
      core::disable_account(account(username).id, as_operator(), application_->administration())));
}
void TestServer::enable_account(const std::string& username) {
  granted(application_->wait_for(
      core::enable_account(account(username).id, as_operator(), application_->administration())));
}
void TestServer::delete_account(const std::string& username) {
  granted(application_->wait_for(
      core::delete_account(account(username).id, as_operator(), application_->administration())));
}
void TestServer::set_password(const std::string& username, const std::string& password) {
  granted(application_->wait_for(
      core::set_password(account(username).id, Secret<>(password), as_operator(), application_->administration())));
}
std::vector<core::AuditEvent> TestServer::audit(const std::string& username) {
  return granted(application_->wait_for(
      core::list_audit(account(username).id, 1000, as_operator(), application_->administration())));
}
std::size_t TestServer::live_sessions(const std::string& username) {
  return granted(application_->wait_for(core::list_credentials(account(username).id, core::CredentialFamily::session,
                                                               as_operator(), application_->administration())))
      .size();
}

}  // namespace propusk::testing
