// The table of pathways against the running server: each state is brought about over HTTP or by an operator, each route
// is asked over HTTP, and every cell is compared.
#include "tests/scenarios/pathways.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <memory>
#include <regex>
#include <set>
#include <utility>
#include <vector>

#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/mobile_client.hpp"
#include "tests/scenarios/oauth_client.hpp"
#include "tests/support/fake_people.hpp"

namespace propusk::testing {
namespace {
using namespace std::chrono_literals;

/// What a route gave: a session, or what the Authorization header carries, and the refresh token beside it.
struct Held {
  std::string session, authorization, refresh;
};

/// Who is at the table: a name for every dialect, and the address.
struct Person {
  std::string name, email;
  std::string djoser_name = name;  ///< where a pending account has no other name yet than its address
};

struct Clients {
  explicit Clients(TestServer& from)
      : server(from), mobile(from), envelope(from), djoser(from), oauth(from), web(from) {}
  /// Connects the person to the one of the same name at the provider, unless it has been done.
  void connect(const Person& person) const {
    core::SocialLink link;
    link.provider = FakePeople::yandex;
    link.subject = FakePeople::subject(person.name);
    link.account = server.account(person.name).id;
    link.created_at = server.clock().now();
    core::Store& store = server.application().administration().store;
    server.application().wait_for(store.write(
        [link](core::Transaction& transaction) -> core::Result<void> {
          transaction.social_links().insert(link);
          return {};
        },
        server.as_operator().deadline));
  }
  TestServer& server;
  MobileClient mobile;
  EnvelopeClient envelope;
  DjoserClient djoser;
  OauthClient oauth;
  WebClient web;
};

/// One row of the table, played.
class Route {
 public:
  explicit Route(const Clients& clients) : on(clients) {}
  virtual ~Route() = default;
  Route(const Route&) = delete;
  Route& operator=(const Route&) = delete;

  /// Whether nothing else than a name and a password is asked for: then somebody who was never active can ask too.
  [[nodiscard]] virtual bool asks_strangers() const { return true; }
  /// What the route gives to an active account.
  [[nodiscard]] virtual Held open(const Person& person) const = 0;
  /// Asks the route for a credential; `held` is one that it gave before.
  [[nodiscard]] virtual Answer ask_with(const Person& person, const Held& held, const std::string& secret) const = 0;
  [[nodiscard]] virtual Answer use(const Held& held) const = 0;
  /// Changes the password through a credential; what that is afterwards.
  [[nodiscard]] virtual Held change_password(const Held& held) const = 0;

 protected:
  const Clients& on;
};

class BySession : public Route {
 public:
  using Route::Route;
  [[nodiscard]] Held change_password(const Held& held) const override {
    const Answer edited = on.envelope.edit(held.session, {{"password", password}, {"new_password", other_password}});
    return {.session = edited.cookie("sessionid").value(), .authorization = {}, .refresh = {}};
  }
};

class ByToken : public Route {
 public:
  using Route::Route;
  [[nodiscard]] Answer use(const Held& held) const override { return on.djoser.me(held.authorization); }
  [[nodiscard]] Held change_password(const Held& held) const override {
    EXPECT_EQ(on.djoser.set_password(held.authorization, password, other_password).status, 204);
    return held;
  }

