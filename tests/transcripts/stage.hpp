// Stage: a server in the state that a case's givens describe, and the request that is played on it.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "tests/support/fake_people.hpp"
#include "tests/support/mailbox.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/test_server.hpp"
#include "tests/transcripts/djoser_givens.hpp"
#include "tests/transcripts/oauth_givens.hpp"
#include "tests/transcripts/transcript.hpp"

namespace propusk::testing {

class Stage {
 public:
  /// `dialect` is the folder of the one through which people sign in. Throws std::runtime_error for a given that it
  /// does not know or that does not come about.
  Stage(const Transcript& transcript, std::string dialect, const config::Settings& settings);
  [[nodiscard]] const Bindings& bindings() const { return bindings_; }
  Answer play(const Message& request);
  /// The letter to that address that no given has read.
  Received letter_to(const std::string& address);

 private:
  void make(const std::string& given);
  /// With every hole filled.
  [[nodiscard]] std::string filled(const std::string& text) const;
  void register_claimant(const std::string& name, const std::string& password, const std::string& email);
  std::string sign_in(const std::string& name, const std::string& session);
  Answer edit(const std::string& session, const std::string& fields);
  void follow_link(const std::string& address);

  std::string dialect_;
  FakePeople people_;
  TestServer server_;
  Bindings bindings_;
  std::optional<DjoserGivens> djoser_;  ///< in that dialect and the next
  std::optional<OauthGivens> oauth_;    ///< in that dialect
  std::map<std::string, std::string> passwords_;
};

}  // namespace propusk::testing
