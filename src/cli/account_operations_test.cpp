// Accounts by operators' verbs: what an operator's word does to their state and their address.
#include "cli/account_operations.hpp"

#include "cli/testing/operations_fixture.hpp"

namespace propusk::cli {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using Actions = std::multiset<std::string>;

class AccountOperations : public Operations {
 protected:
  core::AccountId id_of_ann() { return core::AccountId{result_of_ann("account.show").at("id").as_int64()}; }
  /// bob, with an address that he has verified, or claimed.
  void create_bob(bool is_verified) {
    const auto id =
        result(R"({"verb":"account.create","username":"bob","email":"","password":"correct horse"})").at("id");
    write([account = core::AccountId{id.as_int64()}, is_verified](core::Transaction& t) {
      const std::string email = "bob@example.org";
      if (is_verified)
        t.accounts().set_verified_email(account, email, email);
      else
        t.accounts().set_email(account, email, email, true);
    });
  }
  /// Gives ann an unused link of every purpose.
  void mail_links() {
    write([account = id_of_ann(), now = clock.now()](core::Transaction& t) {
      for (const core::LinkPurposeRow& row : core::link_purposes) {
        core::Link link;
        link.digest.bytes[0] = static_cast<std::byte>(row.purpose);
        link.purpose = row.purpose;
        link.account = account;
        link.epoch = 1;
        link.email = "ann@example.org";
        link.created_at = now;
        link.expires_at = now + 1h;
        t.links().insert(link);
      }
    });
  }
  std::set<core::LinkPurpose> links_left() {
    std::set<core::LinkPurpose> left;
    write([&left](core::Transaction& t) {
      for (const core::LinkPurposeRow& row : core::link_purposes) {
        Digest digest{};
        digest.bytes[0] = static_cast<std::byte>(row.purpose);
        if (t.links().find(digest)) left.insert(row.purpose);
      }
    });
    return left;
  }
  json::object set_email(std::string_view address, bool is_verified = false) {
    return ask_of_ann("account.set_email", {{"email", address}, {"verified", is_verified}});
  }
};

TEST_F(AccountOperations, APendingAccountShowsUntilWhenItWaits) {
  const auto created = create_pending_ann();

  EXPECT_EQ(created.at("state"), "pending");
  EXPECT_EQ(created.at("pending_until"), "2026-01-04T00:00:00Z");
  EXPECT_EQ(created.at("email_claimed"), true);
  EXPECT_EQ(created.at("email_verified"), false);
  std::vector<core::MailRequest> asked;
  write([&asked](core::Transaction& t) { asked = t.outbox().oldest_requests(9); });
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].kind, core::MailKind::activation);
  EXPECT_EQ(asked[0].email, "ann@example.org");
}

TEST_F(AccountOperations, APendingAccountNeedsAnAddressThatIsFree) {
  create_bob(false);
  const auto create = [&](std::string_view email) {
    return ask(R"({"verb":"account.create","username":"ann","password":"correct horse","pending":true,"email":")" +
               std::string(email) + "\"}")
        .at("reasons")
        .as_array()
        .at(0);
  };
  EXPECT_EQ(create(""), "email_malformed");
  EXPECT_EQ(create("bob@example.org"), "email_taken");
}

TEST_F(AccountOperations, WhatAPersonToldIsShownWhereItWasTold) {
  create_ann();
  EXPECT_FALSE(result_of_ann("account.show").contains("phone"));
  write([id = id_of_ann()](core::Transaction& t) {
    t.accounts().set_profile_field(id, core::ProfileField::first_name, "Анна");
    t.accounts().set_profile_field(id, core::ProfileField::phone, "+7 900");
  });

  const auto shown = result_of_ann("account.show");

  EXPECT_EQ(shown.at("first_name"), "Анна");
  EXPECT_EQ(shown.at("phone"), "+7 900");
  EXPECT_FALSE(shown.contains("last_name") || shown.contains("middle_name"));
}

TEST_F(AccountOperations, ActivatingDoesNotVerifyTheAddress) {
  create_pending_ann();
  mail_links();

  const auto active = result_of_ann("account.activate", {{"verify_email", false}});

  EXPECT_EQ(active.at("state"), "active");
  EXPECT_EQ(active.at("pending_until"), nullptr);
  EXPECT_EQ(active.at("email_verified"), false);
  EXPECT_FALSE(links_left().contains(core::LinkPurpose::activation));
  EXPECT_EQ(result_of_ann("account.activate"), active) << "what is active stays so";
  EXPECT_EQ(actions(), (Actions{"account_created", "account_activated"}));
}

TEST_F(AccountOperations, ActivatingVerifiesTheAddressOnDemand) {
  create_pending_ann();
  result_of_ann("account.activate");

  EXPECT_EQ(result_of_ann("account.activate", {{"verify_email", true}}).at("email_verified"), true);

  result_of_ann("account.activate", {{"verify_email", true}});
  EXPECT_EQ(actions(), (Actions{"account_created", "account_activated", "email_verified"}));
}