 protected:
  static Held held(const std::string& scheme, const JwtPair& pair) {
    return {.session = {}, .authorization = scheme + " " + pair.access, .refresh = pair.refresh};
  }
};

class MobileLogin final : public BySession {
 public:
  using BySession::BySession;
  [[nodiscard]] Held open(const Person& person) const override {
    return {.session = on.mobile.session_of(person.name), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return on.mobile.sign_in(person.name, secret);
  }
  [[nodiscard]] Answer use(const Held& held) const override { return on.mobile.start(held.session); }
};

class EnvelopeLogin final : public BySession {
 public:
  using BySession::BySession;
  [[nodiscard]] Held open(const Person& person) const override {
    return {.session = on.envelope.session_of(person.name), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return on.envelope.sign_in(person.djoser_name, secret);
  }
  [[nodiscard]] Answer use(const Held& held) const override { return on.envelope.sign_in_by_cookie(held.session); }
};

class EnvelopeEdit final : public BySession {
 public:
  using BySession::BySession;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    const std::string first = on.envelope.session_of(person.name);
    const Answer edited = on.envelope.edit(first, {{"password", password}, {"new_password", password}});
    return {.session = edited.cookie("sessionid").value(), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person&, const Held& held, const std::string& secret) const override {
    return on.envelope.edit(held.session, {{"password", secret}, {"new_password", "An0ther-Pass-99"}});
  }
  [[nodiscard]] Answer use(const Held& held) const override { return on.envelope.sign_in_by_cookie(held.session); }
};

class TokenLogin final : public ByToken {
 public:
  using ByToken::ByToken;
  [[nodiscard]] Held open(const Person& person) const override {
    return {.session = {}, .authorization = on.djoser.token_of(person.name), .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return on.djoser.sign_in(person.djoser_name, secret);
  }
};

class JwtCreate final : public ByToken {
 public:
  using ByToken::ByToken;
  [[nodiscard]] Held open(const Person& person) const override { return held("JWT", on.djoser.pair_of(person.name)); }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return on.djoser.create_jwt(person.djoser_name, secret);
  }
};

class JwtRefresh final : public ByToken {
 public:
  using ByToken::ByToken;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    return held("Bearer", DjoserClient::pair_in(on.djoser.refresh(on.djoser.pair_of(person.name).refresh)));
  }
  [[nodiscard]] Answer ask_with(const Person&, const Held& held, const std::string&) const override {
    return on.djoser.refresh(held.refresh);
  }
};

/// To the provider and back with a code, as a browser goes. `path` leads there; `back` brings what it gives.
Answer go_by_provider(const Clients& on, const std::string& path, const std::string& cookie,
                      const std::function<Answer(const std::string& state, const Fields& cookies)>& back) {
  const Answer left = on.web.get(path);
  const std::string where = left.header("Location").value_or(left.body);
  std::smatch state;
  if (!std::regex_search(where, state, std::regex("[?&]state=([A-Za-z0-9_-]+)")))
    throw std::runtime_error("no way to the provider: " + std::to_string(left.status) + " " + where);
  return back(state[1], {{"Cookie", cookie + "=" + left.cookie(cookie).value()}});
}

class AppProvider final : public ByToken {
 public:
  using ByToken::ByToken;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    on.connect(person);
    return held("JWT", DjoserClient::pair_in(ask_with(person, {}, "")));
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string&) const override {
    const std::string path = std::string("/o/") + FakePeople::yandex + "/";
    return go_by_provider(on, "/auth" + path + "?redirect_uri=" + redirect_uri, "propusk_provider_app",
                          [&](const std::string& state, const Fields& cookies) {
                            return on.djoser.post(path, {{"code", person.name}, {"state", state}}, "", cookies);
                          });
  }
};

/// Tokens that a client got, shown as `Bearer`.
class ByClient : public ByToken {
 public:
  using ByToken::ByToken;

 protected:
  static Held held_in(const Answer& answer) {
    return {.session = {},
            .authorization = "Bearer " + member(answer, "access_token"),
            .refresh = member(answer, "refresh_token")};
  }
};

class ClientPassword final : public ByClient {
 public:
  using ByClient::ByClient;
  [[nodiscard]] Held open(const Person& person) const override { return held_in(on.oauth.by_password(person.name)); }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return on.oauth.by_password(person.djoser_name, secret);
  }
};

class ClientRefresh final : public ByClient {
 public:
  using ByClient::ByClient;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    return held_in(on.oauth.refresh(member(on.oauth.by_password(person.name), "refresh_token")));
  }
  [[nodiscard]] Answer ask_with(const Person&, const Held& held, const std::string&) const override {
    return on.oauth.refresh(held.refresh);
  }
};

/// What is held for later is another code.
class ClientCode final : public ByClient {
 public:
  using ByClient::ByClient;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    const std::string session = on.web.session_of(person.name);
    Held held = held_in(on.oauth.exchange(on.oauth.code_for(session)));
    held.session = session;
    held.refresh = on.oauth.code_for(session);
    return held;
  }
  [[nodiscard]] Answer ask_with(const Person&, const Held& held, const std::string&) const override {
    return on.oauth.exchange(held.refresh);
  }
  [[nodiscard]] Held change_password(const Held& held) const override {
    Held changer = ByClient::change_password(held);
    const std::string name = member(on.djoser.me(held.authorization), "username");
    changer.refresh = on.oauth.code_for(on.web.session_of(name, other_password));
    return changer;
  }
};

