// The account pages over a real store: what a fresh sign-in may do, what an old one may not, and what a form proves.
#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "web/session.hpp"
#include "web/testing/link_pages.hpp"

namespace propusk::web {
namespace {
using namespace std::chrono_literals;
using stores::testing::run;

/// Pages that take the password once more, or a fresh sign-in of an account that has none.
constexpr std::string_view guarded[] = {"/accounts/email/", "/accounts/password/", "/accounts/username/",
                                        "/accounts/delete/", "/accounts/data/"};

class OwnPages : public testing::LinkPages {
 protected:
  /// A browser in which somebody without a password has just signed in; `key` is its cookie.
  void have_session_of_passwordless() {
    web.sign_up.asks_username = true;
    const core::Account account = have(core::AccountState::active);
    const core::Credential credential{.digest = sha256(key),
                                      .kind = core::CredentialKind::browser_session,
                                      .account = account.id,
                                      .epoch = account.epoch,
                                      .prefix = "127.0.0.1",
                                      .label = "",
                                      .created_at = clock.now(),
                                      .seen_at = clock.now(),
                                      .expires_at = clock.now() + 1h};
    const auto done = run(store->write(
        [credential, at = clock.now()](core::Transaction& t) -> core::Result<bool> {
          t.accounts().set_password(credential.account, "", at);
          t.credentials().insert(credential);
          return true;
        },
        soon()));
    ASSERT_TRUE(done);
  }

  void connect(const std::string& provider, const std::string& subject) {
    core::SocialLink link;
    link.provider = provider;
    link.subject = subject;
    link.account = core::AccountId{7};
    link.created_at = clock.now();
    const auto done = run(store->write(
        [link](core::Transaction& t) -> core::Result<bool> { return t.social_links().insert(link); }, soon()));
    ASSERT_TRUE(done && *done);
  }
  std::size_t connections() {
    return run(store->read([](const core::Transaction& t) { return t.social_links().list(core::AccountId{7}).size(); },
                           soon()));
  }

  int get_own(std::string_view path, std::string_view query = "") {
    return ask_own(http::Method::get, path, "", query);
  }
  /// A form of this session, with its token.
  int post_own(std::string_view path, const std::string& fields) {
    const std::string form = (fields.empty() ? "" : fields + "&") + "form_token=" + form_token(key);
    return ask_own(http::Method::post, path, form);
  }
  int ask_own(http::Method method, std::string_view path, std::string_view body, std::string_view query = "") {
    const std::string cookie = "sessionid=" + key;
    http::Request request;
    request.method = method;
    request.path = path;
    request.query = query;
    request.body = body;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Sec-Fetch-Site", "same-origin"}};
    if (!key.empty()) request.headers.push_back({"Cookie", cookie});
    request.caller.deadline = soon();
    reply.clear();
    const http::Router::Found found = router.find(request);
    if (!found.route) return 0;
    if (found.route->plain)
      found.route->plain(*found.route, request, reply);
    else
      run(testing::answer(found.route, &request, &reply));
    return reply.status;
  }
  /// Goes on under the session that the answer has set.
  void take_session() {
    constexpr std::string_view before = "Set-Cookie: sessionid=";
    const std::size_t at = reply.lines().find(before);
    ASSERT_NE(at, std::string::npos);
    key = reply.lines().substr(at + before.size(), 32);
  }

