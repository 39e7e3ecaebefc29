// An account of djoser from its registration to its end: nobody has an address that they have not shown to be theirs,
// and who had one gets the account back.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/links/link.hpp"
#include "core/sessions/live_credentials.hpp"
#include "core/upkeep/upkeep.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/mobile_client.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

constexpr const char* unable = R"({"non_field_errors":["Unable to log in with provided credentials."]})";
constexpr const char* bad_token = R"({"token":["Invalid token for given user."]})";
constexpr const char* bad_uid = R"({"uid":["Invalid user id or user doesn't exist."]})";
constexpr const char* stale = R"({"detail":"Stale token for given user."})";
constexpr const char* inactive = R"({"detail":"User inactive or deleted."})";
constexpr const char* email_exists = R"({"email":["user with this email already exists."]})";

class DjoserAccounts : public ::testing::Test {
 protected:
  explicit DjoserAccounts(const config::Settings& settings = djoser_settings()) : server(settings) {}

  /// Whether deleted or expired, upkeep takes it away every ten minutes; tests do not wait for it.
  void sweep() {
    const core::AdministrationDeps on = server.application().administration();
    core::LiveCredentials none(1);  // a sweep looks at no memory
    core::Limits limits({}, on.clock, on.random);
    server.application().wait_for(
        core::sweep_expired(on.clock.monotonic() + 20s, {on.store, none, limits, on.clock, on.random}));
  }
  /// A link below `path` that was mailed to an address and not returned here before, once it has come.
  [[nodiscard]] std::string link_to(const std::string& email, const std::string& path) {
    for (std::size_t count = 1;; ++count)
      for (const Received& letter : mailbox.wait_for(email, path, count))
        for (const std::string& link : letter.links(path))
          if (followed_.insert(link).second) return link;
  }
  /// Of whoever has the address now. A clock that jumps while a letter is on its way has it sent twice.
  [[nodiscard]] LinkParts activation_of(const std::string& email) {
    for (const std::string uid = core::uid_of(server.account(email).id);;)
      if (const LinkParts parts = parts_of(link_to(email, "/auth/activate/")); parts.uid == uid) return parts;
  }
  [[nodiscard]] std::string undo_of(const std::string& email) { return link_to(email, "/auth/email/undo/"); }
  /// An active account whose address is verified, and a token of it.
  std::string have(const std::string& email) {
    EXPECT_EQ(client.register_person(email).status, 201);
    EXPECT_EQ(client.activate(activation_of(email)).status, 204);
    return client.token_of(email);
  }
  [[nodiscard]] std::size_t letters_to(const std::string& email) const {
    const std::vector<Received> all = mailbox.letters();
    return static_cast<std::size_t>(std::ranges::count(all, email, &Received::recipient));
  }

  /// The devices that letters of a kind would name; "" for none.
  [[nodiscard]] std::vector<std::string> devices_in(core::MailKind kind) {
    const core::AdministrationDeps on = server.application().administration();
    std::vector<std::string> devices;
    for (const core::Mail& mail : server.application().wait_for(
             on.store.read([](const core::Transaction& t) { return t.outbox().list(std::nullopt, std::nullopt, 1000); },
                           on.clock.monotonic() + 20s)))
      if (mail.kind == kind) devices.push_back(mail.facts.device);
    return devices;
  }
  [[nodiscard]] std::ptrdiff_t events(const std::string& name, core::AuditAction action) {
    const std::vector<core::AuditEvent> all = server.audit(name);
    return std::ranges::count(all, action, &core::AuditEvent::action);
  }

  TestServer server;
  DjoserClient client{server};
  EnvelopeClient envelope{server};
  MobileClient mobile{server};
  Mailbox mailbox{server.directory()};

 private:
  std::set<std::string> followed_;
};

class StockAccounts : public DjoserAccounts {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.djoser.activation = config::ByProfile::on;
    return settings;
  }
  StockAccounts() : DjoserAccounts(settings()) {}
};

// activation