class ClientConvert final : public ByClient {
 public:
  using ByClient::ByClient;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    on.connect(person);
    return held_in(ask_with(person, {}, ""));
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string&) const override {
    return on.oauth.convert(FakePeople::yandex, person.name);
  }
};

/// An answer of a page, as the table writes it.
Answer as_page(Answer answer) {
  std::smatch found;
  const std::string html = std::exchange(answer.body, "");
  if (std::regex_search(html, found, std::regex("<li><a href=\"#[a-z_]+\">([^<]+)</a>")) ||
      std::regex_search(html, found, std::regex("<h1>([^<]+)</h1>")))
    answer.body = found[1];
  answer.body = answer.header("Location").value_or(answer.body);
  return answer;
}

class ByPage : public Route {
 public:
  using Route::Route;
  [[nodiscard]] Answer use(const Held& held) const override { return as_page(on.web.get("/accounts/", held.session)); }
  [[nodiscard]] Held change_password(const Held& held) const override {
    const Answer changed = change(held, password, other_password);
    return {.session = changed.cookie("sessionid").value(), .authorization = {}, .refresh = {}};
  }

 protected:
  [[nodiscard]] Answer change(const Held& held, const std::string& current, const std::string& next) const {
    return on.web.post("/accounts/password/", held.session, {{"current_password", current}, {"new_password", next}});
  }
};

class PageSignIn final : public ByPage {
 public:
  using ByPage::ByPage;
  [[nodiscard]] Held open(const Person& person) const override {
    return {.session = on.web.session_of(person.name), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string& secret) const override {
    return as_page(on.web.sign_in(person.djoser_name, secret));
  }
};

class PagePassword final : public ByPage {
 public:
  using ByPage::ByPage;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    const Held first{.session = on.web.session_of(person.name), .authorization = {}, .refresh = {}};
    return {
        .session = change(first, password, password).cookie("sessionid").value(), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person&, const Held& held, const std::string& secret) const override {
    return as_page(change(held, secret, "An0ther-Pass-99"));
  }
};

class PageProvider final : public ByPage {
 public:
  using ByPage::ByPage;
  [[nodiscard]] bool asks_strangers() const override { return false; }
  [[nodiscard]] Held open(const Person& person) const override {
    on.connect(person);
    return {.session = ask_raw(person).cookie("sessionid").value(), .authorization = {}, .refresh = {}};
  }
  [[nodiscard]] Answer ask_with(const Person& person, const Held&, const std::string&) const override {
    return as_page(ask_raw(person));
  }