  std::string key = std::string(32, 'k');
};

TEST_F(OwnPages, AFreshSignInStandsForThePasswordThatAnAccountHasNot) {
  have_session_of_passwordless();
  for (const std::string_view path : guarded) {
    EXPECT_EQ(get_own(path), 200) << path;
    EXPECT_FALSE(says("current_password")) << path;
  }
  EXPECT_EQ(post_own("/accounts/email/", "new_email=new%40example.org"), 303);
  EXPECT_EQ(post_own("/accounts/username/", "new_username=anna"), 303);
  EXPECT_EQ(stored()->username, "anna");
  EXPECT_EQ(post_own("/accounts/password/", "new_password=brave+new+pony"), 303);
  take_session();
  EXPECT_EQ(stored()->password_hash, "plain$brave new pony");
  EXPECT_EQ(post_own("/accounts/delete/", ""), 400) << "now there is a password to ask for, however fresh the sign-in";
  EXPECT_EQ(post_own("/accounts/delete/", "current_password=brave+new+pony"), 303);
  EXPECT_FALSE(stored());
}

TEST_F(OwnPages, AnOldSignInLeadsToAnother) {
  have_session_of_passwordless();
  clock.advance(11min);
  for (const std::string_view path : guarded) {
    EXPECT_EQ(get_own(path), 403) << path;
    EXPECT_TRUE(says("Sign in once more")) << path;
    EXPECT_TRUE(says("/accounts/login/?next=" + std::string(path) + "&amp;again=yes")) << path << reply.body();
    EXPECT_EQ(post_own(path, "new_email=new%40example.org&new_username=anna&new_password=brave+new+pony"), 403) << path;
  }
  EXPECT_EQ(get_own("/accounts/"), 200) << "the session itself lives";
  EXPECT_EQ(get_own("/accounts/login/", "next=/accounts/data/&again=yes"), 200) << "who is signed in may sign in again";
  EXPECT_EQ(get_own("/accounts/login/", "next=/accounts/data/"), 302);
  ASSERT_TRUE(stored());
  EXPECT_EQ(stored()->password_hash, "");
  EXPECT_EQ(stored()->username, "ann7");
}

TEST_F(OwnPages, TheLastWayInIsNotRemovedAndAnOldSignInRemovesNone) {
  have_session_of_passwordless();
  connect("github", "1");
  EXPECT_EQ(post_own("/accounts/connections/", "disconnect=github+1"), 409);
  EXPECT_EQ(connections(), 1U);
  EXPECT_EQ(post_own("/accounts/connections/", "disconnect=github+2"), 303);
  EXPECT_TRUE(leads_to("/accounts/connections/")) << "a person who is not connected changes nothing";
  EXPECT_EQ(connections(), 1U);

  connect("github", "2");
  clock.advance(11min);
  EXPECT_EQ(post_own("/accounts/connections/", "disconnect=github+2"), 403);
  EXPECT_TRUE(says("Sign in once more"));
  EXPECT_EQ(connections(), 2U);
}

TEST_F(OwnPages, ProvidersAreButtonsAboveTheFormAndLeadOnToo) {
  web.providers = {{"Яндекс <ID>", "/auth/o/yandex-oauth2/"}, {"Google", "/auth/o/google/"}};
  key.clear();
  for (const std::string_view path : {"/accounts/login/", "/accounts/signup/"}) {
    EXPECT_EQ(ask_own(http::Method::get, path, "", "next=/accounts/data/%3Fa=b"), 200);
    EXPECT_TRUE(
        says("href=\"/auth/o/yandex-oauth2/?next=/accounts/data/%3Fa%3Db\">Continue with Яндекс &lt;ID&gt;</a>"))
        << reply.body();
    EXPECT_LT(reply.body().find("/auth/o/google/"), reply.body().find("<form"));
    EXPECT_TRUE(says("<p class=\"or\">or</p>"));
  }
  web.providers.clear();
  EXPECT_EQ(get_own("/accounts/login/"), 200);
  EXPECT_FALSE(says("class=\"or\""));
}

TEST_F(OwnPages, AFormTokenIsOfItsSessionAndTellsNothingOfIt) {
  const std::string token = form_token(key);
  EXPECT_EQ(token.size(), 22U) << "128 bits";
  EXPECT_EQ(token, form_token(key));
  EXPECT_NE(token, form_token(std::string(32, 'j')));
  const Digest stored_digest = sha256(key);
  EXPECT_NE(token, to_base64url(std::span(stored_digest.bytes).first(16))) << "it is no part of what is stored";
}

}  // namespace
}  // namespace propusk::web