TEST_F(StockAccounts, ActivationOpensEveryDialect) {
  ASSERT_EQ(client.register_stock("ann", "ann@example.com").status, 201);
  const std::string link = link_to("ann@example.com", "/auth/activate/");
  const auto ways_in = [this] {
    std::string in = mobile.sign_in("ann").cookie("sessionid") ? "mobile " : "";
    in += envelope.sign_in("ann").cookie("sessionid") ? "envelope " : "";
    in += client.sign_in("ann").status == 200 ? "token " : "";
    return in + (client.create_jwt("ann").status == 200 ? "jwt" : "");
  };
  EXPECT_EQ(ways_in(), "");
  EXPECT_EQ(ask(server.port(), "GET", link).status, 200);
  EXPECT_EQ(ways_in(), "") << "a mail scanner follows links too";

  const Answer activated = client.activate(parts_of(link));

  EXPECT_EQ(activated.status, 204);
  EXPECT_EQ(activated.body, "");
  EXPECT_EQ(ways_in(), "mobile envelope token jwt");
  EXPECT_TRUE(server.account("ann").email_verified);
}

TEST_F(DjoserAccounts, APersonOfTheSeedComesInByTheAddressUnderEitherName) {
  const Answer made = client.register_person("ann@example.com");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"email":"ann@example.com","id":)" + member(made, "id") + "}");
  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);

  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
  EXPECT_EQ(client.post("/token/login/", {{"email", "ann@example.com"}, {"password", password}}).status, 200);
  EXPECT_EQ(client.post("/jwt/create/", {{"email", "ann@example.com"}, {"password", password}}).status, 200);
  EXPECT_TRUE(envelope.sign_in("ann@example.com").cookie("sessionid"));
}

TEST_F(DjoserAccounts, AnActivationLinkWorksOnceAndIsStaleUntilItsOwnerSignsIn) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const LinkParts link = activation_of("ann@example.com");
  EXPECT_EQ(client.activate({link.uid, std::string(43, 'A')}).body, bad_token);
  EXPECT_EQ(client.activate({"MTIz", link.token}).body, bad_uid);
  ASSERT_EQ(client.activate(link).status, 204);

  const Answer again = client.activate(link);
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.body, stale);
  ASSERT_EQ(client.sign_in("ann@example.com").status, 200);
  EXPECT_EQ(client.activate(link).status, 400);
  EXPECT_EQ(client.activate(link).body, bad_token);
}

TEST_F(DjoserAccounts, OfFiftyActivationsAtOnceOneActivates) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const LinkParts link = activation_of("ann@example.com");
  constexpr int at_once = 50;
  std::barrier start(at_once);
  std::atomic<int> done = 0, late = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < at_once; ++i)
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const int status = client.activate(link).status;
      (status == 204 ? done : late) += status == 204 || status == 403 ? 1 : 0;
    });
  threads.clear();

  EXPECT_EQ(done, 1);
  EXPECT_EQ(late, at_once - 1);
  const std::vector<core::AuditEvent> events = server.audit("ann@example.com");
  EXPECT_EQ(std::ranges::count(events, core::AuditAction::account_activated, &core::AuditEvent::action), 1);
}

TEST_F(DjoserAccounts, APendingAccountGoesAfterThreeDaysAndItsAddressIsFree) {
  have("bob@example.com");
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const LinkParts link = activation_of("ann@example.com");
  const auto id = server.account("ann@example.com").id;
  server.clock().advance(72h - 1us);
  sweep();
  EXPECT_EQ(client.register_person("ann@example.com", other_password).body, email_exists);
  EXPECT_EQ(envelope.register_person("ann", "ann@example.com").body, R"({"status": 0, "error": 32})");

  server.clock().advance(1us);
  EXPECT_EQ(client.activate(link).body, bad_token);
  sweep();

  EXPECT_EQ(client.activate(link).body, bad_uid);
  EXPECT_EQ(client.sign_in("bob@example.com").status, 200);
  ASSERT_EQ(client.register_person("ann@example.com", other_password).status, 201);
  EXPECT_NE(server.account("ann@example.com").id, id);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);
  EXPECT_EQ(client.sign_in("ann@example.com", password).body, unable);
  EXPECT_EQ(client.sign_in("ann@example.com", other_password).status, 200);
}

