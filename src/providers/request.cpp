// Templates are ours; only their words come from elsewhere, and each is encoded for where it stands.
#include "providers/request.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "base/bug.hpp"

namespace propusk::providers {
namespace {
bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").contains(c);
}

std::string urlencoded(std::span<const Parameter> parameters, const Words& words) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    const Secret<> filled = words.fill(value);
    if (filled.reveal().empty()) continue;
    if (!out.empty()) out += '&';
    out += percent_encoded(name) + "=" + percent_encoded(filled.reveal());
  }
  return out;
}

std::string json_text(std::string_view text) { return boost::json::serialize(boost::json::string_view(text)); }

std::string json_object(std::span<const Parameter> parameters, const Words& words) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    const Secret<> filled = words.fill(value);
    if (filled.reveal().empty()) continue;
    out += out.empty() ? '{' : ',';
    out += json_text(name) + ":" + json_text(filled.reveal());
  }
  return out.empty() ? "{}" : out + "}";
}

bool names_own_secret(std::string_view text) {
  return text.contains("{client_secret}") || text.contains("{service_token}") || text.contains("{basic}");
}
}  // namespace

const Secret<>* Words::find(std::string_view name) const {
  // The last one said counts.
  const auto found =
      std::find_if(words_.rbegin(), words_.rend(), [name](const auto& word) { return word.first == name; });
  return found == words_.rend() ? nullptr : &found->second;
}

Secret<> Words::fill(std::string_view text) const {
  std::string filled;
  while (true) {
    const std::size_t begin = text.find('{');
    filled += text.substr(0, begin);
    if (begin == text.npos) return Secret<>(std::move(filled));
    const std::size_t end = text.find('}', begin);
    require(end != text.npos, "a template's brace is closed");
    const Secret<>* word = find(text.substr(begin + 1, end - begin - 1));
    if (!word || word->reveal().empty()) return Secret<>("");
    filled += word->reveal();
    text.remove_prefix(end + 1);
  }
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

Secret<> basic_credentials(std::string_view client_id, const Secret<>& client_secret) {
  const Secret<> pair(percent_encoded(client_id) + ":" + percent_encoded(client_secret.reveal()));
  const std::size_t size = pair.reveal().size();
  std::string text((size + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(pair.reveal().data()), static_cast<int>(size));
  text.pop_back();
  return Secret<>(std::move(text));
}

bool speaks_as_client(const Question& question) {
  return names_own_secret(question.authorization) ||
         std::ranges::any_of(question.parameters, [](const Parameter& each) { return names_own_secret(each.value); });
}

FetchRequest request_of(const Question& question, const Places& places, const Words& words) {
  FetchRequest request{.url = places.at(static_cast<std::size_t>(question.place)) + words.fill(question.path).reveal()};
  request.headers.emplace_back("Accept", Secret<>("application/json"));
  const Secret<> authorization = words.fill(question.authorization);
  if (!authorization.reveal().empty()) request.headers.emplace_back("Authorization", authorization);
  switch (question.body) {
    case Body::none:
      if (!question.parameters.empty()) request.url = address_of(request.url, question.parameters, words);
      break;
    case Body::form: request.form = Secret<>(urlencoded(question.parameters, words)); break;
    case Body::json:
      request.headers.emplace_back("Content-Type", Secret<>("application/json"));
      request.form = Secret<>(json_object(question.parameters, words));
      break;
  }
  return request;
}

std::string address_of(std::string_view address, std::span<const Parameter> parameters, const Words& words) {
  return std::string(address) + (address.contains('?') ? "&" : "?") + urlencoded(parameters, words);
}

}  // namespace propusk::providers