 private:
  [[nodiscard]] Answer ask_raw(const Person& person) const {
    const std::string path = std::string("/") + FakePeople::yandex + "/";
    return go_by_provider(on, "/auth/login" + path, "propusk_provider",
                          [&](const std::string& state, const Fields& cookies) {
                            const std::string query = "?code=" + person.name + "&state=" + state;
                            return on.web.get("/auth/complete" + path + query, "", cookies);
                          });
  }
};

/// The code that plays a row; nullptr for a row that nobody can play.
std::unique_ptr<Route> route_of(const Pathway& row, const Clients& clients) {
  const std::string name = std::string(row.dialect) + "." + std::string(row.handler);
  if (name == "mobile.post_login") return std::make_unique<MobileLogin>(clients);
  if (name == "envelope.post_login") return std::make_unique<EnvelopeLogin>(clients);
  if (name == "envelope.post_edit") return std::make_unique<EnvelopeEdit>(clients);
  if (name == "djoser.post_token_login") return std::make_unique<TokenLogin>(clients);
  if (name == "djoser.post_jwt_create") return std::make_unique<JwtCreate>(clients);
  if (name == "djoser.post_jwt_refresh") return std::make_unique<JwtRefresh>(clients);
  if (name == "djoser.post_provider") return std::make_unique<AppProvider>(clients);
  if (name == "oauth.by_password") return std::make_unique<ClientPassword>(clients);
  if (name == "oauth.by_refresh_token") return std::make_unique<ClientRefresh>(clients);
  if (name == "oauth.by_authorization_code") return std::make_unique<ClientCode>(clients);
  if (name == "oauth.post_convert_token") return std::make_unique<ClientConvert>(clients);
  if (name == "web.post_sign_in") return std::make_unique<PageSignIn>(clients);
  if (name == "web.post_password") return std::make_unique<PagePassword>(clients);
  if (name == "web.get_provider_complete") return std::make_unique<PageProvider>(clients);
  return nullptr;
}

/// An answer as the table writes it: whoever it is is Ann, and what is fresh is `*`.
std::string as_written(const Answer& answer, const Person& person) {
  std::string body = std::regex_replace(
      answer.body, std::regex("\"(auth_token|access|refresh|access_token|refresh_token)\":\"[^\"]+\""), "\"$1\":\"*\"");
  body = std::regex_replace(body, std::regex("\"id\":[0-9]+"), "\"id\":*");
  body = std::regex_replace(body, std::regex("available in [0-9]+ second(s?)"), "available in * seconds");
  return std::regex_replace(body, std::regex(person.name), "ann");
}

/// One server in which every row has an account of its own in one state.
class Table {
 public:
  Table(AccountCase account_case, config::DjoserProfile profile)
      : case_(account_case),
        is_stock_(profile == config::DjoserProfile::stock),
        server_(settings(case_, profile), people_) {
    for (const Pathway& row : pathways) rows_.push_back({row, route_of(row, clients_), person(rows_.size()), {}, {}});
  }

  /// The number of cells that were compared.
  std::size_t play() {
    make_accounts();
    std::size_t cells = 0;
    for (Row& row : rows_) {
      if (row.route)
        cells += play(row);
      else
        ADD_FAILURE() << row.pathway.dialect << ' ' << row.pathway.handler << ": a row that nobody plays";
    }
    return cells;
  }

 private:
  struct Row {
    const Pathway& pathway;
    std::unique_ptr<Route> route;
    Person person;
    Held before, changer;
  };

  [[nodiscard]] config::Settings settings(AccountCase account_case, config::DjoserProfile profile) const {
    config::Settings settings = djoser_settings(profile);
    settings.oauth.password_grant = true;
    people_.offer(settings);
    settings.social.redirect_uris = {redirect_uri};
    settings.djoser.activation = config::ByProfile::on;
    settings.limits.enabled = account_case == AccountCase::locked;
    return settings;
  }
  static Person person(std::size_t row) {
    const std::string name = "person" + std::to_string(row);
    return {.name = name, .email = name + "@example.com"};
  }
  static Person twin_of(const Person& person, bool is_stock) {
    Person twin{.name = person.name + "b", .email = person.name + "b@example.com"};
    if (!is_stock) twin.djoser_name = twin.email;
    return twin;
  }

  void register_person(const Person& person) {
    server_.clock().advance(12s);  // two registrations come back to the allowance
    const Answer made = is_stock_ ? clients_.djoser.register_stock(person.name, person.email)
                                  : clients_.djoser.register_person(person.email);
    ASSERT_EQ(made.status, 201) << made.body;
  }
  void make_accounts() {
    for (const Row& row : rows_) {
      if (case_ == AccountCase::unverified)
        ASSERT_EQ(clients_.mobile.register_person(row.person.name, row.person.email).status, 200);
      else
        register_person(row.person);
    }
    if (case_ == AccountCase::unverified) return;
    for (const Row& row : rows_) activate(row.person);
  }
  void activate(const Person& person) {
    const Mailbox mailbox(server_.directory());
    const std::string link = mailbox.wait_for_links(person.email, "/auth/activate/").front();
    ASSERT_EQ(clients_.djoser.activate(parts_of(link)).status, 204);
    if (is_stock_) return;
    // People of the seed are called by their address; mobile takes no such name.
    server_.clock().advance(6s);  // another name counts as a registration
    const std::string token = clients_.djoser.token_of(person.email);
    const Answer renamed = clients_.djoser.post("/users/set_username/",
                                                {{"current_password", password}, {"new_username", person.name}}, token);
    ASSERT_EQ(renamed.status, 204) << renamed.body;
    ASSERT_EQ(clients_.djoser.sign_out(token).status, 204);
  }

