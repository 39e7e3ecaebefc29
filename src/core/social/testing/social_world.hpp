// SocialWorld: a real store with accounts and people at providers whom somebody vouches for: what tests of core/social
// begin with.
#pragma once
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/accounts/new_account.hpp"
#include "core/outbox/mail.hpp"
#include "core/passwords/testing/plain_hasher.hpp"
#include "core/social/connections.hpp"
#include "core/social/provider_sign_in.hpp"
#include "stores/contract/store_contract.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::core::testing {

using stores::testing::run;

/// A gateway that is never asked, and vouches for whomever a test wants.
class FreeGateway final : public ProviderGateway {
 public:
  using ProviderGateway::vouch;
  [[nodiscard]] std::span<const OfferedProvider> offered() const override { return offered_; }
  Task<ProviderResult<VouchedIdentity>> vouch_for_token(std::string, Secret<>, Deadline) override {
    co_return std::unexpected(ProviderFailure::not_offered);
  }
  Task<ProviderResult<std::string>> authorization_url(std::string, AuthorizationQuestion, Deadline) override {
    co_return std::unexpected(ProviderFailure::not_offered);
  }
  Task<ProviderResult<VouchedIdentity>> vouch_for_code(std::string, AuthorizationAnswer, Deadline) override {
    co_return std::unexpected(ProviderFailure::not_offered);
  }

 private:
  std::array<OfferedProvider, 1> offered_{OfferedProvider{.name = "google-oauth2", .label = "Google"}};
};

/// Vera at Google, whose mailbox there it is.
inline ProviderIdentity vera() {
  ProviderIdentity identity;
  identity.provider = "google-oauth2";
  identity.subject = "1000";
  identity.email = "vera@gmail.com";
  identity.email_trust = EmailTrust::authoritative;
  identity.username = "vera";
  identity.first_name = "Vera";
  identity.last_name = "Petrova";
  return identity;
}

class SocialWorld : public ::testing::Test {
 protected:
  static constexpr const char* password = "correct horse 7";

  /// An account with a password, and the address verified if there is one.
  AccountId have(std::int64_t id, const std::string& username, const std::string& email = "", bool is_verified = true) {
    Account made = new_account({.username = username,
                                .email = is_verified ? "" : email,
                                .password_hash = std::string("plain$") + password,
                                .claims_email = !is_verified},
                               clock.now());
    made.id = AccountId{id};
    write([=](Transaction& t) {
      EXPECT_EQ(t.accounts().insert(made), Inserted::yes);
      if (is_verified && !email.empty())
        EXPECT_EQ(t.accounts().set_verified_email(made.id, email, email_key(email)), Inserted::yes);
    });
    return made.id;
  }
  void take_password(AccountId id) {
    write([id, now = clock.now()](Transaction& t) { t.accounts().set_password(id, "", now); });
  }
  void connect(AccountId account, const std::string& provider, const std::string& subject,
               const std::string& mailbox = "", bool is_imported = false) {
    write([=, now = clock.now()](Transaction& t) {
      EXPECT_TRUE(t.social_links().insert({.provider = provider,
                                           .subject = subject,
                                           .account = account,
                                           .is_imported = is_imported,
                                           .display = "as told",
                                           .mailbox = mailbox,
                                           .created_at = now,
                                           .used_at = {}}));
    });
  }
  /// A sign-in of now. Returns who asks by it.
  Bearer sign_in(AccountId account, CredentialKind kind = CredentialKind::browser_session) {
    Credential made = stores::testing::credential("sign-in " + std::to_string(++sign_ins), 1);
    made.kind = kind;
    made.account = account;
    made.created_at = made.seen_at = clock.now();
    made.expires_at = clock.now() + std::chrono::hours{24};
    write([made](Transaction& t) { t.credentials().insert(made); });
    return {.account = account, .credential = made.digest, .kind = kind};
  }

  void write(const std::function<void(Transaction&)>& change) {
    ASSERT_TRUE(run(store->write(
        [change](Transaction& t) -> Result<bool> {
          change(t);
          return true;
        },
        Deadline::max())));
  }
  template <class Look>
  auto read(Look look) {
    return run(store->read(std::move(look), Deadline::max()));
  }
  Account account(AccountId id) {
    return read([id](const Transaction& t) { return t.accounts().find(id).value(); });
  }
  std::optional<SocialLink> link(const std::string& provider, const std::string& subject) {
    return read([=](const Transaction& t) { return t.social_links().find(provider, subject); });
  }
  /// `provider:subject` of an account's connections.
  std::vector<std::string> links(AccountId id) {
    std::vector<std::string> names;
    for (const SocialLink& each : read([id](const Transaction& t) { return t.social_links().list(id); }))
      names.push_back(each.provider + ":" + each.subject);
    return names;
  }
  /// What happened to an account, by name.
  std::vector<std::string> actions(AccountId id) {
    std::vector<std::string> names;
    for (const AuditEvent& event : read([id](const Transaction& t) { return t.audit().list(id, 1000); }))
      names.emplace_back(audit_action_name(event.action));
    std::ranges::sort(names);
    return names;
  }
  /// To whom letters of a kind wait.
  std::vector<std::string> told(MailKind kind) {
    std::vector<std::string> recipients;
    for (const Mail& mail :
         read([](const Transaction& t) { return t.outbox().list(std::nullopt, std::nullopt, 1000); }))
      if (mail.kind == kind) recipients.push_back(mail.recipient);
    return recipients;
  }

  SocialDeps deps() {
    const SessionDeps sessions{*store, live, limits, clock, random};
    const OutboxDeps outbox{*store, limits, clock, random, settings};
    return {.sign_in = {sessions, hasher, outcomes.sign_ins, outbox, "test", true},
            .gateway = gateway,
            .provider_sign_ins = outcomes.provider_sign_ins,
            .connections = outcomes.connections,
            .disconnections = outcomes.disconnections,
            .links_by_mailbox = links_by_mailbox};
  }

  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  LiveCredentials live{100};
  Limits limits{{}, clock, random};
  OutboxSettings settings;
  Outcomes outcomes;
  PlainHasher hasher;
  FreeGateway gateway;
  bool links_by_mailbox = true;
  int sign_ins = 0;
  const Caller caller{.address = {}, .user_agent = "", .deadline = Deadline::max()};
  stores::testing::TestPlace directory;
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
};

}  // namespace propusk::core::testing