TEST_F(DjoserAccounts, WhoDoesNotKnowAPendingAccountDeletesIt) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const std::string link = link_to("ann@example.com", "/auth/activate/");

  const Answer disowned = envelope.follow(link, {{"action", "disown"}});

  EXPECT_EQ(disowned.status, 303);
  EXPECT_EQ(disowned.header("Location"), "/auth/activation/disowned/");
  EXPECT_EQ(client.activate(parts_of(link)).body, bad_uid);
  EXPECT_THROW(server.account("ann@example.com"), std::exception);
  EXPECT_EQ(client.register_person("ann@example.com").status, 201);
}

TEST_F(DjoserAccounts, AskingForAnotherLinkTellsNobodyWhoIsThere) {
  have("active@example.com");
  ASSERT_EQ(client.register_person("pending@example.com").status, 201);
  const LinkParts first = activation_of("pending@example.com");

  const Answer to_unknown = client.resend_activation("unknown@example.com"),
               to_active = client.resend_activation("active@example.com"),
               to_pending = client.resend_activation("pending@example.com");

  EXPECT_EQ(to_unknown.status, 204);
  EXPECT_EQ(whole(to_active), whole(to_unknown));
  EXPECT_EQ(whole(to_pending), whole(to_unknown));
  // Requests are worked off in order: when the last has its letter, the others have had their turn.
  const LinkParts second = activation_of("pending@example.com");
  EXPECT_EQ(letters_to("unknown@example.com"), 0U);
  EXPECT_EQ(letters_to("active@example.com"), 1U);
  EXPECT_NE(second.token, first.token);
  EXPECT_EQ(client.activate(first).status, 204) << "the letter before may be the one that is open";
  EXPECT_NE(client.activate(second).status, 204);
}

TEST_F(DjoserAccounts, APendingAccountThatWasDisabledMeanwhileWaitsForANewLink) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const LinkParts before = activation_of("ann@example.com");
  server.disable_account("ann@example.com");
  server.clock().advance(72h);
  sweep();
  ASSERT_EQ(server.account("ann@example.com").state, core::AccountState::disabled) << "it does not lapse";

  server.enable_account("ann@example.com");

  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  EXPECT_EQ(client.activate(before).body, bad_token);
  EXPECT_EQ(client.resend_activation("ann@example.com").status, 204);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
}

TEST_F(DjoserAccounts, TheActivationLetterNamesNoDevice) {
  const Fields from{{"User-Agent", "You have won"}};
  ASSERT_EQ(
      client
          .post("/users/", {{"email", "ann@example.com"}, {"password", password}, {"re_password", password}}, "", from)
          .status,
      201);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);
  const std::string change = json_of({{"email", "new@example.com"}});
  ASSERT_EQ(client.send("PATCH", "/users/me/", client.token_of("ann@example.com"), change, from).status, 200);

  EXPECT_EQ(devices_in(core::MailKind::activation), (std::vector<std::string>{"", ""}));
  EXPECT_EQ(devices_in(core::MailKind::email_replaced), std::vector<std::string>{"You have won"})
      << "the old address is its owner's, who may know the device";
}

TEST_F(StockAccounts, WhatIsToBeActivatedNeedsAnAddress) {
  const Answer missing = client.post("/users/", {{"username", "ann"}, {"password", password}});
  EXPECT_EQ(missing.status, 400);
  EXPECT_EQ(missing.body, R"({"email":["This field is required."]})");
  EXPECT_EQ(client.register_stock("ann", "").body, R"({"email":["This field may not be blank."]})");
  EXPECT_THROW(server.account("ann"), std::exception);
}

class StockWithoutActivation : public DjoserAccounts {
 protected:
  StockWithoutActivation() : DjoserAccounts(djoser_settings(config::DjoserProfile::stock)) {}
};

TEST_F(StockWithoutActivation, AnAddressMayBeLeftOut) {
  EXPECT_EQ(client.post("/users/", {{"username", "ann"}, {"password", password}}).status, 201);
  EXPECT_EQ(client.register_stock("bob", "").status, 201);
  EXPECT_EQ(client.sign_in("ann").status, 200);
}

TEST_F(StockAccounts, NobodyIsCalledByAnAddressThatSomebodyElseHasVerified) {
  ASSERT_EQ(client.register_stock("ann", "ann@example.com").status, 201);
  EXPECT_EQ(client.register_stock("typed@example.com", "typed@example.com").status, 201);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);

  const Answer refused = client.register_stock("ann@example.com", "ann@example.com");

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"username":["A user with that username already exists."]})");
  EXPECT_EQ(server.account("ann@example.com").username, "ann");
}