TEST_F(AccountOperations, AVerificationThatIsRefusedActivatesNothing) {
  create_pending_ann();
  create_bob(true);
  write([](core::Transaction& t) {
    const auto bob = t.accounts().find_by_username("bob");
    t.accounts().set_verified_email(bob->id, "ann@example.org", "ann@example.org");
  });

  EXPECT_EQ(ask_of_ann("account.activate", {{"verify_email", true}}).at("reasons").as_array().at(0), "email_taken");

  EXPECT_EQ(result_of_ann("account.show").at("state"), "pending");
}

TEST_F(AccountOperations, DisabledAndPendingAreLeftByTheirOwnVerbs) {
  create_pending_ann();
  const auto enabled = ask_of_ann("account.enable");
  EXPECT_EQ(enabled.at("failure"), "refused");
  EXPECT_THAT(std::string(enabled.at("message").as_string()), HasSubstr("`account activate`"));

  result_of_ann("account.disable");
  const auto activated = ask_of_ann("account.activate");
  EXPECT_EQ(activated.at("reasons").as_array().at(0), "account_disabled");
  EXPECT_THAT(std::string(activated.at("message").as_string()), HasSubstr("`account enable`"));
  EXPECT_EQ(ask(R"({"verb":"account.activate","identifier":"nobody"})").at("reasons").as_array().at(0),
            "account_unknown");
}

TEST_F(AccountOperations, DisablingAPendingAccountAndEnablingItVouchesForNoAddress) {
  create_pending_ann();
  for (const bool has_lapsed : {false, true}) {
    if (has_lapsed) write([id = id_of_ann()](core::Transaction& t) { t.accounts().release_claim(id); });
    EXPECT_EQ(result_of_ann("account.disable").at("state"), "disabled");
    clock.advance(24h);

    const auto enabled = result_of_ann("account.enable");

    EXPECT_EQ(enabled.at("state"), "pending");
    EXPECT_EQ(enabled.at("pending_until"), has_lapsed ? "2026-01-06T00:00:00Z" : "2026-01-05T00:00:00Z");
  }
  result_of_ann("account.activate");
  result_of_ann("account.disable");
  EXPECT_EQ(result_of_ann("account.enable").at("state"), "active") << "what was active is so again";
}

TEST_F(AccountOperations, AnAddressByTheOperatorsWordIsClaimedAndEndsEveryLink) {
  create_ann();
  mail_links();

  const auto changed = set_email("Anna@Example.org").at("result");

  EXPECT_EQ(changed.at("email"), "Anna@Example.org");
  EXPECT_EQ(changed.at("email_verified"), false);
  EXPECT_EQ(changed.at("email_claimed"), true);
  EXPECT_TRUE(links_left().empty());
  EXPECT_EQ(actions(), (Actions{"account_created", "email_changed"}));
}

TEST_F(AccountOperations, AnAddressMayBeVerifiedByTheOperatorsWord) {
  create_ann();
  EXPECT_EQ(set_email("anna@example.org", true).at("result").at("email_verified"), true);
  EXPECT_EQ(set_email("anna@example.org").at("result").at("email_verified"), true) << "no new word, no change";
  EXPECT_EQ(actions(), (Actions{"account_created", "email_changed", "email_verified"}));
}

TEST_F(AccountOperations, AnAddressThatSomebodyHasIsTaken) {
  create_ann();
  create_bob(false);
  EXPECT_EQ(set_email("BOB@example.org").at("reasons").as_array().at(0), "email_taken");
  EXPECT_EQ(set_email("nobody").at("reasons").as_array().at(0), "email_malformed");
  // A verification drops a claim, and nothing drops a verification.
  EXPECT_EQ(set_email("bob@example.org", true).at("result").at("email_verified"), true);
  EXPECT_EQ(result(R"({"verb":"account.show","identifier":"bob"})").at("email_claimed"), false);
  const auto back = ask(R"({"verb":"account.set_email","identifier":"bob","email":"bob@example.org","verified":true})");
  EXPECT_EQ(back.at("reasons").as_array().at(0), "email_taken");
}

TEST_F(AccountOperations, WhoIsCalledByTheirAddressGoesOnBeingCalledByIt) {
  create_ann();
  write([id = id_of_ann()](core::Transaction& t) {
    t.accounts().set_username(id, "ann@example.org", "ann@example.org");
  });

  const auto changed = result(
      R"({"verb":"account.set_email","identifier":"ann@example.org","email":"anna@example.org","verified":true})");

  EXPECT_EQ(changed.at("username"), "anna@example.org");
}

TEST_F(AccountOperations, AccountsAreListedByState) {
  create_pending_ann();
  create_bob(true);
  const auto names = [&](std::string_view state) {
    std::vector<std::string> found;
    for (const auto& account :
         result(R"({"verb":"account.list","after":0,"state":")" + std::string(state) + "\"}").at("accounts").as_array())
      found.emplace_back(account.at("username").as_string());
    return found;
  };
  EXPECT_EQ(names("pending"), std::vector<std::string>{"ann"});
  EXPECT_EQ(names("active"), std::vector<std::string>{"bob"});
  EXPECT_TRUE(names("disabled").empty());
  EXPECT_EQ(names("").size(), 2u);
  EXPECT_EQ(ask(R"({"verb":"account.list","state":"asleep"})").at("failure"), "malformed");
}

}  // namespace
}  // namespace propusk::cli
