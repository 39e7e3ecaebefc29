// What ends credentials ends every kind of them at once: the registry of kinds is iterated, so that a new one is either
// opened here and ended, or fails.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/admin/credential_administration.hpp"
#include "core/sessions/credential.hpp"
#include "dialects/oauth/wire.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/mobile_client.hpp"
#include "tests/scenarios/oauth_client.hpp"

namespace propusk::testing {
namespace {
using core::CredentialKind;

constexpr const char* recovered = "Rec0vered-Pass-99";

/// A credential that somebody holds, with every way to use it.
struct Opened {
  CredentialKind kind{};
  std::string session;        ///< of browser_session
  std::string authorization;  ///< of the others
  std::string refresh;        ///< of jwt_refresh
};

class EndingsByKind : public ::testing::Test {
 protected:
  EndingsByKind() {
    EXPECT_EQ(djoser.register_stock("ann", "ann@example.com").status, 201);
    EXPECT_EQ(djoser.register_stock("bob", "bob@example.com").status, 201);
  }

  /// Nothing for a kind that no dialect opens, as far as this test knows.
  [[nodiscard]] std::optional<Opened> open(CredentialKind kind, const std::string& name = "ann") const {
    switch (kind) {
      case CredentialKind::browser_session: return Opened{kind, mobile.session_of(name), {}, {}};
      case CredentialKind::auth_token: return Opened{kind, {}, djoser.token_of(name), {}};
      case CredentialKind::jwt_refresh: {
        const JwtPair pair = djoser.pair_of(name);
        return Opened{kind, {}, "Bearer " + pair.access, pair.refresh};
      }
      case CredentialKind::oauth_access: {
        const Answer tokens = client.by_password(name);
        return Opened{kind, {}, "Bearer " + member(tokens, "access_token"), {}};
      }
      case CredentialKind::oauth_refresh: {
        const Answer tokens = client.by_password(name);
        return Opened{kind, {}, "Bearer " + member(tokens, "access_token"), member(tokens, "refresh_token")};
      }
    }
    return std::nullopt;
  }
  /// `count` credentials of every kind in the registry.
  std::vector<Opened> open_all(std::size_t count, const std::string& name = "ann") {
    std::vector<Opened> all;
    for (const core::CredentialKindRow& row : core::credential_kinds)
      for (std::size_t i = 0; i < count; ++i) {
        const std::optional<Opened> opened = open(row.kind, name);
        if (opened)
          all.push_back(*opened);
        else
          ADD_FAILURE() << "no dialect is known here that opens the kind " << row.name;
      }
    EXPECT_EQ(all.size(), count * core::credential_kinds.size());
    return all;
  }

  /// In how many ways a credential still lets somebody in.
  [[nodiscard]] int ways_in(const Opened& opened) const {
    if (opened.kind == CredentialKind::browser_session)
      return int{mobile.is_live(opened.session)} + int{envelope.is_live(opened.session)};
    bool refreshes = false;
    if (opened.kind == CredentialKind::jwt_refresh) refreshes = djoser.verify(opened.refresh).status == 200;
    if (opened.kind == CredentialKind::oauth_refresh) refreshes = has_sign_in(opened.refresh);
    return int{djoser.is_live(opened.authorization)} + int{refreshes};
  }
  /// Whether the sign-in of a client's refresh token is live, without using the token up.
  [[nodiscard]] bool has_sign_in(const std::string& refresh) const {
    const std::optional<propusk::oauth::RefreshToken> token = propusk::oauth::read_refresh_token(refresh);
    const Instant now = server.clock().now();
    return token && server.application().wait_for(server.application().administration().store.read(
                        [digest = token->credential(), now](const core::Transaction& transaction) {
                          return core::find_owned(transaction, digest, now).has_value();
                        },
                        server.as_operator().deadline));
  }
  void expect_live(const std::vector<Opened>& all) const {
    for (const Opened& each : all) {
      const bool has_one = each.kind == CredentialKind::auth_token || each.kind == CredentialKind::oauth_access;
      EXPECT_EQ(ways_in(each), has_one ? 1 : 2) << core::row_of(each.kind).name;
    }
  }
  /// Dead now, and when everything is read from the store again; a refresh token gives nothing either.
  void expect_dead(const std::vector<Opened>& all) {
    for (const bool is_restarted : {false, true}) {
      if (is_restarted) server.restart();
      for (const Opened& each : all) {
        EXPECT_EQ(ways_in(each), 0) << core::row_of(each.kind).name << (is_restarted ? " after a restart" : "");
        if (each.kind == CredentialKind::jwt_refresh) EXPECT_EQ(djoser.refresh(each.refresh).status, 401);
        if (each.kind == CredentialKind::oauth_refresh) EXPECT_EQ(client.refresh(each.refresh).status, 400);
      }
    }
  }

  /// One of the verbs by which operators end credentials, on Ann.
  template <class Verb>
  void end_as_operator(Verb verb) {
    core::Operator by{.name = "operator test", .deadline = server.clock().monotonic() + std::chrono::seconds{20}};
    EXPECT_TRUE(server.application().wait_for(
        verb(server.account("ann").id, std::move(by), server.application().administration())));
  }

