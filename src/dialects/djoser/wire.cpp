// The members of a user, in the order of the recorded serializers.
#include "dialects/djoser/wire.hpp"

#include "dialects/drf/fields.hpp"

namespace propusk::djoser {
namespace {
using drf::append_json_text;

std::string& append_name(std::string& out, std::string_view name) {
  return out.append(out.size() > 1 ? ",\"" : "\"").append(name).append("\":");
}
void append_text(std::string& out, std::string_view name, std::string_view text) {
  append_json_text(append_name(out, name), text);
}

/// The account's e-mail and what else the settings let people tell: Django's REQUIRED_FIELDS.
void append_told(std::string& out, const DjoserSettings& settings, const core::ProfileCard& card) {
  for (const core::ProfileField field : settings.fields) {
    const auto index = static_cast<std::size_t>(field);
    append_text(out, core::profile_fields[index].name, card.fields[index]);
  }
}
}  // namespace

std::string card_json(const DjoserSettings& settings, const core::ProfileCard& card) {
  std::string out;
  out.reserve(64 + card.email.size() + card.username.size());  // the members' names and an id
  out.append("{");
  const std::string id = std::to_string(static_cast<std::int64_t>(card.id));
  if (settings.profile == Profile::email) {
    append_told(out, settings, card);
    append_name(out, "id").append(id);
    append_text(out, "email", card.email);
  } else {
    append_text(out, "email", card.email);
    append_told(out, settings, card);
    append_name(out, "id").append(id);
    append_text(out, "username", card.username);
  }
  return out.append("}");
}

}  // namespace propusk::djoser