class WithoutActivation : public DjoserAccounts {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings();
    settings.djoser.activation = config::ByProfile::off;
    return settings;
  }
  WithoutActivation() : DjoserAccounts(settings()) {}
};

TEST_F(WithoutActivation, AnAccountIsThereAtOnceAndThereAreNoOtherLinksToAskFor) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
  const Answer asked = client.resend_activation("ann@example.com");
  EXPECT_EQ(asked.status, 400);
  EXPECT_EQ(asked.body, "");
}

TEST_F(DjoserAccounts, AnAddressThatSomebodyProvesBeatsTheClaimOfAPendingAccount) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const LinkParts link = activation_of("ann@example.com");
  ASSERT_EQ(mobile.register_person("ann", "ann@example.com").status, 200);
  envelope.restore("ann@example.com");

  ASSERT_EQ(envelope.follow(link_to("ann@example.com", "/auth/restore/"), {{"new_password", other_password}}).status,
            303);

  EXPECT_EQ(client.activate(link).body, bad_token);
  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  const std::string token = client.token_of("ann@example.com", other_password);
  EXPECT_EQ(member(client.me(token), "username"), "ann");
  EXPECT_FALSE(server.account("ann@example.com").email_claimed);
  server.clock().advance(72h);
  sweep();
  EXPECT_EQ(client.sign_in("ann", other_password).status, 200);
  EXPECT_EQ(client.activate(link).body, bad_uid) << "the pending account has gone all the same";
}

// another address

TEST_F(DjoserAccounts, AnotherAddressHoldsAtOnceAndTheAccountWaitsForItsLink) {
  const std::string token = have("ann@example.com"), session = envelope.session_of("ann@example.com");
  const JwtPair pair = client.pair_of("ann@example.com");

  const Answer patched = client.patch_me(token, {{"email", "new@example.com"}});

  EXPECT_EQ(patched.status, 200);
  EXPECT_EQ(member(patched, "email"), "new@example.com");
  EXPECT_EQ(client.me(token).body, inactive);
  EXPECT_EQ(client.me("JWT " + pair.access).body, R"({"detail":"User is inactive","code":"user_inactive"})");
  EXPECT_EQ(client.refresh(pair.refresh).status, 401);
  EXPECT_FALSE(envelope.is_live(session));
  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  EXPECT_EQ(client.sign_in("new@example.com").body, unable);

  ASSERT_EQ(client.activate(activation_of("new@example.com")).status, 204);

  EXPECT_EQ(member(client.me(token), "email"), "new@example.com");
  EXPECT_TRUE(client.is_live("JWT " + pair.access));
  EXPECT_EQ(client.refresh(pair.refresh).status, 200);
  EXPECT_TRUE(envelope.is_live(session));
  EXPECT_EQ(client.sign_in("new@example.com").status, 200);
  EXPECT_TRUE(server.account("new@example.com").email_verified);
}

TEST_F(DjoserAccounts, AnAddressOfSomebodyElseIsRefusedAndNothingChanges) {
  have("bob@example.com");
  ASSERT_EQ(client.register_person("pending@example.com").status, 201);
  const std::string token = have("ann@example.com");
  for (const char* taken : {"bob@example.com", "BOB@example.com", "pending@example.com"})
    EXPECT_EQ(client.patch_me(token, {{"email", taken}}).body, email_exists) << taken;
  EXPECT_EQ(client.patch_me(token, {{"email", "x"}}).body, R"({"email":["Enter a valid email address."]})");
  EXPECT_EQ(client.patch_me(token, {{"email", "ann@example.com"}}).status, 200) << "one's own is no change";
  EXPECT_TRUE(client.is_live(token));
}

TEST_F(DjoserAccounts, AnAddressThatNobodyProvesIsFreeAfterThreeDaysAndTheAccountStays) {
  const std::string token = have("ann@example.com");
  ASSERT_EQ(client.patch_me(token, {{"email", "new@example.com"}}).status, 200);
  const LinkParts link = activation_of("new@example.com");
  server.clock().advance(72h);
  sweep();

  EXPECT_EQ(client.activate(link).body, bad_token);
  EXPECT_EQ(client.me(token).body, inactive);
  // Another link brings it back, as long as nobody else has the address.
  EXPECT_EQ(client.resend_activation("new@example.com").status, 204);
  ASSERT_EQ(client.activate(activation_of("new@example.com")).status, 204);
  EXPECT_EQ(member(client.me(token), "email"), "new@example.com");
}

