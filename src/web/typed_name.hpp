// Names as people type them into forms: in the form in which they are kept, and what is wrong with them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/refusal.hpp"
#include "web/texts.hpp"

namespace propusk::web {

/// As Django writes names down: a username in NFKC, an address with its domain in lower case; without white space
/// around.
std::string normal_name(std::string_view typed, bool is_email);
/// What django.contrib.auth makes usernames of; the core leaves that to whoever asks.
bool is_written_well(std::string_view name);
/// What is wrong with the name that somebody wants to have; nothing if it is not the name.
std::optional<Text> name_mistake(core::Refusal why, std::string_view name, bool is_email);

}  // namespace propusk::web
