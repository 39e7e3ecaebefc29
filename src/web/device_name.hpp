// What people call the browser or app that a session is of.
#pragma once
#include <string>
#include <string_view>

namespace propusk::web {

/// "Firefox, Windows" of a browser, the system alone of one that is not known; of anything else its first product,
/// "okhttp 4.12.0", at most 40 characters of it. "" for no user agent. It is a hint for its owner: who sends the header
/// chooses it.
std::string device_name(std::string_view user_agent);

}  // namespace propusk::web