TEST_F(DjoserAccounts, WhoGetsTheLinkOfSomebodyElsesNewAddressKeepsTheAddress) {
  const std::string token = have("ann@example.com");
  ASSERT_EQ(client.patch_me(token, {{"email", "stranger@example.com"}}).status, 200);

  ASSERT_EQ(envelope.follow(link_to("stranger@example.com", "/auth/activate/"), {{"action", "disown"}}).status, 303);

  EXPECT_EQ(client.me(token).body, inactive);
  EXPECT_EQ(client.register_person("stranger@example.com").status, 201);
  // And the account is not lost: the address before leads back.
  ASSERT_EQ(envelope.follow(undo_of("ann@example.com")).status, 303);
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
}

class EmailProfile : public DjoserAccounts {
 protected:
  EmailProfile() : DjoserAccounts(djoser_settings(config::DjoserProfile::email)) {}
  [[nodiscard]] Answer sign_in_by_email(const std::string& email) const {
    return client.post("/token/login/", {{"email", email}, {"password", password}});
  }
};

TEST_F(EmailProfile, WhoSignsInByAddressIsRenamedWithItAndBack) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);
  const std::string token = "Token " + member(sign_in_by_email("ann@example.com"), "auth_token");

  const Fields change{{"current_password", password}, {"new_email", "new@example.com"}};
  ASSERT_EQ(client.post("/users/set_email/", change, token).status, 204);
  EXPECT_EQ(client.me(token).body, inactive);
  ASSERT_EQ(client.activate(activation_of("new@example.com")).status, 204);
  EXPECT_EQ(server.account("new@example.com").username, "new@example.com");
  EXPECT_EQ(sign_in_by_email("new@example.com").status, 200);
  EXPECT_EQ(sign_in_by_email("ann@example.com").body, unable);

  ASSERT_EQ(envelope.follow(undo_of("ann@example.com")).status, 303);
  EXPECT_EQ(server.account("ann@example.com").username, "ann@example.com");
  EXPECT_EQ(sign_in_by_email("ann@example.com").status, 200);
  EXPECT_EQ(sign_in_by_email("new@example.com").body, unable);
}

class AddressOfAStranger : public EmailProfile {
 protected:
  void change_to(const std::string& email) {
    ASSERT_EQ(client.register_person("ann@example.com").status, 201);
    ASSERT_EQ(client.activate(activation_of("ann@example.com")).status, 204);
    const std::string token = "Token " + member(sign_in_by_email("ann@example.com"), "auth_token");
    const Fields change{{"current_password", password}, {"new_email", email}};
    ASSERT_EQ(client.post("/users/set_email/", change, token).status, 204);
  }
};

TEST_F(AddressOfAStranger, IsNobodysNameOnceItIsDisowned) {
  change_to("stranger@example.com");
  ASSERT_EQ(envelope.follow(link_to("stranger@example.com", "/auth/activate/"), {{"action", "disown"}}).status, 303);

  EXPECT_EQ(client.register_person("stranger@example.com").status, 201);
  ASSERT_EQ(envelope.follow(undo_of("ann@example.com")).status, 303);
  EXPECT_EQ(server.account("ann@example.com").username, "ann@example.com");
}

TEST_F(AddressOfAStranger, IsNobodysNameOnceTheWaitForItIsOver) {
  change_to("stranger@example.com");
  server.clock().advance(72h);
  sweep();

  EXPECT_EQ(client.register_person("stranger@example.com").status, 201);
}

// the way back

