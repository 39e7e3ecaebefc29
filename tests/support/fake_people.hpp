// FakePeople: what Google, Yandex, VK and GitHub answer about their people, from memory, written from CONTRACTS.md
// §3.3. The token or code `ann` is of the person whose subject is subject("ann"): the provider calls them `ann` and
// tells the address that address() says. Others misbehave: `bad` is nobody's, `foreign-ann` was issued to another
// application, `noemail` has no address, `down` is not answered, `garbage` is no answer, `code15` is VK's "Access
// denied".
#pragma once
#include <string>

#include "config/settings.hpp"
#include "providers/fetch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {

class FakePeople final : public providers::Fetcher {
 public:
  FakePeople();
  /// Adds the four providers to settings; their files live as long as this.
  void offer(config::Settings& settings) const;
  Task<std::expected<providers::Fetched, providers::FetchFailure>> fetch(providers::FetchRequest request,
                                                                         Deadline deadline) override;

  static constexpr const char* google = "google-oauth2";
  static constexpr const char* yandex = "yandex-oauth2";
  static constexpr const char* vk = "vk-oauth2";
  static constexpr const char* github = "github";
  static std::string subject(const std::string& person);

 private:
  TemporaryDirectory directory_;
};

}  // namespace propusk::testing
