// DjoserGivens: makes the givens of the djoser recordings, through that dialect and the letters it sends.
#pragma once
#include <map>
#include <set>
#include <string>

#include "config/settings.hpp"
#include "tests/support/mailbox.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {

class DjoserGivens {
 public:
  /// The profile is the server's; server and bindings outlive this.
  DjoserGivens(TestServer& server, config::DjoserProfile profile, Bindings& bindings);
  /// False for a given that it does not know. Throws std::runtime_error for one that does not come about.
  bool make(const std::string& given);
  /// The letter with a link to the account of that address that was not given out before, once it has come.
  Received next_letter(const std::string& address);

 private:
  struct Person {
    std::string id, uid, email, password;
    std::set<std::string> secrets;  ///< of the letters that were given out
  };
  void sign_up(const std::string& name, const std::string& password, const std::string& email);
  void activate(const std::string& name);
  Answer sign_in(const std::string& path, const std::string& name);
  /// Throws unless the answer is a 2xx.
  Answer request(const std::string& method, const std::string& path, const std::string& token, const std::string& body);
  Person& owner_of(const std::string& address);

  TestServer& server_;
  config::DjoserProfile profile_;
  Bindings& bindings_;
  Mailbox mailbox_;
  std::map<std::string, Person> people_;  ///< by the name that signs them in
};

}  // namespace propusk::testing