TEST_F(DjoserAccounts, TheOldAddressIsToldAndTakesTheAccountBack) {
  const std::string token = have("ann@example.com"), session = envelope.session_of("ann@example.com");
  const JwtPair pair = client.pair_of("ann@example.com");
  ASSERT_EQ(client.patch_me(token, {{"email", "thief@example.com"}}).status, 200);
  const LinkParts new_link = activation_of("thief@example.com");
  const std::string way_back = undo_of("ann@example.com");
  EXPECT_TRUE(mailbox.wait_for("ann@example.com", "/auth/email/undo/").front().plain.contains("thief@example.com"));

  EXPECT_EQ(ask(server.port(), "GET", way_back).status, 200);
  EXPECT_EQ(client.me(token).body, inactive) << "looking changes nothing";
  const Answer undone = envelope.follow(way_back);

  EXPECT_EQ(undone.status, 303);
  EXPECT_EQ(undone.header("Location"), "/auth/email/undo/done/");
  const core::Account account = server.account("ann@example.com");
  EXPECT_TRUE(account.email == "ann@example.com" && account.email_verified);
  EXPECT_EQ(account.state, core::AccountState::active);
  EXPECT_EQ(client.me(token).status, 401);
  EXPECT_EQ(client.me("JWT " + pair.access).status, 401);
  EXPECT_EQ(client.refresh(pair.refresh).status, 401);
  EXPECT_FALSE(envelope.is_live(session));
  EXPECT_EQ(client.activate(new_link).body, bad_token);
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
  EXPECT_NE(envelope.follow(way_back).status, 303) << "it works once";
}

/// A thief who has a token and the password, and settles in.
class TakenOver : public DjoserAccounts {
 protected:
  static constexpr const char* thief_password = "Th1ef-Pass-66";
  TakenOver() {
    token = have("ann@example.com");
    EXPECT_EQ(client.patch_me(token, {{"email", "thief@example.com"}}).status, 200);
    way_back = undo_of("ann@example.com");
    server.clock().advance(1h);
    EXPECT_EQ(client.activate(activation_of("thief@example.com")).status, 204);
    EXPECT_EQ(client.set_password(token, password, thief_password).status, 204);
    server.clock().advance(1h);
    EXPECT_EQ(client.patch_me(token, {{"email", "thief2@example.com"}}).status, 200);
    way_of_thief = undo_of("thief@example.com");
  }
  void settle() {
    EXPECT_EQ(client.activate(activation_of("thief2@example.com")).status, 204);
    EXPECT_TRUE(client.is_live(token));
  }
  void expect_to_be_anns_again() {
    EXPECT_FALSE(client.is_live(token));
    const core::Account account = server.account("ann@example.com");
    EXPECT_TRUE(account.email == "ann@example.com" && account.email_verified);
    EXPECT_EQ(account.state, core::AccountState::active);
    EXPECT_NE(envelope.follow(way_of_thief).status, 303) << "what the thief would undo is undone already";
    EXPECT_EQ(server.account("ann@example.com").email, "ann@example.com");
    // The password is whoever's it was last: the page says to set a new one, and that ends everything again.
    ASSERT_EQ(client.reset_password("ann@example.com").status, 204);
    const std::string link = link_to("ann@example.com", "/auth/password/reset/confirm/");
    ASSERT_EQ(client.confirm_reset(parts_of(link), other_password).status, 204);
    EXPECT_EQ(client.sign_in("ann@example.com", thief_password).body, unable);
    EXPECT_EQ(client.sign_in("ann@example.com", other_password).status, 200);
  }

  std::string token, way_back, way_of_thief;
};

TEST_F(TakenOver, TheWayBackOutlivesAnotherPasswordAndAnotherAddress) {
  settle();
  server.clock().advance(7 * 24h - 2h - 1us);

  EXPECT_EQ(envelope.follow(way_back).status, 303);

  expect_to_be_anns_again();
}

TEST_F(TakenOver, TheWayBackWorksWhileTheAccountWaitsForTheThiefsLink) {
  const LinkParts link = activation_of("thief2@example.com");

  EXPECT_EQ(envelope.follow(way_back).status, 303);

  EXPECT_EQ(client.activate(link).body, bad_token);
  expect_to_be_anns_again();
}

TEST_F(TakenOver, TheWayBackEndsAfterSevenDays) {
  settle();
  server.clock().advance(7 * 24h - 2h);

  EXPECT_NE(envelope.follow(way_back).status, 303);

  EXPECT_TRUE(client.is_live(token));
}

TEST_F(TakenOver, WhatAThiefTakesBackTheFirstOwnerStillTakesBackFromThem) {
  ASSERT_EQ(envelope.follow(way_of_thief).status, 303);
  EXPECT_EQ(client.sign_in("thief@example.com", thief_password).status, 200);

  EXPECT_EQ(envelope.follow(way_back).status, 303);

  expect_to_be_anns_again();
}

