// What a scope lets an app do, in words.
#pragma once
#include <string>
#include <string_view>

#include "base/language.hpp"

namespace propusk::web {

/// One of ours as a sentence's end ("see your profile"); another as it is written.
std::string scope_words(std::string_view scope, Language language);

}  // namespace propusk::web
