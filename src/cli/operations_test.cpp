// The operator's verbs on a real store: what goes in, what comes out, and that nothing else does.
#include "cli/operations.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "base/testing/fake_clock.hpp"
#include "cli/refusal_sentence.hpp"
#include "core/sessions/live_credentials.hpp"
#include "stores/contract/temporary_directory.hpp"
#include "stores/sqlite/store.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

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
    const Deadline deadline = clock.monotonic() + 30s;
    return perform_now(context, {json::parse(request).as_object(), {operator_name(7), deadline}},
                       {*store, hasher, clock, random, policy, {}});
  }
  json::object result(std::string_view request) {
    const auto answer = ask(request);
    EXPECT_TRUE(answer.contains("result")) << json::serialize(answer);
    return answer.contains("result") ? answer.at("result").as_object() : json::object{};
  }
  json::object create_ann() {
    return result(R"({"verb":"account.create","username":"ann","email":"ann@example.org","password":"correct horse"})");
  }
  /// Opens a session as sign-in would; returns its digest in hex.
  std::string open_session(std::int64_t account, std::byte first) {
    core::Credential session;
    session.digest.bytes.fill(std::byte{0xab});
    session.digest.bytes[7] = first;
    session.account = core::AccountId{account};
    session.epoch = 1;
    session.label = "curl/8";
    session.created_at = session.seen_at = clock.now();
    session.expires_at = clock.now() + 1h;
    boost::asio::co_spawn(context, insert(*store, session, clock.monotonic() + 30s), boost::asio::detached);
    context.restart();
    context.run();
    return to_hex(session.digest.bytes);
  }
  static Task<void> insert(core::Store& store, core::Credential session, Deadline deadline) {
    const auto inserted = co_await store.write(
        [session](core::Transaction& t) -> core::Result<void> {
          t.credentials().insert(session);
          return {};
        },
        deadline);
    EXPECT_TRUE(inserted);
  }

  stores::testing::TemporaryDirectory directory;
  boost::asio::io_context context{1};
  propusk::testing::FakeClock clock;
  propusk::testing::SeededRandom random;
  core::LiveCredentials live{1000};
  core::PasswordPolicy policy;
  PlainHasher hasher;
  std::unique_ptr<sqlite::SqliteStore> store = sqlite::open_store({.directory = directory.path()}, live, clock);
};

TEST_F(Operations, AnAccountIsCreatedAndShownWithoutItsHash) {
  const auto created = create_ann();

  EXPECT_EQ(created.at("username"), "ann");
  EXPECT_EQ(created.at("state"), "active");
  EXPECT_EQ(created.at("created_at"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(created.at("last_sign_in_at"), nullptr);
  EXPECT_THAT(json::serialize(created), Not(HasSubstr("plain$")));
  const std::string id = std::to_string(created.at("id").as_int64());
  for (const std::string& identifier : {std::string("ann"), std::string("ann@example.org"), id})
    EXPECT_EQ(result(R"({"verb":"account.show","identifier":")" + identifier + "\"}"), created) << identifier;
}

TEST_F(Operations, ARefusalNamesEveryReason) {
  const auto answer = ask(R"({"verb":"account.create","username":"a b","email":"nobody","password":"1234567"})");

  EXPECT_EQ(answer.at("failure"), "refused");
  std::set<std::string> reasons;
  for (const auto& reason : answer.at("reasons").as_array()) reasons.emplace(reason.as_string());
  EXPECT_TRUE(reasons.contains("username_malformed") && reasons.contains("email_malformed") &&
              reasons.contains("password_too_short"));
  EXPECT_THAT(std::string(answer.at("message").as_string()), HasSubstr("; the password is too short"));
  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":"nobody"})").at("reasons").as_array().at(0), "account_unknown");
}

TEST_F(Operations, AnAccountIsDisabledEnabledAndDeleted) {
  const auto id = create_ann().at("id").as_int64();
  open_session(id, std::byte{1});

  EXPECT_EQ(result(R"({"verb":"account.disable","identifier":"ann"})").at("state"), "disabled");
  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
  EXPECT_EQ(result(R"({"verb":"account.enable","identifier":"ann"})").at("state"), "active");
  EXPECT_EQ(result(R"({"verb":"account.delete","identifier":"ann"})").at("username"), "ann");

  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":"ann"})").at("failure"), "refused");
  const auto events = result(R"({"verb":"audit.list","identifier":")" + std::to_string(id) + R"(","limit":100})")
                          .at("events")
                          .as_array();
  std::multiset<std::string> actions;
  for (const auto& event : events) {
    actions.emplace(event.at("action").as_string());
    EXPECT_EQ(event.at("actor"), "operator uid 7");
  }
  EXPECT_EQ(actions,
            (std::multiset<std::string>{"account_created", "account_deleted", "account_disabled", "account_enabled"}));
}