  /// Given everything open, when `end` happens, then nothing of Ann's is live and all of Bob's is.
  void expect_to_end_everything(const std::function<void()>& end) {
    const std::vector<Opened> of_ann = open_all(2), of_bob = open_all(1, "bob");
    expect_live(of_ann);

    end();

    expect_dead(of_ann);
    expect_live(of_bob);
  }

  mutable TestServer server{oauth_settings()};
  DjoserClient djoser{server};
  EnvelopeClient envelope{server};
  MobileClient mobile{server};
  OauthClient client{server};
  Mailbox mailbox{server.directory()};
};

TEST_F(EndingsByKind, RecoveryByAMailedLinkEndsEveryKind) {
  expect_to_end_everything([this] {
    ASSERT_EQ(djoser.reset_password("ann@example.com").status, 204);
    const std::string link = mailbox.wait_for_links("ann@example.com", "/auth/password/reset/confirm/").front();
    ASSERT_EQ(djoser.confirm_reset(parts_of(link), recovered).status, 204);
  });
  EXPECT_EQ(djoser.sign_in("ann", recovered).status, 200);
}

TEST_F(EndingsByKind, RecoveryOnTheHostedPageEndsEveryKind) {
  expect_to_end_everything([this] {
    envelope.restore("ann@example.com");
    const std::string link = mailbox.wait_for_links("ann@example.com", "/auth/restore/").front();
    ASSERT_EQ(envelope.follow(link, {{"new_password", recovered}}).status, 303);
  });
}

TEST_F(EndingsByKind, APasswordSetByAnOperatorEndsEveryKind) {
  expect_to_end_everything([this] { server.set_password("ann", recovered); });
}

TEST_F(EndingsByKind, DisablingEndsEveryKindAndEnablingBringsNoneBack) {
  expect_to_end_everything([this] { server.disable_account("ann"); });
  const std::vector<Opened> before = [this] {
    server.enable_account("ann");
    return open_all(1);
  }();
  server.disable_account("ann");
  server.enable_account("ann");
  expect_dead(before);
}

TEST_F(EndingsByKind, AnOperatorWhoSignsSomebodyOutEverywhereEndsEveryKind) {
  expect_to_end_everything([this] { end_as_operator(core::sign_out_everywhere); });
}

TEST_F(EndingsByKind, AnOperatorWhoRevokesTokensEndsEveryKindButSessions) {
  const std::vector<Opened> all = open_all(2);

  end_as_operator(core::revoke_tokens);

  std::vector<Opened> sessions, tokens;
  for (const Opened& each : all) (each.session.empty() ? tokens : sessions).push_back(each);
  expect_dead(tokens);
  expect_live(sessions);
}

TEST_F(EndingsByKind, DeletionByAnOperatorEndsEveryKind) {
  expect_to_end_everything([this] { server.delete_account("ann"); });
}

TEST_F(EndingsByKind, DeletionByTheOwnerEndsEveryKind) {
  expect_to_end_everything([this] { ASSERT_EQ(djoser.delete_me(djoser.token_of("ann"), password).status, 204); });
}

TEST_F(EndingsByKind, APasswordChangedByABearerEndsEveryKindButTheOneThatAsked) {
  for (const core::CredentialKindRow& row : core::credential_kinds) {
    if (row.kind == CredentialKind::browser_session) continue;  // has no header to send
    const std::string name = "by_" + std::string(row.name);
    ASSERT_EQ(djoser.register_stock(name, name + "@example.com").status, 201);
    const std::vector<Opened> others = open_all(2, name);
    const std::optional<Opened> asker = open(row.kind, name);
    ASSERT_TRUE(asker) << row.name;

    EXPECT_EQ(djoser.set_password(asker->authorization, password, other_password).status, 204) << row.name;

    expect_dead(others);
    expect_live({*asker});
    if (row.kind == CredentialKind::jwt_refresh) EXPECT_EQ(djoser.refresh(asker->refresh).status, 200);
    if (row.kind == CredentialKind::oauth_refresh) EXPECT_EQ(client.refresh(asker->refresh).status, 200);
  }
}

TEST_F(EndingsByKind, APasswordChangedByASessionEndsEveryKindButTheFreshOne) {
  const std::vector<Opened> others = open_all(2);
  const Opened asker = open(CredentialKind::browser_session).value();

  const Answer edited = envelope.edit(asker.session, {{"password", password}, {"new_password", other_password}});

  const Opened fresh{CredentialKind::browser_session, edited.cookie("sessionid").value(), {}, {}};
  expect_dead(others);
  expect_dead({asker});
  expect_live({fresh});
}

TEST_F(EndingsByKind, SigningOutEndsOneCredentialOfItsKind) {
  const std::vector<Opened> others = open_all(1);
  for (const core::CredentialKindRow& row : core::credential_kinds) {
    const std::optional<Opened> mine = open(row.kind);
    ASSERT_TRUE(mine) << row.name;
    if (row.kind == CredentialKind::browser_session)
      mobile.sign_out(mine->session);
    else
      EXPECT_EQ(djoser.sign_out(mine->authorization).status, 204) << row.name;
    EXPECT_EQ(ways_in(*mine), 0) << row.name;
    expect_live(others);
  }
}

}  // namespace
}  // namespace propusk::testing
