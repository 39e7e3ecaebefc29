// Mishap: why a provider does not vouch, with a word for operators.
#pragma once
#include <expected>
#include <string>
#include <utility>

#include "core/social/provider_gateway.hpp"

namespace propusk::providers {

struct Mishap {
  core::ProviderFailure failure{};
  std::string why;  ///< short, ours, without anything that a stranger said
};
template <class T>
using Outcome = std::expected<T, Mishap>;
inline std::unexpected<Mishap> mishap(core::ProviderFailure failure, std::string why) {
  return std::unexpected(Mishap{failure, std::move(why)});
}

}  // namespace propusk::providers