TEST_F(Operations, ANewPasswordEndsTheSessions) {
  open_session(create_ann().at("id").as_int64(), std::byte{1});

  result(R"({"verb":"account.set_password","identifier":"ann","password":"battery staple"})");

  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
  EXPECT_EQ(ask(R"({"verb":"account.set_password","identifier":"ann","password":"short"})").at("failure"), "refused");
}

TEST_F(Operations, AccountsAreListedPageByPage) {
  for (std::size_t i = 0; i <= accounts_per_answer; ++i)
    result(R"({"verb":"account.create","username":"u)" + std::to_string(i) +
           R"(","email":"","password":"correct horse"})");

  const auto first = result(R"({"verb":"account.list","after":0})");
  const auto last = result(R"({"verb":"account.list","after":)" + json::serialize(first.at("next")) + "}");

  EXPECT_EQ(first.at("accounts").as_array().size(), accounts_per_answer);
  EXPECT_EQ(first.at("next"), first.at("accounts").as_array().back().at("id"));
  EXPECT_EQ(last.at("accounts").as_array().size(), 1u);
  EXPECT_EQ(last.at("next"), nullptr);
}

TEST_F(Operations, ASessionIsRevokedByAPrefixThatNamesOnlyIt) {
  const auto id = create_ann().at("id").as_int64();
  const std::string one = open_session(id, std::byte{0x11}), other = open_session(id, std::byte{0x22});
  const auto revoke = [&](std::string_view session) {
    return ask(R"({"verb":"session.revoke","identifier":"ann","session":")" + std::string(session) + "\"}");
  };

  const auto listed = result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_THAT(std::string(listed.at(0).at("id").as_string()), MatchesRegex("[0-9a-f]{16}"));

  EXPECT_EQ(revoke(one.substr(0, 7)).at("failure"), "malformed");
  EXPECT_THAT(std::string(revoke(one.substr(0, 14)).at("message").as_string()), HasSubstr("several sessions"));
  EXPECT_THAT(std::string(revoke("0123456789abcdef").at("message").as_string()), HasSubstr("no such live session"));
  EXPECT_EQ(revoke(one.substr(0, 16)).at("result").at("id").as_string(), one.substr(0, 16));
  EXPECT_EQ(revoke(other).at("result").at("id").as_string(), other.substr(0, 16));
  EXPECT_TRUE(result(R"({"verb":"session.list","identifier":"ann"})").at("sessions").as_array().empty());
}

TEST_F(Operations, AuditIsListedNewestFirstWithinTheLimit) {
  create_ann();
  clock.advance(1s);
  result(R"({"verb":"account.disable","identifier":"ann"})");

  const auto events = result(R"({"verb":"audit.list","identifier":"","limit":1})").at("events").as_array();

  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.at(0).at("action"), "account_disabled");
  EXPECT_EQ(events.at(0).at("at"), "2026-01-01T00:00:01Z");
  EXPECT_EQ(result(R"({"verb":"audit.list","identifier":"ann","limit":99999})").at("events").as_array().size(), 2u);
}

TEST_F(Operations, WhateverIsAskedThereIsAnAnswer) {
  for (const char* request : {R"({})", R"({"verb":1})", R"({"verb":"account.fly"})", R"({"verb":null,"x":[]})"})
    EXPECT_EQ(ask(request).at("failure"), "malformed") << request;
  EXPECT_EQ(ask(R"({"verb":"account.show","identifier":7})").at("failure"), "refused");
  EXPECT_TRUE(ask(R"({"verb":"account.list","after":"x"})").contains("result"));
  hasher.is_broken = true;
  const auto answer = ask(R"({"verb":"account.create","username":"bob","email":"","password":"correct horse"})");
  EXPECT_EQ(answer.at("failure"), "outage");
  EXPECT_EQ(answer.at("message"), "hashing pool: no memory");
}

TEST(RefusalSentence, EveryRefusalHasOne) {
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < core::refusal_count; ++i)
    sentences.insert(refusal_sentence(static_cast<core::Refusal>(i)));
  EXPECT_EQ(sentences.size(), core::refusal_count);
  EXPECT_FALSE(sentences.contains(""));
}

}  // namespace
}  // namespace propusk::cli
