// One account through every dialect: made by one, used by the other, changed, recovered, and its old cookies dead in
// both.
#include <gtest/gtest.h>

#include <string>

#include "tests/scenarios/envelope_client.hpp"

namespace propusk::testing {
namespace {
constexpr const char* recovered = "Rec0vered-Pass-99";

class MobileClient {
 public:
  explicit MobileClient(TestServer& server) : server_(server) {}
  Answer register_person(const std::string& username, const std::string& mail) const {
    return post_form(server_.port(), "/mobile/registration/",
                     {{"username", username}, {"password", password}, {"again_pass", password}, {"mail", mail}});
  }
  Answer sign_in(const std::string& username, const std::string& secret = password) const {
    const std::string token(32, 'a');
    return post_form(server_.port(), "/mobile/login/",
                     {{"username", username}, {"password", secret}, {"csrfmiddlewaretoken", token}},
                     {{"Cookie", "csrftoken=" + token}});
  }
  std::string session_of(const std::string& username, const std::string& secret = password) const {
    return sign_in(username, secret).cookie("sessionid").value();
  }
  bool is_live(const std::string& session) const {
    return ask(server_.port(), "GET", "/mobile/start/", {{"Cookie", "sessionid=" + session}}).body == "Yes";
  }
  void sign_out(const std::string& session) const {
    ask(server_.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + session}});
  }

 private:
  TestServer& server_;
};

class CrossDialect : public ::testing::Test {
 protected:
  TestServer server{settings_with_mail()};
  EnvelopeClient envelope{server};
  MobileClient mobile{server};
  Mailbox mailbox{server.directory()};
};

TEST_F(CrossDialect, OneAccountLivesThroughAllOfIt) {
  // Given an account that was made by mobile, and a session of each dialect
  ASSERT_EQ(mobile.register_person("ann", "ann@example.com").body, "user is successfully created");
  const std::string of_mobile = mobile.session_of("ann"), of_envelope = envelope.session_of("ann");
  for (const std::string& session : {of_mobile, of_envelope}) {
    EXPECT_TRUE(mobile.is_live(session));
    EXPECT_EQ(envelope.sign_in_by_cookie(session).body,
              R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})");
  }

  // When envelope changes everything, by the cookie that mobile set
  const Answer edited = envelope.edit(
      of_mobile,
      {{"password", password}, {"username", "anna"}, {"new_password", other_password}, {"email", "anna@example.com"}});
  ASSERT_EQ(edited.body,
            R"({"status": 1, "result": {"username": true, "new_password": true, "email": true}, "error": 0})");

  // Then the old cookies are dead in both dialects, and the fresh one lives in both
  const std::string fresh = edited.cookie("sessionid").value();
  for (const std::string& session : {of_mobile, of_envelope}) {
    EXPECT_FALSE(mobile.is_live(session));
    EXPECT_FALSE(envelope.is_live(session));
  }
  EXPECT_TRUE(mobile.is_live(fresh));
  EXPECT_TRUE(envelope.is_live(fresh));
  EXPECT_EQ(mobile.sign_in("ann").status, 405);
  EXPECT_EQ(mobile.sign_in("anna", other_password).status, 200);

  // And the new address holds once its link was followed
  envelope.follow(mailbox.wait_for_links("anna@example.com", "/auth/email/").front());
  EXPECT_EQ(envelope.sign_in("anna@example.com", other_password).body,
            R"({"status": 1, "result": {"email": "anna@example.com"}, "error": 0})");

  // And recovery ends all of it
  EXPECT_EQ(envelope.restore("anna@example.com").body, R"({"status": 1, "result": {}, "error": 0})");
  envelope.follow(mailbox.wait_for_links("anna@example.com", "/auth/restore/").front(), {{"new_password", recovered}});
  EXPECT_FALSE(mobile.is_live(fresh));
  EXPECT_FALSE(envelope.is_live(fresh));
  EXPECT_EQ(mobile.sign_in("anna", other_password).status, 405);
  EXPECT_EQ(mobile.sign_in("anna", recovered).status, 200);
  EXPECT_TRUE(envelope.sign_in("anna", recovered).cookie("sessionid"));
}

