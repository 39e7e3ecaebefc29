// Operations on a real store and a real key ring, without a server: what tests of the operator's verbs begin with.
#pragma once
#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <set>
#include <string>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "cli/operations.hpp"
#include "core/sessions/live_credentials.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/jose/key_ring.hpp"
#include "stores/contract/test_place.hpp"

namespace propusk::cli::testing {

namespace json = boost::json;

/// Hashes by writing the password down, or fails as a broken world does.
class PlainHasher final : public core::PasswordHasher {
 public:
  Task<core::Result<std::string>> hash(Secret<> password, const Caller&) override {
    if (is_broken) throw Outage("hashing pool", "no memory");
    co_return "plain$" + password.reveal();
  }
  Task<core::Result<bool>> verify(Secret<> password, std::string phc, const Caller&) override {
    co_return phc == "plain$" + password.reveal();
  }
  [[nodiscard]] const std::string& decoy() const override { return decoy_; }
  [[nodiscard]] bool is_outdated(const std::string&) const override { return false; }
  bool is_broken = false;

 private:
  std::string decoy_ = "plain$";
};

class Operations : public ::testing::Test {
 protected:
  json::object ask(std::string_view request) {
    const Deadline deadline = clock.monotonic() + seconds{30};
    return perform_now(context, {json::parse(request).as_object(), {operator_name(7), deadline}},
                       {*store, hasher, clock, random, policy, {*store, ring, clock, random, key_policy}, {}});
  }
  json::object result(std::string_view request) {
    const auto answer = ask(request);
    EXPECT_TRUE(answer.contains("result")) << json::serialize(answer);
    return answer.contains("result") ? answer.at("result").as_object() : json::object{};
  }
  /// `verb` on ann, with `more` members.
  json::object ask_of_ann(std::string_view verb, json::object more = {}) {
    more["verb"] = verb;
    more["identifier"] = "ann";
    return ask(json::serialize(more));
  }
  json::object result_of_ann(std::string_view verb, json::object more = {}) {
    more["verb"] = verb;
    more["identifier"] = "ann";
    return result(json::serialize(more));
  }
  json::object create_ann() {
    return result(R"({"verb":"account.create","username":"ann","email":"ann@example.org","password":"correct horse"})");
  }
  /// Makes ann as a registration of a dialect would that keeps addresses unique and asks for their proof.
  json::object create_pending_ann() {
    return result(
        R"({"verb":"account.create","username":"ann","email":"ann@example.org","password":"correct horse","pending":true})");
  }
  /// The actions of all events, and that the operator was who did it.
  std::multiset<std::string> actions() {
    std::multiset<std::string> names;
    for (const auto& event : result(R"({"verb":"audit.list","identifier":"","limit":1000})").at("events").as_array()) {
      names.emplace(event.at("action").as_string());
      EXPECT_EQ(event.at("actor"), "operator uid 7");
    }
    return names;
  }

  /// Opens a credential as sign-in would; returns its digest in hex.
  std::string open_session(std::int64_t account, std::byte first,
                           core::CredentialKind kind = core::CredentialKind::browser_session,
                           seconds idle = seconds{0}) {
    core::Credential session;
    session.digest.bytes.fill(std::byte{0xab});
    session.digest.bytes[7] = first;
    session.kind = kind;
    session.account = core::AccountId{account};
    session.epoch = 1;
    session.label = "curl/8";
    session.created_at = session.seen_at = clock.now();
    session.expires_at = clock.now() + std::chrono::hours{12};
    session.idle = idle;
    write([session](core::Transaction& t) { t.credentials().insert(session); });
    return to_hex(session.digest.bytes);
  }
  /// Does something to the rows that no verb does.
  void write(std::function<void(core::Transaction&)> change) {
    run(commit(*store, std::move(change), clock.monotonic() + seconds{30}));
  }
  void run(Task<void> task) {
    boost::asio::co_spawn(context, std::move(task), boost::asio::detached);
    context.restart();
    context.run();
  }
  static Task<void> commit(core::Store& store, std::function<void(core::Transaction&)> change, Deadline deadline) {
    const auto done = co_await store.write(
        [change](core::Transaction& transaction) -> core::Result<void> {
          change(transaction);
          return {};
        },
        deadline);
    EXPECT_TRUE(done);
  }

  stores::testing::TestPlace directory;
  boost::asio::io_context context{1};
  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  core::LiveCredentials live{1000};
  core::PasswordPolicy policy;
  core::KeyPolicy key_policy{.algorithm = core::SigningAlgorithm::es256};
  PlainHasher hasher;
  platform::JoseKeyRing ring{platform::open_key_file(directory.path() / "keys" / "sealing.key", random), random};
  std::unique_ptr<stores::OperatedStore> store = directory.open(live, clock);
};

}  // namespace propusk::cli::testing