TEST_F(TakenOver, AnAccountThatAnOperatorHasDisabledIsNotTakenBack) {
  server.disable_account("thief2@example.com");

  EXPECT_NE(envelope.follow(way_back).status, 303);

  EXPECT_EQ(server.account("thief2@example.com").state, core::AccountState::disabled);
}

// names, passwords, profile, end

TEST_F(DjoserAccounts, AnotherUsernameComesByALinkToTheAddress) {
  have("ann@example.com");
  ASSERT_EQ(mobile.register_person("bob", "bob@example.com").status, 200);
  const Answer asked = client.post("/users/reset_username/", {{"email", "ann@example.com"}});
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(whole(client.post("/users/reset_username/", {{"email", "nobody@example.com"}})), whole(asked));
  const LinkParts link = parts_of(link_to("ann@example.com", "/auth/username/reset/confirm/"));
  const auto confirm = [&](const std::string& name) {
    return client.post("/users/reset_username_confirm/",
                       {{"uid", link.uid}, {"token", link.token}, {"new_username", name}});
  };
  EXPECT_EQ(confirm("bob").body, R"({"new_username":["user with this username already exists."]})");
  EXPECT_EQ(confirm("annie").status, 204) << "a name that was taken has not used the link";

  EXPECT_EQ(confirm("anna").body, bad_token);
  EXPECT_EQ(member(client.me(client.token_of("annie")), "email"), "ann@example.com");
  EXPECT_EQ(client.sign_in("ann@example.com").status, 200);
}

TEST_F(DjoserAccounts, AForgottenPasswordTellsNobodyWhoIsThereAndEndsEveryToken) {
  const std::string token = have("ann@example.com");
  const Answer asked = client.reset_password("ann@example.com");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(whole(client.reset_password("nobody@example.com")), whole(asked));
  const LinkParts link = parts_of(link_to("ann@example.com", "/auth/password/reset/confirm/"));
  EXPECT_EQ(client.confirm_reset(link, "12345678").body,
            R"({"new_password":["This password is too common.","This password is entirely numeric."]})");

  EXPECT_EQ(client.confirm_reset(link, other_password).status, 204);

  EXPECT_EQ(client.confirm_reset(link, password).body, bad_token);
  EXPECT_EQ(client.me(token).status, 401);
  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  EXPECT_EQ(client.sign_in("ann@example.com", other_password).status, 200);
}

class WithProfileFields : public DjoserAccounts {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings();
    settings.djoser.activation = config::ByProfile::off;
    settings.djoser.profile_fields = {"phone", "first_name"};
    return settings;
  }
  WithProfileFields() : DjoserAccounts(settings()) {}
};

TEST_F(WithProfileFields, PeopleTellWhatTheSettingsAskForAndNothingElse) {
  const Answer made = client.post("/users/", {{"email", "ann@example.com"},
                                              {"password", password},
                                              {"re_password", password},
                                              {"first_name", "Анна"},
                                              {"last_name", "Каренина"}});
  const std::string id = member(made, "id");
  EXPECT_EQ(made.body, R"({"email":"ann@example.com","first_name":"Анна","phone":"","id":)" + id + "}");
  const std::string token = client.token_of("ann@example.com");
  const auto card = [&](const std::string& name, const std::string& phone) {
    return R"({"email":"ann@example.com","first_name":")" + name + R"(","phone":")" + phone + R"(","id":)" + id +
           R"(,"username":"ann@example.com"})";
  };
  EXPECT_EQ(client.me(token).body, card("Анна", ""));

  EXPECT_EQ(client.patch_me(token, {{"phone", "+7 495 000-00-00"}, {"last_name", "x"}}).body,
            card("Анна", "+7 495 000-00-00"));
  EXPECT_EQ(client.me(token).body, card("Анна", "+7 495 000-00-00")) << "not from memory";
  EXPECT_EQ(client.patch_me(token, {{"first_name", ""}}).body, card("", "+7 495 000-00-00"));
  EXPECT_EQ(client.patch_me(token, {{"phone", std::string(33, '1')}}).body,
            R"({"phone":["Ensure this field has no more than 32 characters."]})");
  EXPECT_EQ(client.patch_me(token, {{"username", "anna"}, {"id", "7"}}).body, card("", "+7 495 000-00-00"));
  server.restart();
  EXPECT_EQ(client.me(token).body, card("", "+7 495 000-00-00"));
}

