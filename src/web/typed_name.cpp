// What Django does to names before it keeps them, and says of them when it does not.
#include "web/typed_name.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/accounts/names.hpp"
#include "http/ascii.hpp"
#include "web/handlers.hpp"

namespace propusk::web {

std::string normal_name(std::string_view typed, bool is_email) {
  std::string name(http::trimmed(typed));
  if (!is_email) return nfkc(name).value_or(name);
  for (std::size_t at = std::min(name.rfind('@'), name.size()); at < name.size(); ++at)
    name[at] = http::to_lower(name[at]);
  return name;
}

bool is_written_well(std::string_view name) {
  return std::ranges::all_of(to_code_points(name), [](char32_t point) {
    return is_word(point) || std::u32string_view(U"@.+-").contains(point);
  });
}

std::optional<Text> name_mistake(core::Refusal why, std::string_view name, bool is_email) {
  if (why == core::Refusal::email_taken) return Text::email_taken;
  if (why == core::Refusal::username_malformed && is_email) return Text::email_malformed;
  if (why == core::Refusal::username_malformed && core::is_email(name)) return Text::username_foreign;
  const PageError error = to_page(why);
  return error.is_of_field() ? std::optional(error.title) : std::nullopt;
}

}  // namespace propusk::web
