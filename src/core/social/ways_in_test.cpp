// Ways in: what counts as one, what is ended, and whose connections a reader of the mailbox gets rid of.
#include "core/social/ways_in.hpp"

#include "core/social/foreign_connections.hpp"
#include "core/social/testing/social_world.hpp"

namespace propusk::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::run;

class WaysIn : public testing::SocialWorld {
 protected:
  AccountId ann = have(1, "ann", "ann@gmail.com");

  Result<std::vector<SocialLink>> end(const std::string& provider, std::optional<std::string> subject = {}) {
    return run(store->write(
        [=, id = ann](Transaction& t) { return end_connections(t, t.accounts().find(id).value(), provider, subject); },
        Deadline::max()));
  }
  std::optional<Refusal> why_not(const std::string& provider, std::optional<std::string> subject = {}) {
    const auto ended = end(provider, std::move(subject));
    return ended ? std::nullopt : std::optional(ended.error().why);
  }
  void end_foreign(const std::string& email) {
    write([=, id = ann, now = clock.now()](Transaction& t) {
      end_foreign_connections(t, id, {.email = email, .event_id = 7, .now = now, .client = "192.0.2.1"});
    });
  }
};

TEST_F(WaysIn, AllOfAProviderEndOrTheOneThatIsMeant) {
  for (const char* subject : {"1", "2", "3"}) connect(ann, "github", subject);
  connect(ann, "oidc", "1");
  EXPECT_EQ(end("github", "2")->size(), 1U);
  EXPECT_THAT(links(ann), ElementsAre("github:1", "github:3", "oidc:1"));
  EXPECT_EQ(end("github")->size(), 2U);
  EXPECT_THAT(links(ann), ElementsAre("oidc:1"));
}

TEST_F(WaysIn, WhatIsNotThereIsUnknown) {
  connect(ann, "github", "1");
  EXPECT_EQ(why_not("oidc"), Refusal::identity_unknown);
  EXPECT_EQ(why_not("github", "2"), Refusal::identity_unknown);
  EXPECT_EQ(why_not("github", ""), Refusal::identity_unknown) << "an empty subject is not every subject";
  EXPECT_THAT(links(ann), ElementsAre("github:1"));
}

TEST_F(WaysIn, APasswordOrAnotherConnectionIsAWayIn) {
  connect(ann, "github", "1");
  connect(ann, "oidc", "1");
  take_password(ann);
  EXPECT_EQ(why_not("github"), std::nullopt);
  EXPECT_EQ(why_not("oidc"), Refusal::last_way_in);
  EXPECT_THAT(links(ann), ElementsAre("oidc:1"));
}

TEST_F(WaysIn, OneThatWaitsForItsTrueSubjectIsNone) {
  connect(ann, "github", "1");
  connect(ann, "google-oauth2", "ann@gmail.com", "", true);
  take_password(ann);
  EXPECT_EQ(why_not("github"), Refusal::last_way_in);
  EXPECT_EQ(why_not("google-oauth2"), std::nullopt);
}

TEST_F(WaysIn, AReaderOfTheMailboxKeepsTheConnectionsToThatMailboxAlone) {
  connect(ann, "github", "1", "");
  connect(ann, "google-oauth2", "1", "ann@gmail.com");
  connect(ann, "google-oauth2", "2", "thief@gmail.com");
  connect(ann, "mailru", "ann@gmail.com", "", true);
  connect(have(2, "bob"), "github", "2", "");

  end_foreign("ANN@gmail.com");

  EXPECT_THAT(links(ann), ElementsAre("google-oauth2:1"));
  EXPECT_THAT(links(AccountId{2}), ElementsAre("github:2"));
  const auto events = read([id = ann](const Transaction& t) { return t.audit().list(id, 10); });
  ASSERT_EQ(events.size(), 1U) << "one event for all of them";
  EXPECT_EQ(events[0].action, AuditAction::identity_disconnected);
  EXPECT_EQ(events[0].actor, "client 192.0.2.1");
  for (const char* provider : {"github", "google-oauth2", "mailru"})
    EXPECT_NE(events[0].detail.find(provider), std::string::npos) << provider;
}

TEST_F(WaysIn, WhereNothingIsForeignNothingIsWrittenDown) {
  connect(ann, "google-oauth2", "1", "ann@gmail.com");
  end_foreign("ann@gmail.com");
  EXPECT_THAT(links(ann), ElementsAre("google-oauth2:1"));
  EXPECT_THAT(actions(ann), IsEmpty());
}

}  // namespace
}  // namespace propusk::core