TEST_F(CrossDialect, AnAccountOfEnvelopeSignsInByMobileAndOneLogoutCountsInBoth) {
  envelope.register_person("ann", "ann@example.com");
  const std::string session = mobile.session_of("ann");
  EXPECT_TRUE(envelope.is_live(session));
  envelope.sign_out(session);
  EXPECT_FALSE(mobile.is_live(session));
  const std::string other = envelope.session_of("ann");
  mobile.sign_out(other);
  EXPECT_FALSE(envelope.is_live(other));
}

TEST_F(CrossDialect, ADisabledAccountIsOutOfBoth) {
  envelope.register_person("ann", "ann@example.com");
  const std::string session = mobile.session_of("ann");
  server.disable_account("ann");
  EXPECT_EQ(mobile.sign_in("ann").status, 405);
  EXPECT_TRUE(envelope.sign_in("ann").body.ends_with("\"error\": 42}"));
  EXPECT_FALSE(mobile.is_live(session));
  EXPECT_TRUE(envelope.sign_in_by_cookie(session).body.ends_with("\"error\": 42}"));
}

TEST_F(CrossDialect, MobileNeitherTakesAnAddressNorIsRefusedOne) {
  envelope.register_person("ann", "ann@example.com");
  EXPECT_EQ(mobile.register_person("bob", "ann@example.com").body, "user is successfully created");
  EXPECT_EQ(mobile.register_person("carol", "carol@example.com").body, "user is successfully created");
  EXPECT_EQ(envelope.register_person("dave", "carol@example.com").body, R"({"status": 1, "error": 0})");
  // Only a claim signs in by address.
  EXPECT_TRUE(envelope.sign_in("ann@example.com").body.contains("\"error\": 0"));
  EXPECT_EQ(mobile.sign_in("ann@example.com").status, 405);
  mobile.register_person("erin", "erin@example.com");
  EXPECT_TRUE(envelope.sign_in("erin@example.com").body.contains("\"error\": 41"));
}

TEST_F(CrossDialect, WrongPasswordsOfBothDialectsCountTogether) {
  envelope.register_person("ann", "ann@example.com");
  const std::string session = envelope.session_of("ann");
  for (int i = 0; i < 4; ++i) {
    mobile.sign_in("ann", "wrong-password");
    envelope.sign_in("ann@example.com", "wrong-password");
  }
  for (int i = 0; i < 2; ++i) envelope.edit(session, {{"password", "wrong-password"}, {"username", "x"}});
  EXPECT_TRUE(mobile.sign_in("ann").header("retry-after"));
  EXPECT_TRUE(envelope.sign_in("ann").header("retry-after"));
}

TEST_F(CrossDialect, AnAddressOfTwoMobileAccountsGetsOneLetterWithALinkForEach) {
  mobile.register_person("ann", "family@example.com");
  mobile.register_person("bob", "family@example.com");
  envelope.restore("family@example.com");
  const std::vector<std::string> links = mailbox.wait_for_links("family@example.com", "/auth/restore/");
  ASSERT_EQ(links.size(), 2U);

  envelope.follow(links[0], {{"new_password", recovered}});

  const bool is_ann = mobile.sign_in("ann", recovered).status == 200;
  const bool is_bob = mobile.sign_in("bob", recovered).status == 200;
  EXPECT_NE(is_ann, is_bob);
  EXPECT_EQ(mailbox.wait_for("family@example.com", "/auth/restore/").size(), 1U);
  // Who followed it has verified the address: from now on it is theirs alone.
  EXPECT_TRUE(server.account(is_ann ? "ann" : "bob").email_verified);
  EXPECT_TRUE(envelope.sign_in("family@example.com", recovered).cookie("sessionid"));
  EXPECT_EQ(envelope.register_person("eve", "family@example.com").body, R"({"status": 0, "error": 32})");
}

TEST_F(CrossDialect, AVerifiedAddressBeatsTheClaimOfAnotherAccount) {
  mobile.register_person("ann", "ann@example.com");
  envelope.restore("ann@example.com");
  const std::string link = mailbox.wait_for_links("ann@example.com", "/auth/restore/").front();
  ASSERT_EQ(envelope.register_person("squatter", "ann@example.com").body, R"({"status": 1, "error": 0})");

  envelope.follow(link, {{"new_password", recovered}});

  EXPECT_TRUE(envelope.sign_in("ann@example.com", recovered).cookie("sessionid"));
  EXPECT_FALSE(envelope.sign_in("ann@example.com", password).cookie("sessionid"));
  EXPECT_FALSE(server.account("squatter").email_claimed);
}

}  // namespace
}  // namespace propusk::testing
