// MobileClient: what a client of the mobile dialect sends, for the stories of this folder that speak of other dialects
// too.
#pragma once
#include <string>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {

class MobileClient {
 public:
  explicit MobileClient(TestServer& server) : server_(server) {}

  Answer register_person(const std::string& username, const std::string& mail,
                         const std::string& secret = "Str0ng-Pass-77") const {
    return post_form(server_.port(), "/mobile/registration/",
                     {{"username", username}, {"password", secret}, {"again_pass", secret}, {"mail", mail}});
  }
  Answer sign_in(const std::string& username, const std::string& secret = "Str0ng-Pass-77",
                 const std::string& session = "") const {
    const std::string token(32, 'a');
    const std::string cookie = "csrftoken=" + token + (session.empty() ? "" : "; sessionid=" + session);
    return post_form(server_.port(), "/mobile/login/",
                     {{"username", username}, {"password", secret}, {"csrfmiddlewaretoken", token}},
                     {{"Cookie", cookie}});
  }
  /// The session cookie of a sign-in that must succeed.
  std::string session_of(const std::string& username, const std::string& secret = "Str0ng-Pass-77") const {
    return sign_in(username, secret).cookie("sessionid").value();
  }
  Answer start(const std::string& session) const {
    return ask(server_.port(), "GET", "/mobile/start/", {{"Cookie", "sessionid=" + session}});
  }
  bool is_live(const std::string& session) const { return start(session).body == "Yes"; }
  Answer sign_out(const std::string& session) const {
    return ask(server_.port(), "GET", "/mobile/logout", {{"Cookie", "sessionid=" + session}});
  }

 private:
  TestServer& server_;
};

}  // namespace propusk::testing
