// News: what one node tells the others of its committed writes, as payloads of NOTIFY (DESIGN.md §5).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/sessions/effects.hpp"

namespace propusk::postgres {

/// What a payload said.
struct News {
  enum class Kind : std::uint8_t {
    beat,        ///< a node's own echo
    effects,     ///< forget what these touch
    everything,  ///< too much to list: forget all
    unknown,     ///< of another program or a newer version: forget all
  };
  Kind kind = Kind::unknown;
  std::string node;         ///< who says so
  std::uint64_t beat = 0;   ///< its number
  core::Effects effects{};  ///< to be forgotten: only what it touches is filled in
};

/// What others must forget once `effects` are committed: payloads of less than 8,000 bytes, as NOTIFY takes them. None
/// when nobody else can have known what was changed.
std::vector<std::string> payloads_of(const core::Effects& effects, std::string_view node);
std::string beat_of(std::string_view node, std::uint64_t number);
/// Never fails: what it does not understand is Kind::unknown.
News news_of(std::string_view payload);

}  // namespace propusk::postgres
