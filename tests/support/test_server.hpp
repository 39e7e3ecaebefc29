// TestServer: the real server in this process, on an ephemeral port and an empty store, with time and chance under
// control.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/testing/fake_clock.hpp"
#include "cli/application.hpp"
#include "config/settings.hpp"
#include "core/admin/administration.hpp"
#include "core/admin/client_administration.hpp"
#include "providers/fetch.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::testing {

inline constexpr const char* client_secret = "s3cret-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// Settings for tests: any free port, cheap hashes (8 KiB, 1 pass), no metrics listener.
config::Settings test_settings();

class TestServer {
 public:
  /// `random` replaces the seeded one.
  explicit TestServer(const config::Settings& settings = test_settings(), std::unique_ptr<Random> random = nullptr);
  /// Providers are asked through `fetcher`, which outlives the server.
  TestServer(const config::Settings& settings, providers::Fetcher& fetcher);
  ~TestServer();

  [[nodiscard]] std::uint16_t port() const { return application_->port(); }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] std::filesystem::path directory() const { return directory_.path(); }
  /// Stops the server and starts another on the same rows: what only memory knew is gone.
  void restart();
  void restart_with(const config::Settings& settings) {
    settings_ = settings;
    restart();
  }

  // What an operator does; each throws if it is refused.
  void create_account(const std::string& username, const std::string& password);
  void disable_account(const std::string& username);
  void enable_account(const std::string& username);
  void delete_account(const std::string& username);
  void set_password(const std::string& username, const std::string& password);
  core::Account account(const std::string& username);
  std::vector<core::AuditEvent> audit(const std::string& username);
  std::size_t live_sessions(const std::string& username);
  [[nodiscard]] cli::Application& application() { return *application_; }
  /// A client as an operator registers it, with the secret `client_secret` if it is confidential.
  core::Client create_client(core::NewClient wanted);
  [[nodiscard]] core::Operator as_operator();

 private:
  stores::testing::TestPlace directory_;
  FakeClock clock_;
  std::unique_ptr<Random> random_;
  config::Settings settings_;
  providers::Fetcher* fetcher_ = nullptr;
  std::unique_ptr<cli::Application> application_;
};

}  // namespace propusk::testing
