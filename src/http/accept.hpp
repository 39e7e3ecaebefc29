// Content negotiation: which of the offered forms a client likes best (RFC 9110 §12.5, RFC 4647 §3.4).
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/language.hpp"

namespace propusk::http {

/// The position in `offered` ("text/html", lower-case, without parameters) that an Accept header likes best: by the
/// weight of the most specific range that matches, then by order. An empty header likes the first. Nothing if none is
/// acceptable. Malformed ranges are skipped; ranges after the hundredth too.
std::optional<std::size_t> best_media_type(std::string_view accept, std::span<const std::string_view> offered);

/// The same for languages ("ru", "en-us", lower-case) and Accept-Language: `ru-RU` likes `ru`, `ru` likes `ru-ru`.
std::optional<std::size_t> best_language(std::string_view accept_language, std::span<const std::string_view> offered);

/// The language of ours that an Accept-Language header likes best; nothing if it names none of them.
std::optional<Language> preferred_language(std::string_view accept_language);

}  // namespace propusk::http
