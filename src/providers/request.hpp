// Request: a question of the catalogue with its words filled in.
#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "providers/catalogue.hpp"
#include "providers/fetch.hpp"

namespace propusk::providers {

using Places = std::array<std::string, place_count>;

/// What stands for `{word}` in templates.
class Words {
 public:
  void set(std::string_view name, Secret<> value) { words_.emplace_back(name, std::move(value)); }
  /// `text` with its words; a word that is not known, or is empty, makes all of it empty: then it is left out.
  [[nodiscard]] Secret<> fill(std::string_view text) const;

 private:
  [[nodiscard]] const Secret<>* find(std::string_view name) const;
  std::vector<std::pair<std::string_view, Secret<>>> words_;
};

/// RFC 3986 section 2.3: everything but unreserved characters.
std::string percent_encoded(std::string_view text);
/// RFC 6749 section 2.3.1, without the scheme's name.
Secret<> basic_credentials(std::string_view client_id, const Secret<>& client_secret);
/// Whether an answer that refuses the caller speaks of us: our secret or service token is in the request.
bool speaks_as_client(const Question& question);
FetchRequest request_of(const Question& question, const Places& places, const Words& words);
/// An address for browsers: the parameters are in its query.
std::string address_of(std::string_view address, std::span<const Parameter> parameters, const Words& words);

}  // namespace propusk::providers
