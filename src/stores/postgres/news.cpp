// A payload is words: the version, the node, then one word per thing touched, a letter before what names it.
#include "stores/postgres/news.hpp"

#include <charconv>
#include <cstring>
#include <optional>
#include <span>

#include "base/encoding.hpp"
#include "base/words.hpp"

namespace propusk::postgres {
namespace {
constexpr std::string_view format = "1";      // another number: of a version that this one does not understand
constexpr std::size_t payload_limit = 7'900;  // NOTIFY takes less than 8,000 bytes
constexpr std::size_t payloads_limit = 16;    // 2,700 endings: more is told as "everything"
constexpr char beat_word = 'b', credential_word = 'c', account_word = 'a', profile_word = 'p', client_word = 'k',
               keys_word = 's', everything_word = '*';

std::string head(std::string_view node) { return std::string(format).append(" ").append(node); }

/// Collects words into as few payloads as they fit into.
class Payloads {
 public:
  explicit Payloads(std::string_view node) : head_(head(node)) {}
  void add(char kind, std::string_view name) {
    if (all_.empty() || all_.back().size() + 2 + name.size() > payload_limit) all_.push_back(head_);
    all_.back().append({' ', kind}).append(name);
  }
  std::vector<std::string> take() {
    if (all_.size() <= payloads_limit) return std::move(all_);
    return {head_ + ' ' + everything_word};
  }

 private:
  std::string head_;
  std::vector<std::string> all_;
};

template <class Integer>
std::optional<Integer> number_in(std::string_view text) {
  Integer number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Digest> digest_in(std::string_view text) {
  const auto bytes = from_base64url(text);
  Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::memcpy(digest.bytes.data(), bytes->data(), bytes->size());
  return digest;
}

std::optional<std::string> text_in(std::string_view text) {
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

/// False for a word that is none of this version's.
bool read_word(std::string_view word, News& news) {
  const std::string_view name = word.substr(1);
  switch (word.front()) {
    case beat_word: {
      const auto number = number_in<std::uint64_t>(name);
      news.kind = News::Kind::beat;
      news.beat = number.value_or(0);
      return number.has_value();
    }
    case everything_word: news.kind = News::Kind::everything; return name.empty();
    case keys_word: news.effects.keys = true; return name.empty();
    case credential_word: {
      const auto digest = digest_in(name);
      if (digest) news.effects.ended.push_back(*digest);
      return digest.has_value();
    }
    case account_word:
    case profile_word: {
      const auto id = number_in<std::int64_t>(name);
      if (!id) return false;
      if (word.front() == account_word)
        news.effects.standings.push_back({core::AccountId{*id}, std::nullopt});
      else
        news.effects.profiles.push_back(core::AccountId{*id});
      return true;
    }
    case client_word: {
      auto id = text_in(name);
      if (!id) return false;
      news.effects.clients.push_back({*std::move(id), nullptr});
      return true;
    }
    default: return false;
  }
}
}  // namespace

std::vector<std::string> payloads_of(const core::Effects& effects, std::string_view node) {
  Payloads payloads(node);
  for (const auto& opened : effects.opened)
    if (!opened.is_new) payloads.add(credential_word, to_base64url(opened.digest.bytes));
  for (const Digest& ended : effects.ended) payloads.add(credential_word, to_base64url(ended.bytes));
  for (const auto& changed : effects.standings)
    if (!changed.is_new) payloads.add(account_word, std::to_string(static_cast<std::int64_t>(changed.account)));
  for (const core::AccountId id : effects.profiles)
    payloads.add(profile_word, std::to_string(static_cast<std::int64_t>(id)));
  for (const core::ClientChange& changed : effects.clients)
    payloads.add(client_word, to_base64url(as_bytes(changed.id)));
  if (effects.keys) payloads.add(keys_word, "");
  return payloads.take();
}

std::string beat_of(std::string_view node, std::uint64_t number) {
  return head(node) + ' ' + beat_word + std::to_string(number);
}

News news_of(std::string_view payload) {
  const std::vector<std::string_view> words = words_of(payload);
  News news;
  if (words.size() < 3 || words[0] != format) return news;
  news.node = words[1];
  news.kind = News::Kind::effects;
  for (const std::string_view word : std::span(words).subspan(2))
    if (!read_word(word, news)) return {};
  return news;
}

}  // namespace propusk::postgres