TEST_F(WithProfileFields, WhatIsAsItWasIsNoChange) {
  ASSERT_EQ(client.register_person("ann@example.com").status, 201);
  const std::string token = client.token_of("ann@example.com");
  const Fields told{{"email", "ann@example.com"}, {"phone", "1"}, {"first_name", "Ann"}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.patch_me(token, told).status, 200);
  EXPECT_EQ(events("ann@example.com", core::AuditAction::profile_changed), 1);
  EXPECT_EQ(events("ann@example.com", core::AuditAction::email_changed), 0);

  EXPECT_EQ(client.patch_me(token, {{"phone", "1"}, {"first_name", "Anna"}}).status, 200);
  EXPECT_EQ(events("ann@example.com", core::AuditAction::profile_changed), 2);
}

class RationedProfiles : public DjoserAccounts {
 protected:
  static config::Settings settings() {
    config::Settings settings = djoser_settings(config::DjoserProfile::stock);
    settings.djoser.profile_fields = {"phone"};
    settings.limits.enabled = true;
    return settings;
  }
  RationedProfiles() : DjoserAccounts(settings()) {}
};

TEST_F(RationedProfiles, SixtyChangesInARowAreEnoughForOneAccount) {
  for (const char* name : {"ann", "bob"}) ASSERT_EQ(client.register_stock(name, "").status, 201);
  const std::string ann = client.token_of("ann"), bob = client.token_of("bob");
  const auto change = [this](const std::string& token, int i) {
    return client.patch_me(token, {{"phone", std::to_string(i)}});
  };
  int changes = 0;
  while (changes < 100 && change(ann, changes).status == 200) ++changes;  // one more in ten seconds is let through

  EXPECT_GE(changes, 60);
  EXPECT_LT(changes, 100);
  const Answer refused = change(ann, changes);
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(events("ann", core::AuditAction::profile_changed), changes);
  EXPECT_EQ(change(bob, 1).status, 200);
  server.clock().advance(10s);
  EXPECT_EQ(change(ann, changes).status, 200);
}

TEST_F(DjoserAccounts, WhoDeletesTheirAccountIsGoneAndTheAddressIsFree) {
  const std::string token = have("ann@example.com"), session = envelope.session_of("ann@example.com");
  EXPECT_EQ(client.delete_me(token, "wrong-password").body, R"({"current_password":["Invalid password."]})");
  EXPECT_EQ(client.send("DELETE", "/users/me/", token, "{}").body,
            R"({"current_password":["This field is required."]})");
  ASSERT_TRUE(client.is_live(token));

  const Answer deleted = client.delete_me(token, password);

  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(client.me(token).body, R"({"detail":"Invalid token."})");
  EXPECT_FALSE(envelope.is_live(session));
  EXPECT_EQ(client.sign_in("ann@example.com").body, unable);
  EXPECT_EQ(client.register_person("ann@example.com").status, 201);
}

TEST_F(DjoserAccounts, NobodySeesOrTouchesAnother) {
  const std::string ann = have("ann@example.com"), bob = have("bob@example.com");
  const std::string path = "/users/" + member(client.me(bob), "id") + "/";
  const std::string proof = json_of({{"current_password", password}});

  EXPECT_EQ(client.send("GET", path, ann).body, R"({"detail":"Not found."})");
  EXPECT_EQ(client.send("PATCH", path, ann, R"({"email":"x@example.com"})").status, 404);
  EXPECT_EQ(client.send("PUT", path, ann, R"({"email":"x@example.com"})").status, 404);
  EXPECT_EQ(client.send("DELETE", path, ann, proof).status, 403);
  EXPECT_EQ(client.send("DELETE", "/users/1/", ann, proof).status, 403) << "whether it exists is not told";
  EXPECT_EQ(client.send("GET", "/users/", ann).body, "[" + client.me(ann).body + "]");
  EXPECT_TRUE(client.is_live(bob));
}

}  // namespace
}  // namespace propusk::testing
