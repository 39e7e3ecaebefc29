// WebClient: what a browser sends to the hosted pages, for the stories of this folder.
#pragma once
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/scenarios/envelope_client.hpp"
#include "web/session.hpp"

namespace propusk::testing {

class WebClient {
 public:
  explicit WebClient(TestServer& server) : server_(server) {}

  [[nodiscard]] Answer get(const std::string& path, const std::string& session = "", Fields headers = {}) const {
    if (!session.empty()) headers.emplace_back("Cookie", "sessionid=" + session);
    return ask(server_.port(), "GET", path, headers);
  }
  /// A form of ours as a browser posts it, with nothing added.
  [[nodiscard]] Answer post_as_is(const std::string& path, const std::string& session, const Fields& fields,
                                  Fields headers = {{"Sec-Fetch-Site", "same-origin"}}) const {
    if (!session.empty()) headers.emplace_back("Cookie", "sessionid=" + session);
    return post_form(server_.port(), path, fields, std::move(headers));
  }
  /// The same with the form token that the page of this session has.
  [[nodiscard]] Answer post(const std::string& path, const std::string& session, Fields fields) const {
    fields.emplace_back("form_token", web::form_token(session));
    return post_as_is(path, session, fields);
  }

  [[nodiscard]] Answer sign_in(const std::string& name, const std::string& secret = password,
                               const std::string& session = "") const {
    return post_as_is("/accounts/login/", session, {{"username", name}, {"password", secret}});
  }
  /// The session cookie of a sign-in that must succeed.
  [[nodiscard]] std::string session_of(const std::string& name, const std::string& secret = password) const {
    const Answer answer = sign_in(name, secret);
    if (!answer.cookie("sessionid")) throw std::runtime_error("no sign-in: " + std::to_string(answer.status));
    return *answer.cookie("sessionid");
  }
  [[nodiscard]] bool is_live(const std::string& session) const { return get("/accounts/", session).status == 200; }

  /// The ids of the devices that the page offers to end.
  [[nodiscard]] std::vector<std::string> ends(const std::string& session) const {
    const Answer page = get("/accounts/sessions/", session);
    const std::regex button("name=\"end\" value=\"([0-9a-f]{16})\"");
    std::vector<std::string> ids;
    for (std::sregex_iterator it(page.body.begin(), page.body.end(), button), end; it != end; ++it)
      ids.push_back((*it)[1]);
    return ids;
  }

 private:
  TestServer& server_;
};

}  // namespace propusk::testing
