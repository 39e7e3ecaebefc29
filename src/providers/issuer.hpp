// Issuer: an OpenID provider by discovery: where it is and which keys it signs with, both kept for a while.
#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "providers/fetch.hpp"
#include "providers/mishap.hpp"
#include "providers/public_keys.hpp"
#include "providers/request.hpp"

namespace propusk::providers {

/// What discovery told (OpenID Connect Discovery §3).
struct IssuerMetadata {
  Places places;  ///< authorization, token, user_info ("" if it has none)
  std::string keys_url;
  bool takes_basic = true, takes_post = false;  ///< how a client shows its secret
};

/// Thread-safe.
class Issuer {
 public:
  struct Deps {
    Fetcher& fetcher;
    const PublicKeys& public_keys;
    const Clock& clock;
  };
  Issuer(std::string url, Deps deps) : url_(std::move(url)), deps_(deps) {}
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Kept for a day. unintelligible if it names another issuer or anything but https.
  Task<Outcome<std::shared_ptr<const IssuerMetadata>>> metadata(Deadline deadline);
  /// The claims of a token that one of the issuer's keys signed. An unknown key is looked for anew, a few times a
  /// minute at most.
  Task<Outcome<PublicKeys::Believed>> believe(Secret<> token, Deadline deadline);

 private:
  template <class T>
  struct Kept {
    std::shared_ptr<const T> value{};
    Deadline at{};
    [[nodiscard]] std::shared_ptr<const T> within(std::chrono::hours age, Deadline now) const {
      return value && now - at < age ? value : nullptr;
    }
  };
  Task<Outcome<std::shared_ptr<const std::string>>> ask_for_keys(Deadline deadline);
  Task<Outcome<std::shared_ptr<const std::string>>> keys(Deadline deadline);
  [[nodiscard]] std::shared_ptr<const IssuerMetadata> kept_metadata() const;
  [[nodiscard]] std::shared_ptr<const std::string> kept_keys(std::chrono::hours age) const;
  void keep(std::shared_ptr<const IssuerMetadata> metadata);
  void keep(std::shared_ptr<const std::string> keys);
  bool may_refresh();

  std::string url_;
  Deps deps_;
  mutable std::mutex mutex_;
  Kept<IssuerMetadata> metadata_;
  Kept<std::string> keys_;
  Deadline refresh_began_{};
  int refreshes_ = 0;
};

}  // namespace propusk::providers
