// DjoserClient: what a client of the djoser dialect sends, for the stories of this folder.
#pragma once
#include <boost/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>

#include "core/admin/credential_administration.hpp"
#include "tests/scenarios/envelope_client.hpp"

namespace propusk::testing {

/// Test settings of one profile of djoser, without rations.
inline config::Settings djoser_settings(config::DjoserProfile profile = config::DjoserProfile::seed) {
  config::Settings settings = unlimited_settings();
  settings.djoser.profile = profile;
  return settings;
}

/// A JSON object of texts.
inline std::string json_of(const Fields& members) {
  boost::json::object object;
  for (const auto& [name, value] : members) object[name] = value;
  return boost::json::serialize(object);
}
/// A member of an answer that is a JSON object, as text: `12` as "12". Throws if it is not there.
inline std::string member(const Answer& answer, const std::string& name) {
  const boost::json::value body = boost::json::parse(answer.body.empty() ? "{}" : answer.body);
  const boost::json::value* found = body.is_object() ? body.as_object().if_contains(name) : nullptr;
  if (!found) throw std::runtime_error("no " + name + " in " + std::to_string(answer.status) + " " + answer.body);
  return found->is_string() ? std::string(found->as_string()) : boost::json::serialize(*found);
}

/// How many tokens of an account are live, of every kind that is none of a browser.
inline std::size_t live_tokens(TestServer& server, const std::string& username) {
  const core::Operator by{.name = "operator test", .deadline = server.clock().monotonic() + std::chrono::seconds{20}};
  return server.application()
      .wait_for(core::list_credentials(server.account(username).id, core::CredentialFamily::token, by,
                                       server.application().administration()))
      .value()
      .size();
}

/// The two parts of a mailed link, as the forms of djoser ask for them.
struct LinkParts {
  std::string uid, token;
};
inline LinkParts parts_of(const std::string& link) {
  std::smatch found;
  if (!std::regex_search(link, found, std::regex("/([^/]+)/([^/]+)/?$"))) throw std::runtime_error("no link: " + link);
  return {found[1], found[2]};
}

/// The tokens of one sign-in by jwt/create, or of one refresh.
struct JwtPair {
  std::string access, refresh;
};

class DjoserClient {
 public:
  explicit DjoserClient(TestServer& server, std::string prefix = "/auth")
      : server_(server), prefix_(std::move(prefix)) {}

  /// One request below the prefix. `authorization` is the whole value of that header, "" sends none.
  [[nodiscard]] Answer send(const std::string& method, const std::string& path, const std::string& authorization = "",
                            const std::string& body = "", Fields headers = {}) const {
    if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return ask(server_.port(), method, prefix_ + path, headers, body);
  }
  [[nodiscard]] Answer post(const std::string& path, const Fields& fields, const std::string& authorization = "",
                            const Fields& headers = {}) const {
    return send("POST", path, authorization, json_of(fields), headers);
  }

  // accounts
  /// `seed` and `email` profiles.
  [[nodiscard]] Answer register_person(const std::string& email, const std::string& secret = password) const {
    return post("/users/", {{"email", email}, {"password", secret}, {"re_password", secret}});
  }
  [[nodiscard]] Answer register_stock(const std::string& username, const std::string& email,
                                      const std::string& secret = password) const {
    return post("/users/", {{"username", username}, {"email", email}, {"password", secret}});
  }
  [[nodiscard]] Answer activate(const LinkParts& link) const {
    return post("/users/activation/", {{"uid", link.uid}, {"token", link.token}});
  }
  [[nodiscard]] Answer resend_activation(const std::string& email) const {
    return post("/users/resend_activation/", {{"email", email}});
  }
  [[nodiscard]] Answer reset_password(const std::string& email) const {
    return post("/users/reset_password/", {{"email", email}});
  }
  [[nodiscard]] Answer confirm_reset(const LinkParts& link, const std::string& secret) const {
    return post("/users/reset_password_confirm/", {{"uid", link.uid}, {"token", link.token}, {"new_password", secret}});
  }
  [[nodiscard]] Answer set_password(const std::string& authorization, const std::string& current,
                                    const std::string& next) const {
    return post("/users/set_password/",
                {{"current_password", current}, {"new_password", next}, {"re_new_password", next}}, authorization);
  }
  [[nodiscard]] Answer me(const std::string& authorization) const { return send("GET", "/users/me/", authorization); }
  [[nodiscard]] Answer patch_me(const std::string& authorization, const Fields& fields) const {
    return send("PATCH", "/users/me/", authorization, json_of(fields));
  }
  [[nodiscard]] Answer delete_me(const std::string& authorization, const std::string& current) const {
    return send("DELETE", "/users/me/", authorization, json_of({{"current_password", current}}));
  }

  // tokens
  [[nodiscard]] Answer sign_in(const std::string& name, const std::string& secret = password) const {
    return post("/token/login/", {{"username", name}, {"password", secret}});
  }
  /// The token of a sign-in that must succeed, as the header carries it.
  [[nodiscard]] std::string token_of(const std::string& name, const std::string& secret = password) const {
    return "Token " + member(sign_in(name, secret), "auth_token");
  }
  [[nodiscard]] Answer sign_out(const std::string& authorization) const {
    return send("POST", "/token/logout/", authorization);
  }
  [[nodiscard]] Answer create_jwt(const std::string& name, const std::string& secret = password) const {
    return post("/jwt/create/", {{"username", name}, {"password", secret}});
  }
  [[nodiscard]] JwtPair pair_of(const std::string& name, const std::string& secret = password) const {
    return pair_in(create_jwt(name, secret));
  }
  [[nodiscard]] Answer refresh(const std::string& token) const { return post("/jwt/refresh/", {{"refresh", token}}); }
  [[nodiscard]] Answer verify(const std::string& token) const { return post("/jwt/verify/", {{"token", token}}); }
  [[nodiscard]] static JwtPair pair_in(const Answer& answer) {
    return {.access = member(answer, "access"), .refresh = member(answer, "refresh")};
  }
  [[nodiscard]] bool is_live(const std::string& authorization) const { return me(authorization).status == 200; }

 private:
  TestServer& server_;
  std::string prefix_;
};

}  // namespace propusk::testing
