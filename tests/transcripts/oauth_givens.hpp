// OauthGivens: makes the givens of the recordings of drf-social-oauth2: the clients that they know, and tokens.
#pragma once
#include <string>

#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {

class OauthGivens {
 public:
  /// Registers the recorded clients; server and bindings outlive this.
  OauthGivens(TestServer& server, Bindings& bindings);
  /// False for a given that it does not know. Throws std::runtime_error for one that does not come about.
  bool make(const std::string& given);

 private:
  /// Asks as the client cid-conf, and binds access and refresh token.
  void get_tokens(const std::string& path, Fields fields, const std::string& access, const std::string& refresh);

  TestServer& server_;
  Bindings& bindings_;
};

}  // namespace propusk::testing
