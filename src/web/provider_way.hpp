// The way to a provider and back, for whoever wants to sign in by it or to connect it.
#pragma once
#include <optional>
#include <string>

#include "base/task.hpp"
#include "web/session.hpp"

namespace propusk::web {

/// Remembers in a cookie what is wanted and where to go afterwards (`next`, a path of ours), and returns the provider's
/// address to which the browser is sent. `purpose`: "sign-in", or connect_purpose(). Nothing: the page that says why is
/// written.
Task<std::optional<std::string>> begin_provider_way(const Web& web, const Visit& visit, std::string provider,
                                                    std::string next, std::string purpose);
/// To connect the provider to the account of this session and of no other.
std::string connect_purpose(const Owner& owner);

}  // namespace propusk::web