  /// Brings the row's account into the state.
  void bring_about(Row& row) {
    switch (case_) {
      case AccountCase::active:
      case AccountCase::unverified: return;
      case AccountCase::pending: {
        const std::string token = clients_.djoser.token_of(row.person.name);
        ASSERT_EQ(clients_.djoser.patch_me(token, {{"email", "new-" + row.person.email}}).status, 200);
        return;
      }
      case AccountCase::disabled: return server_.disable_account(row.person.name);
      case AccountCase::deleted: return server_.delete_account(row.person.name);
      case AccountCase::password_changed: row.changer = row.route->change_password(row.route->open(row.person)); return;
      case AccountCase::locked:
        for (int i = 0; i < 10; ++i)
          ASSERT_FALSE(clients_.mobile.sign_in(row.person.name, "wrong-password").header("retry-after"));
        return;
    }
  }

  std::size_t play(Row& row) {
    const Pathway& pathway = row.pathway;
    const Cell& cell = pathway.cells.at(static_cast<std::size_t>(case_));
    SCOPED_TRACE(std::string(pathway.dialect) + " " + std::string(pathway.handler) + " in state " +
                 std::to_string(static_cast<int>(case_)) + (is_stock_ ? " of stock" : " of seed"));
    server_.clock().advance(20s);  // ten wrong passwords come back to the network
    row.before = row.route->open(row.person);
    bring_about(row);
    compare(row, row.person, "the credential from before", row.route->use(row.before), cell.before);
    compare(row, row.person, "asked", row.route->ask_with(row.person, row.before, password), cell.asked);
    std::size_t cells = 2;
    if (case_ == AccountCase::pending && row.route->asks_strangers()) {
      const Person twin = twin_of(row.person, is_stock_);  // who has never been anything else than pending
      register_person(twin);
      compare(row, twin, "asked before any activation", row.route->ask_with(twin, {}, password), cell.asked);
    }
    if (case_ == AccountCase::password_changed) {
      compare(row, row.person, "the one that changed it", row.route->use(row.changer), pathway.changer);
      compare(row, row.person, "asked anew", row.route->ask_with(row.person, row.changer, other_password),
              pathway.asked_anew);
      cells += 2;
    }
    return cells;
  }

  void compare(const Row& row, const Person& person, const char* what, const Answer& answer, const Verdict& wanted) {
    const std::string body = as_written(answer, person);
    EXPECT_EQ((Verdict{answer.status, body, answer.header("retry-after").has_value()}), wanted)
        << row.pathway.dialect << ' ' << row.pathway.handler << ", " << what << ", in state " << static_cast<int>(case_)
        << (is_stock_ ? " of stock" : " of seed") << ": " << answer.status << ' ' << body
        << "\nand not: " << wanted.status << ' ' << wanted.body;
  }

  const AccountCase case_;
  const bool is_stock_;
  FakePeople people_;
  TestServer server_;
  Clients clients_{server_};
  std::vector<Row> rows_;
};

TEST(Pathways, EveryRouteInEveryStateAnswersAsTheTableSays) {
  std::size_t cells = 0;
  const std::array profiles{config::DjoserProfile::seed, config::DjoserProfile::stock};
  for (const config::DjoserProfile profile : profiles)
    for (std::size_t i = 0; i < account_case_count; ++i) cells += Table(static_cast<AccountCase>(i), profile).play();

  EXPECT_EQ(cells, profiles.size() * pathway_cells);
  std::cout << "pathways: " << pathway_cells << " cells, each in " << profiles.size() << " profiles: " << cells
            << " compared\n";
}

TEST(Pathways, NoRouteHasTwoRows) {
  std::set<std::pair<std::string_view, std::string_view>> routes;
  for (const Pathway& row : pathways)
    EXPECT_TRUE(routes.emplace(row.dialect, row.handler).second) << row.dialect << ' ' << row.handler;
}

}  // namespace
}  // namespace propusk::testing
