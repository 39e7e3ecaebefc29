// StoreContract: what every store must do, as tests over a factory. A driver's test file instantiates the suite.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "base/testing/run_task.hpp"
#include "core/sessions/effects.hpp"
#include "core/store.hpp"
#include "stores/contract/temporary_directory.hpp"

namespace propusk::stores::testing {

using propusk::testing::FakeClock, propusk::testing::SeededRandom;

using propusk::testing::run;

/// Keeps what it was told, in order. Thread-safe.
class EffectLog final : public core::EffectSink {
 public:
  [[nodiscard]] core::EffectTicket ticket() const override { return {}; }
  void apply(const core::EffectTicket&, const core::Effects& effects) override { apply(effects); }
  void forget_everything() override {}
  void believe_until(Deadline, const Clock&) override {}
  void apply(const core::Effects& effects) override {
    if (on_apply) on_apply(effects);
    std::lock_guard lock(mutex_);
    applied_.append(core::Effects(effects));
  }
  void forget(const core::Effects& effects) override {
    std::lock_guard lock(mutex_);
    forgotten_.append(core::Effects(effects));
  }
  [[nodiscard]] core::Effects applied() const {
    std::lock_guard lock(mutex_);
    return applied_;
  }
  [[nodiscard]] core::Effects forgotten() const {
    std::lock_guard lock(mutex_);
    return forgotten_;
  }
  std::function<void(const core::Effects&)> on_apply;  ///< set before the first write

 private:
  mutable std::mutex mutex_;
  core::Effects applied_, forgotten_;
};

/// A store that lives in `directory` (a server's driver names its schema after it).
struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<core::Store>(const std::filesystem::path& directory, core::EffectSink&, const Clock&,
                                             Random&)>
      open;
  std::function<void()> drop{};  ///< after a test: what its directory does not take away
};
inline std::string name_of(const ::testing::TestParamInfo<StoreKind>& kind) { return kind.param.name; }

/// An account as registration makes it; the other fields derive from the id unless a test sets them.
inline core::Account account(std::int64_t id, std::string username = "") {
  core::Account account;
  account.id = core::AccountId{id};
  account.username = username.empty() ? "name-" + std::to_string(id) : std::move(username);
  account.username_key = account.username;
  account.password_hash = "hash-" + std::to_string(id);
  account.created_at = account.password_changed_at = instant(1'000'000 + id);
  return account;
}
inline core::Credential credential(const std::string& secret, std::int64_t account, std::int64_t created = 5) {
  return {.digest = sha256(secret),
          .kind = core::CredentialKind::browser_session,
          .account = core::AccountId{account},
          .epoch = 1,
          .prefix = "203.0.113.7",
          .label = "Firefox on a phone",
          .created_at = instant(created),
          .seen_at = instant(created),
          .expires_at = instant(created + 100)};
}
/// A queued recovery mail, due at 100 and of use until 10'000.
inline core::Mail mail(std::int64_t id, const std::string& domain = "example.org") {
  core::Mail mail;
  mail.id = core::MailId{id};
  mail.kind = core::MailKind::recovery;
  mail.recipient = "Ann@" + domain;
  mail.recipient_key = "ann@" + domain;
  mail.domain = domain;
  mail.created_at = instant(100 + id);
  mail.next_attempt_at = instant(100);
  mail.expires_at = instant(10'000);
  return mail;
}
/// A recovery link, unused.
inline core::Link link(const std::string& secret, std::int64_t account) {
  core::Link link;
  link.digest = sha256(secret);
  link.purpose = core::LinkPurpose::recovery;
  link.account = core::AccountId{account};
  link.epoch = 3;
  link.email = "Ann@example.org";
  link.created_at = instant(10);
  link.expires_at = instant(100);
  return link;
}

class StoreContract : public ::testing::TestWithParam<StoreKind> {
 protected:
  /// A write whose closure does not refuse. Throws Outage.
  void write(std::function<void(core::Transaction&)> change) {
    auto closure = [change = std::move(change)](core::Transaction& transaction) -> core::Result<bool> {
      change(transaction);
      return true;
    };
    ASSERT_TRUE(run(store_->write(std::move(closure), soon())));
  }
  /// What `look` returns inside one snapshot.
  template <class Look>
  auto read(Look look) {
    return run(store_->read(std::move(look), soon()));
  }
  core::Inserted insert(const core::Account& account) {
    auto closure = [account](core::Transaction& t) -> core::Result<core::Inserted> {
      return t.accounts().insert(account);
    };
    return run(store_->write(closure, soon())).value();
  }
  void insert(const core::Link& link) {
    write([link](core::Transaction& t) { t.links().insert(link); });
  }
  void insert(const core::Mail& mail) {
    write([mail](core::Transaction& t) { t.outbox().insert(mail); });
  }
  std::optional<core::Account> find(std::int64_t id) {
    return read(
        [id](const core::Transaction& transaction) { return transaction.accounts().find(core::AccountId{id}); });
  }
  std::optional<core::Credential> find(const std::string& secret) {
    return read(
        [secret](const core::Transaction& transaction) { return transaction.credentials().find(sha256(secret)); });
  }
  std::optional<core::Link> find_link(const std::string& secret) {
    return read([secret](const core::Transaction& t) { return t.links().find(sha256(secret)); });
  }
  std::optional<core::Mail> find_mail(std::int64_t id) {
    return read([id](const core::Transaction& t) { return t.outbox().find(core::MailId{id}); });
  }
  [[nodiscard]] Deadline soon() const { return clock_.monotonic() + seconds{30}; }
  [[nodiscard]] std::unique_ptr<core::Store> open() {
    return GetParam().open(directory_.path(), effects_, clock_, random_);
  }

  ~StoreContract() override {
    store_.reset();
    if (GetParam().drop) GetParam().drop();
  }

  TemporaryDirectory directory_;
  FakeClock clock_;
  SeededRandom random_;
  EffectLog effects_;
  std::unique_ptr<core::Store> store_ = open();
};

}  // namespace propusk::stores::testing
