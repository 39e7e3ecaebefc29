// The scopes that the server knows by itself.
#include "web/scope_words.hpp"

#include "web/texts.hpp"

namespace propusk::web {

std::string scope_words(std::string_view scope, Language language) {
  if (scope == "read") return std::string(text(Text::scope_read, language));
  if (scope == "write") return std::string(text(Text::scope_write, language));
  return std::string(scope);
}

}  // namespace propusk::web
