// Upstream: one provider that is set up: its row, its settings, and how the two answer who somebody is.
#pragma once
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "providers/issuer.hpp"
#include "providers/person.hpp"
#include "providers/settings.hpp"

namespace propusk::providers {

/// Whether a text can be a token or a code at all: printable ASCII, at most 8 KiB.
bool is_opaque(std::string_view text);

class Upstream {
 public:
  Upstream(const Provider& row, ProviderSettings settings, Issuer::Deps deps);
  [[nodiscard]] const Provider& row() const { return row_; }
  /// Whether somebody's token can be believed: it proves whom it was issued to, and we can ask.
  [[nodiscard]] bool takes_tokens() const;
  /// Whether the redirect flow works.
  [[nodiscard]] bool takes_codes() const;

  Task<Outcome<core::ProviderIdentity>> vouch_for_token(Secret<> token, Deadline deadline);
  Task<Outcome<std::string>> authorization_url(core::AuthorizationQuestion question, Deadline deadline);
  Task<Outcome<core::ProviderIdentity>> vouch_for_code(core::AuthorizationAnswer answer, Deadline deadline);

 private:
  /// A person, and the answer that it was read from.
  struct Portrait {
    core::ProviderIdentity identity;
    boost::json::value answer;
  };
  struct IdToken {
    Secret<> text;
    std::string nonce{};
    std::optional<Secret<>> access_token{};
  };
  [[nodiscard]] Words own_words() const;
  [[nodiscard]] Words words_with(std::string_view name, const Secret<>& value) const;
  [[nodiscard]] Reading reading(const PersonQuestion& question) const;
  [[nodiscard]] Outcome<void> judge_audience(const TokenKind& kind, const boost::json::value& answer) const;
  Task<Outcome<Places>> places(Deadline deadline);
  Task<Outcome<boost::json::value>> ask(const Question& question, const Words& words, Deadline deadline);
  Task<Outcome<Portrait>> portrait(const PersonQuestion& question, Secret<> token, Deadline deadline);
  Task<Outcome<void>> add_address(const PersonQuestion& question, const Words& words, core::ProviderIdentity& identity,
                                  Deadline deadline);
  Task<Outcome<core::ProviderIdentity>> vouch_as(const TokenKind& kind, Secret<> token, Deadline deadline);
  Task<Outcome<void>> prove(const TokenKind& kind, const Portrait& portrait, const Words& words, Deadline deadline);
  Task<Outcome<boost::json::value>> exchange(core::AuthorizationAnswer answer, Deadline deadline);
  Task<Outcome<core::ProviderIdentity>> read_id_token(IdToken token, Deadline deadline);
  Task<Outcome<core::ProviderIdentity>> read_open_id_answer(boost::json::value answer, std::string nonce,
                                                            Deadline deadline);

  const Provider& row_;
  ProviderSettings settings_;
  Places places_;
  Issuer::Deps deps_;
  std::vector<std::string> clients_;  ///< whose id_tokens are taken: ours
  std::unique_ptr<Issuer> issuer_;    ///< of OpenID Connect
};

}  // namespace propusk::providers
