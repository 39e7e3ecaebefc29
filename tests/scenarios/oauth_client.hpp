// OauthClient: what a registered client sends to the routes of oauth, for the stories of this folder.
#pragma once
#include <string>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "tests/scenarios/djoser_client.hpp"
#include "tests/scenarios/web_client.hpp"

namespace propusk::testing {

inline constexpr const char* redirect_uri = "https://album.example/cb";
inline constexpr const char* code_verifier = "the-verifier-of-tests-is-as-long-as-RFC-7636-wants-it";

/// Settings of djoser in which clients may send passwords.
inline config::Settings oauth_settings() {
  config::Settings settings = djoser_settings(config::DjoserProfile::stock);
  settings.oauth.password_grant = true;
  return settings;
}

/// The client `id` with every grant; people are not asked about it.
inline core::NewClient album(const std::string& id = "album") {
  core::NewClient wanted;
  wanted.id = id;
  wanted.name = "Album";
  wanted.kind = core::ClientKind::confidential;
  for (const core::ClientGrantRow& row : core::client_grants) wanted.grants.push_back(row.grant);
  wanted.scopes = {"read", "write"};
  wanted.redirect_uris = {redirect_uri};
  wanted.skips_consent = true;
  return wanted;
}

/// What a client got for a person.
struct OauthPair {
  std::string access, refresh;
};

class OauthClient {
 public:
  /// Registers the client.
  OauthClient(TestServer& server, const core::NewClient& wanted) : server_(server), id_(wanted.id) {
    server_.create_client(wanted);
  }
  explicit OauthClient(TestServer& server, const std::string& id = "album") : OauthClient(server, album(id)) {}
  [[nodiscard]] const std::string& id() const { return id_; }

  /// A form with the client's own id and secret in the body.
  [[nodiscard]] Answer post(const std::string& path, Fields fields, Fields headers = {}) const {
    fields.emplace_back("client_id", id_);
    fields.emplace_back("client_secret", client_secret);
    return post_form(server_.port(), "/auth" + path, fields, std::move(headers));
  }
  [[nodiscard]] Answer by_password(const std::string& name, const std::string& secret = password) const {
    return post("/token", {{"grant_type", "password"}, {"username", name}, {"password", secret}});
  }
  [[nodiscard]] static OauthPair pair_in(const Answer& answer) {
    return {.access = member(answer, "access_token"), .refresh = member(answer, "refresh_token")};
  }
  /// The tokens of a sign-in that must succeed.
  [[nodiscard]] OauthPair pair_of(const std::string& name) const { return pair_in(by_password(name)); }
  /// A token that speaks for the client alone.
  [[nodiscard]] std::string own_token() const {
    return member(post("/token", {{"grant_type", "client_credentials"}}), "access_token");
  }
  [[nodiscard]] Answer refresh(const std::string& token) const {
    return post("/token", {{"grant_type", "refresh_token"}, {"refresh_token", token}});
  }
  [[nodiscard]] Answer convert(const std::string& provider, const std::string& token) const {
    return post("/convert-token", {{"grant_type", "convert_token"}, {"backend", provider}, {"token", token}});
  }
  [[nodiscard]] Answer exchange(const std::string& code) const {
    return post("/token", {{"grant_type", "authorization_code"},
                           {"code", code},
                           {"redirect_uri", redirect_uri},
                           {"code_verifier", code_verifier}});
  }
  [[nodiscard]] Answer introspect(const std::string& token) const { return post("/introspect", {{"token", token}}); }
  [[nodiscard]] bool says_live(const std::string& token) const {
    return introspect(token).body.starts_with(R"({"active":true,)");
  }
  [[nodiscard]] Answer revoke(const std::string& token) const { return post("/revoke-token", {{"token", token}}); }

  /// The code that the page gives to the client for whoever has this session of a browser.
  [[nodiscard]] std::string code_for(const std::string& session) const {
    const WebClient browser(server_);
    const Digest challenge = sha256(code_verifier);
    const Answer answer =
        browser.get("/auth/authorize?" + urlencoded({{"response_type", "code"},
                                                     {"client_id", id_},
                                                     {"redirect_uri", redirect_uri},
                                                     {"code_challenge", to_base64url(challenge.bytes)},
                                                     {"code_challenge_method", "S256"}}),
                    session);
    const std::string location = answer.header("Location").value_or("");
    std::smatch found;
    if (!std::regex_search(location, found, std::regex("[?&]code=([^&]+)")))
      throw std::runtime_error("no code: " + std::to_string(answer.status) + " " + location);
    return found[1];
  }

 private:
  TestServer& server_;
  std::string id_;
};

}  // namespace propusk::testing
