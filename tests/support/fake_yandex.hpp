// FakeYandex: what Yandex answers about its people, from memory, written from CONTRACTS.md §3.3. A token or code `ann`
// is of the person `ann-id`, whose login is `ann` and whose address is `ann@yandex.ru`; one with a `!` is nobody's, and
// one that begins with `foreign-` was issued to another application.
#pragma once
#include <string>

#include "config/settings.hpp"
#include "providers/fetch.hpp"
#include "tests/support/test_server.hpp"

namespace propusk::testing {

class FakeYandex final : public providers::Fetcher {
 public:
  FakeYandex();
  /// Adds the provider to settings; its files live as long as this.
  void offer(config::Settings& settings) const;
  Task<std::expected<providers::Fetched, providers::FetchFailure>> fetch(providers::FetchRequest request,
                                                                         Deadline deadline) override;

  static constexpr const char* provider = "yandex-oauth2";
  static std::string subject(const std::string& person) { return person + "-id"; }

 private:
  TemporaryDirectory directory_;
};

}  // namespace propusk::testing
