// EnvelopeClient: what a client of the envelope dialect sends, for the stories of this folder.
#pragma once
#include <string>

#include "tests/support/mailbox.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {

inline constexpr const char* password = "Str0ng-Pass-77";
inline constexpr const char* other_password = "0ther-Pass-88";

/// Test settings whose mail lies in the data directory.
inline config::Settings settings_with_mail() {
  config::Settings settings = test_settings();
  settings.mail.transport = config::MailTransport::maildir;
  return settings;
}
/// The same without rations, for stories of many requests.
inline config::Settings unlimited_settings() {
  config::Settings settings = settings_with_mail();
  settings.limits.enabled = false;
  return settings;
}

class EnvelopeClient {
 public:
  explicit EnvelopeClient(TestServer& server) : server_(server) {}

  Answer register_person(const std::string& username, const std::string& email,
                         const std::string& secret = password) const {
    return post("register", {{"username", username}, {"password", secret}, {"email", email}});
  }
  Answer sign_in(const std::string& identifier, const std::string& secret = password) const {
    return post("login", {{"username", identifier}, {"password", secret}});
  }
  /// The session cookie of a sign-in that must succeed.
  std::string session_of(const std::string& identifier, const std::string& secret = password) const {
    return sign_in(identifier, secret).cookie("sessionid").value();
  }
  Answer sign_in_by_cookie(const std::string& session) const { return post("login", {{"cookies", "true"}}, session); }
  bool is_live(const std::string& session) const { return sign_in_by_cookie(session).body.contains("\"error\": 0"); }
  Answer sign_out(const std::string& session) const {
    return ask(server_.port(), "GET", "/auth/logout", {{"Cookie", "sessionid=" + session}});
  }
  Answer edit(const std::string& session, const Fields& fields) const { return post("edit", fields, session); }
  Answer restore(const std::string& email) const { return post("restore", {{"email", email}}); }
  /// Confirms a link's page: `fields` is what its form holds.
  Answer follow(const std::string& link, const Fields& fields = {}) const {
    return post_form(server_.port(), link, fields);
  }

  Answer post(const std::string& what, const Fields& fields, const std::string& session = "",
              Fields headers = {}) const {
    if (!session.empty()) headers.emplace_back("Cookie", "sessionid=" + session);
    return post_form(server_.port(), "/auth/" + what, fields, std::move(headers));
  }

 private:
  TestServer& server_;
};

/// Everything that a client sees of an answer, for comparing answers as wholes.
inline std::string whole(const Answer& answer) {
  std::string text = std::to_string(answer.status) + " " + answer.reason + "\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\n";
  return text + "\n" + answer.body;
}

}  // namespace propusk::testing
