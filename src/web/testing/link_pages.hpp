// LinkPages: the pages over a real store, without a server; accounts and links are put there as a test wants them.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/testing/fake_clock.hpp"
#include "core/accounts/new_account.hpp"
#include "core/passwords/testing/plain_hasher.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"
#include "web/web.hpp"

namespace propusk::web::testing {

/// Nobody vouches for anybody.
class NoProviders final : public core::ProviderGateway {
 public:
  [[nodiscard]] std::span<const core::OfferedProvider> offered() const override { return {}; }
  Task<core::ProviderResult<core::VouchedIdentity>> vouch_for_token(std::string, Secret<>, Deadline) override {
    co_return std::unexpected(core::ProviderFailure::not_offered);
  }
  Task<core::ProviderResult<std::string>> authorization_url(std::string, core::AuthorizationQuestion,
                                                            Deadline) override {
    co_return std::unexpected(core::ProviderFailure::not_offered);
  }
  Task<core::ProviderResult<core::VouchedIdentity>> vouch_for_code(std::string, core::AuthorizationAnswer,
                                                                   Deadline) override {
    co_return std::unexpected(core::ProviderFailure::not_offered);
  }
};

/// The reply of one request; the coroutine ends within it.
inline Task<bool> answer(const http::MountedRoute* route, const http::Request* request, http::Reply* reply) {
  co_await route->waiting(*route, *request, *reply);
  co_return true;
}

class LinkPages : public ::testing::Test {
 protected:
  core::OutboxDeps outbox() { return {*store, limits, clock, random, settings}; }
  core::SignInDeps sign_in() {
    return {{*store, live, limits, clock, random}, hasher, outcomes.sign_ins, outbox(), "web", true};
  }
  Web make_web() {
    return {.recovery = {outbox(), hasher, policy, outcomes.recoveries_asked, outcomes.recoveries},
            .profile = {sign_in(), outbox(), policy, outcomes.profile_edits},
            .activation = {outbox(), outcomes.activations_asked, outcomes.activations},
            .outbox = outbox(),
            .registration = {*store, hasher, limits, clock, random, policy, outcomes.registrations, "web", settings},
            .clients = {*store, live.clients()},
            .social = {sign_in(), providers, outcomes.provider_sign_ins, outcomes.connections, outcomes.disconnections},
            .gateway = providers,
            .gate = {"https://id.example.org", {}, false},
            .site_name = "id.example.org",
            .clock = clock,
            .random = random,
            .captured_mail = {}};
  }
  void SetUp() override { mount(router, web); }

  Deadline soon() { return clock.monotonic() + seconds{20}; }
  /// Asks as a browser does; status, or 0 if nothing is there.
  int ask(http::Method method, std::string_view path, std::string_view body = "",
          std::string_view site = "same-origin") {
    http::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Sec-Fetch-Site", site}};
    request.caller.deadline = soon();
    reply.clear();
    const http::Router::Found found = router.find(request);
    if (!found.route) return 0;
    if (found.route->plain)
      found.route->plain(*found.route, request, reply);
    else
      stores::testing::run(answer(found.route, &request, &reply));
    return reply.status;
  }
  int get(std::string_view path) { return ask(http::Method::get, path); }
  int post(std::string_view path, std::string_view body = "") { return ask(http::Method::post, path, body); }
  [[nodiscard]] bool says(std::string_view words) const { return reply.body().find(words) != std::string::npos; }
  [[nodiscard]] bool leads_to(std::string_view path) const {
    return reply.lines().find("\r\nLocation: " + std::string(path) + "\r\n") != std::string::npos;
  }

  core::Account have(core::AccountState state, const std::string& email = "ann@example.org", std::int64_t id = 7) {
    core::Account account = core::new_account(
        {.username = "ann" + std::to_string(id), .email = email, .password_hash = "-", .claims_email = true},
        clock.now());
    account.id = core::AccountId{id};
    if (state == core::AccountState::pending)
      account = core::as_pending(std::move(account), clock.now());
    else
      account.state = state;
    const auto done = stores::testing::run(store->write(
        [account](core::Transaction& t) -> core::Result<core::Inserted> { return t.accounts().insert(account); },
        soon()));
    EXPECT_EQ(*done, core::Inserted::yes);
    return account;
  }
  /// The two parts of a link as its path holds them: "Nw/<secret>".
  std::string link(core::LinkPurpose purpose, const core::Account& account, const std::string& email) {
    const Secret<> secret = core::new_link_secret(random);
    const core::Link made{.digest = sha256(secret.reveal()),
                          .purpose = purpose,
                          .account = account.id,
                          .epoch = account.epoch,
                          .email = email,
                          .created_at = clock.now(),
                          .expires_at = clock.now() + core::row_of(purpose).lifetime,
                          .used_at = {}};
    std::ignore = stores::testing::run(store->write(
        [made](core::Transaction& t) -> core::Result<bool> {
          t.links().insert(made);
          return true;
        },
        soon()));
    return core::uid_of(account.id) + "/" + secret.reveal();
  }
  std::string link(core::LinkPurpose purpose, const core::Account& account) {
    return link(purpose, account, account.email);
  }
  std::optional<core::Account> stored(std::int64_t id = 7) {
    return stores::testing::run(
        store->read([id](const core::Transaction& t) { return t.accounts().find(core::AccountId{id}); }, soon()));
  }

  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  core::Limits limits{{}, clock, random};
  core::OutboxSettings settings;
  core::Outcomes outcomes;
  core::PasswordPolicy policy;
  NoProviders providers;
  core::LiveCredentials live{1'000};
  core::testing::PlainHasher hasher;
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
  http::Router router;
  http::Reply reply;
  Web web = make_web();
};

}  // namespace propusk::web::testing
