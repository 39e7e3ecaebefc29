// Whom a provider's word lets in: nobody by a token that was issued to another application, and nobody into an account
// by an address alone (SECURITY.md O1 to O4).
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "tests/scenarios/oauth_client.hpp"
#include "tests/support/fake_people.hpp"

namespace propusk::testing {
namespace {

class ForeignIdentities : public ::testing::Test {
 protected:
  config::Settings settings() {
    config::Settings settings = oauth_settings();
    settings.djoser.activation = config::ByProfile::on;
    people.offer(settings);
    return settings;
  }
  /// An account whose owner has followed the link that was mailed to the address.
  void make_account(const std::string& name, const std::string& email) {
    claim(name, email);
    const std::string link = Mailbox(server.directory()).wait_for_links(email, "/auth/activate/").front();
    ASSERT_EQ(djoser.activate(parts_of(link)).status, 204);
  }
  /// One that waits for that.
  void claim(const std::string& name, const std::string& email) {
    ASSERT_EQ(djoser.register_stock(name, email).status, 201);
  }
  /// Who is signed in by a provider's token; "" if nobody is.
  std::string username_by(const char* provider, const std::string& token) {
    const Answer answer = client.convert(provider, token);
    return answer.status == 200 ? member(djoser.me("Bearer " + member(answer, "access_token")), "username") : "";
  }

  FakePeople people;
  TestServer server{settings(), people};
  DjoserClient djoser{server};
  OauthClient client{server};
};

TEST_F(ForeignIdentities, NoTokenOfAnotherApplicationIsTaken) {
  for (const char* provider : {FakePeople::google, FakePeople::yandex, FakePeople::vk, FakePeople::github}) {
    constexpr int tried = 1'000;
    int accepted = 0;
    for (int i = 0; i < tried; ++i)
      accepted += int{client.convert(provider, "foreign-person" + std::to_string(i)).status == 200};

    EXPECT_EQ(accepted, 0) << provider;
    EXPECT_EQ(client.convert(provider, "person0").status, 200) << provider << ": one's own token is taken";
    std::cout << "foreign tokens of " << provider << ": " << accepted << " of " << tried << " accepted\n";
  }
}

TEST_F(ForeignIdentities, AnAddressThatAnAccountOnlyClaimsGivesItNobodysIdentity) {
  claim("thief", "vera@yandex.ru");

  const std::string vera = username_by(FakePeople::yandex, "vera");

  EXPECT_EQ(vera, "vera");
  EXPECT_NE(server.account("vera").id, server.account("thief").id);
  EXPECT_NE(djoser.sign_in("vera").status, 200) << "the thief's password opens nothing of hers";
  EXPECT_NE(djoser.sign_in("thief").status, 200) << "and the link that would activate it is at her address";
}

TEST_F(ForeignIdentities, WhoHasProvedTheMailboxOfTheProviderIsConnectedOnceNothingElseOpensTheAccount) {
  make_account("ann7", "ann@yandex.ru");

  const Answer refused = client.convert(FakePeople::yandex, "ann");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("An account with this e-mail address exists"), std::string::npos)
      << "its password is older than the proof of the address: " << refused.body;

  ASSERT_EQ(djoser.reset_password("ann@yandex.ru").status, 204);
  const Mailbox mailbox(server.directory());
  const std::string link = mailbox.wait_for_links("ann@yandex.ru", "/auth/password/reset/confirm/").front();
  ASSERT_EQ(djoser.confirm_reset(parts_of(link), other_password).status, 204);
  EXPECT_EQ(username_by(FakePeople::yandex, "ann"), "ann7");
  EXPECT_EQ(djoser.sign_in("ann7", other_password).status, 200);
}

TEST_F(ForeignIdentities, AnAddressOfAnotherHostProvesNothing) {
  make_account("ann7", "ann@gmail.test");

  EXPECT_NE(username_by(FakePeople::google, "ann"), "ann7") << "Google is not who runs that mailbox";
  EXPECT_NE(username_by(FakePeople::vk, "ann"), "ann7") << "VK tells no address";
}

TEST_F(ForeignIdentities, ASubjectIsOneAccountForEverAndNoNameIsTakenFromAnybody) {
  make_account("ann", "ann@example.org");
  const std::string first = username_by(FakePeople::github, "ann");

  EXPECT_NE(first, "ann");
  EXPECT_EQ(username_by(FakePeople::github, "ann"), first);
  EXPECT_NE(username_by(FakePeople::vk, "ann"), first) << "another provider's person is somebody else";
  EXPECT_EQ(djoser.sign_in("ann").status, 200);
}

TEST_F(ForeignIdentities, WithoutItsSettingNoMailboxConnects) {
  config::Settings strict = settings();
  strict.social.link_verified_email = config::LinkVerifiedEmail::never;
  server.restart_with(strict);
  make_account("ann7", "ann@yandex.ru");

  EXPECT_NE(username_by(FakePeople::yandex, "ann"), "ann7");
}

}  // namespace
}  // namespace propusk::testing
