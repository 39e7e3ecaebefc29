// For each offer the most specific matching range decides its weight, as RFC 9110 §12.5.1 wants it.
#include "http/accept.hpp"

#include "http/ascii.hpp"

namespace propusk::http {

namespace {
constexpr int range_limit = 100;  // as many as a request may have header fields

/// "0", "0.5", "1.000" → 0…1000; nothing for another spelling.
std::optional<int> weight_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    weight += (text[i] - '0') * unit;
  }
  return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

struct Range {
  std::string_view text;
  int weight = 1000;
};

std::optional<Range> take_range(std::string_view& list) {
  std::string_view entry = take_until(list, ',');
  Range range{trimmed(take_until(entry, ';'))};
  while (!entry.empty()) {
    std::string_view parameter = take_until(entry, ';');
    if (!same_text(trimmed(take_until(parameter, '=')), "q")) continue;
    const auto weight = weight_of(trimmed(parameter));
    if (!weight) return std::nullopt;
    range.weight = *weight;
  }
  return range.text.empty() ? std::nullopt : std::optional(range);
}

/// How precisely `range` names `offer`; 0: not at all.
using Fit = int (*)(std::string_view range, std::string_view offer);

int media_fit(std::string_view range, std::string_view offer) {
  if (same_text(range, offer)) return 3;
  if (range == "*/*") return 1;
  const bool is_family = range.ends_with("/*") && offer.size() >= range.size() - 1;
  return is_family && same_text(range.substr(0, range.size() - 1), offer.substr(0, range.size() - 1)) ? 2 : 0;
}

int language_fit(std::string_view range, std::string_view offer) {
  if (range == "*") return 1;
  const std::string_view shorter = range.size() < offer.size() ? range : offer,
                         longer = range.size() < offer.size() ? offer : range;
  if (!same_text(longer.substr(0, shorter.size()), shorter)) return 0;
  if (longer.size() == shorter.size()) return 1000;
  return longer[shorter.size()] == '-' ? 1 + static_cast<int>(shorter.size()) : 0;
}

int weight_for(std::string_view list, std::string_view offer, Fit fit) {
  int best_fit = 0, weight = 0;
  for (int seen = 0; !list.empty() && seen < range_limit; ++seen) {
    const auto range = take_range(list);
    if (!range) continue;
    const int precision = fit(range->text, offer);
    if (precision > best_fit) {
      best_fit = precision;
      weight = range->weight;
    }
  }
  return weight;
}

std::optional<std::size_t> best(std::string_view list, std::span<const std::string_view> offered, Fit fit) {
  if (offered.empty()) return std::nullopt;
  if (trimmed(list).empty()) return 0;
  int best_weight = 0;
  std::optional<std::size_t> best_offer;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const int weight = weight_for(list, offered[i], fit);
    if (weight > best_weight) {
      best_weight = weight;
      best_offer = i;
    }
  }
  return best_offer;
}
}  // namespace

std::optional<std::size_t> best_media_type(std::string_view accept, std::span<const std::string_view> offered) {
  return best(accept, offered, media_fit);
}
std::optional<std::size_t> best_language(std::string_view accept_language, std::span<const std::string_view> offered) {
  return best(accept_language, offered, language_fit);
}

std::optional<Language> preferred_language(std::string_view accept_language) {
  if (accept_language.empty()) return std::nullopt;
  const std::optional<std::size_t> best = best_language(accept_language, language_names);
  return best ? std::optional(languages.at(*best)) : std::nullopt;
}

}  // namespace propusk::http
