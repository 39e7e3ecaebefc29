// Fields by profile (CONTRACTS.md §3 "Profiles", djoser/serializers.py).
#include "dialects/djoser/forms.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dialects/djoser/similarity.hpp"

namespace propusk::djoser {
namespace {
constexpr std::size_t email_length = 254;     // django.db.models.EmailField
constexpr std::size_t username_length = 150;  // django.contrib.auth.models.AbstractUser

bool is_stock(const DjoserSettings& settings) { return settings.profile == Profile::stock; }

FieldRule email_field(const DjoserSettings& settings) {
  // The recorded server makes an account that nothing can activate; here what is mailed needs an address.
  const bool may_be_left_out = is_stock(settings) && !settings.needs_activation;
  return {.name = "email",
          .type = FieldType::email,
          .is_required = !may_be_left_out,
          .may_be_blank = may_be_left_out,
          .max_length = email_length};
}

void append_told(Rules& rules, const DjoserSettings& settings) {
  for (const core::ProfileField field : settings.fields) {
    const core::ProfileFieldRow& row = core::profile_fields[static_cast<std::size_t>(field)];
    rules.push_back({.name = row.name, .is_required = false, .may_be_blank = true, .max_length = row.limit});
  }
}

FieldRule new_login(const DjoserSettings& settings) {
  switch (settings.profile) {
    case Profile::email: return {.name = "new_email", .type = FieldType::email, .max_length = email_length};
    case Profile::stock: return {.name = "new_username", .type = FieldType::username, .max_length = username_length};
    case Profile::seed: break;
  }
  // Usernames of the seed's model are free text, and may be left out.
  return {.name = "new_username", .is_required = false, .may_be_blank = true, .max_length = username_length};
}
}  // namespace

Rules registration_rules(const DjoserSettings& settings) {
  Rules rules{email_field(settings)};
  append_told(rules, settings);
  if (is_stock(settings)) {
    rules.push_back({.name = "username", .type = FieldType::username, .max_length = username_length});
    rules.push_back({.name = "password"});
    return rules;
  }
  rules.push_back({.name = "password"});
  rules.push_back({.name = "re_password"});
  return rules;
}

Rules profile_rules(const DjoserSettings& settings) {
  Rules rules;
  if (settings.profile != Profile::email) rules.push_back(email_field(settings));
  append_told(rules, settings);
  return rules;
}

Rules sign_in_rules(const DjoserSettings& settings) {
  return {{.name = "password", .is_required = false}, {.name = login_field(settings), .is_required = false}};
}

Rules jwt_create_rules(const DjoserSettings& settings) {
  return {{.name = login_field(settings)}, {.name = "password"}};
}

Rules set_password_rules(const DjoserSettings& settings) {
  Rules rules{{.name = "new_password"}};
  if (!is_stock(settings)) rules.push_back({.name = "re_new_password"});
  rules.push_back({.name = "current_password"});
  return rules;
}

Rules set_username_rules(const DjoserSettings& settings) { return {{.name = "current_password"}, new_login(settings)}; }

Rules username_reset_confirm_rules(const DjoserSettings& settings) { return {new_login(settings)}; }

std::string_view login_field(const DjoserSettings& settings) {
  return settings.profile == Profile::email ? "email" : "username";
}

std::string_view new_login_field(const DjoserSettings& settings) {
  return settings.profile == Profile::email ? "new_email" : "new_username";
}

core::UsernameShape username_shape(const DjoserSettings& settings) {
  return is_stock(settings) ? core::UsernameShape::word : core::UsernameShape::address;
}

core::IdentifierRule identifier_rule(const DjoserSettings& settings) {
  switch (settings.profile) {
    case Profile::seed: return core::IdentifierRule::stored_name;
    case Profile::email: return core::IdentifierRule::stored_email;
    case Profile::stock: return core::IdentifierRule::stored_username;
  }
  return core::IdentifierRule::stored_username;
}

core::EmailRule email_rule(const DjoserSettings& settings) {
  return {.is_claimed = has_unique_emails(settings),
          .needs_activation = settings.needs_activation,
          .renames_username = settings.profile == Profile::email};
}

bool has_unique_emails(const DjoserSettings& settings) { return !is_stock(settings); }

std::string normal_email(std::string_view email) {
  std::string out(email);
  const auto at = std::min(out.rfind('@'), out.size());
  std::transform(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(),
                 out.begin() + static_cast<std::ptrdiff_t>(at),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

std::string uid_of(const Form& form) {
  std::string out = form.raw("uid");
  std::erase_if(out, [](char c) {
    return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_';
  });
  return out;
}

std::vector<std::string> password_sentences(const Visit& visit, const core::Refusals& problems,
                                            std::string_view similar_to) {
  using core::Refusal;
  std::vector<std::string> out;
  if (!similar_to.empty()) out.push_back(visit.say(Sentence::password_too_similar, {{"verbose_name", similar_to}}));
  if (problems.has(Refusal::password_too_short))
    out.push_back(
        drf::say_counted(Sentence::password_too_short, visit.language, visit.djoser.profile.policy.min_length));
  if (problems.has(Refusal::password_too_long))
    out.push_back(visit.say(Sentence::too_long, {{"max_length", std::to_string(core::password_bytes_limit)}}));
  if (problems.has(Refusal::password_common)) out.push_back(visit.say(Sentence::password_too_common));
  if (problems.has(Refusal::password_numeric)) out.push_back(visit.say(Sentence::password_numeric));
  if (problems.has(Refusal::password_malformed)) out.push_back(visit.say(Sentence::not_a_string));
  return out;
}

void send_weak_password(const Visit& visit, std::string_view field, const std::vector<std::string>& sentences) {
  Errors errors;
  for (const std::string& sentence : sentences) errors.add(field, sentence);
  send_errors(visit, errors);
}

core::Refused as_unknown(const core::Refused& refused) {
  return refused.why == core::Refusal::link_used ? core::Refused(core::Refusal::link_unknown) : refused;
}

void send_link_refusal(const Visit& visit, const core::Refused& refused) {
  const WireError error = to_wire(refused.why);
  if (error.place == Place::uid) return send_field_error(visit, "uid", visit.say(error.sentence));
  if (error.place == Place::token) return send_field_error(visit, "token", visit.say(error.sentence));
  send_refusal(visit, refused);
}

std::string taken_sentence(const Visit& visit, Place place) {
  if (place == Place::username && is_stock(visit.djoser.settings)) return visit.say(Sentence::username_exists);
  return visit.say(Sentence::already_exists,
                   {{"model_name", "user"}, {"field_label", place == Place::username ? "username" : "email"}});
}

std::string similar_name(const Visit& visit, std::string_view password, const core::ProfileCard& card) {
  const bool is_stocked = is_stock(visit.djoser.settings);
  // The verbose names of AbstractUser; the models of the other profiles have plain ones.
  const std::string username = is_stocked ? visit.say(Sentence::label_username) : "username",
                    first_name = visit.say(Sentence::label_first_name),
                    last_name = visit.say(Sentence::label_last_name),
                    email = is_stocked ? visit.say(Sentence::label_email) : "email";
  const auto field = [&](core::ProfileField which) -> std::string_view {
    return card.fields[static_cast<std::size_t>(which)];
  };
  // UserAttributeSimilarityValidator.DEFAULT_USER_ATTRIBUTES
  // Whose people sign in by address has no username there; here it follows the address.
  const bool has_username = visit.djoser.settings.profile != Profile::email;
  const UserAttribute attributes[] = {{has_username ? std::string_view(card.username) : "", username},
                                      {field(core::ProfileField::first_name), first_name},
                                      {field(core::ProfileField::last_name), last_name},
                                      {card.email, email}};
  return std::string(similar_attribute(password, attributes).value_or(""));
}

}  // namespace propusk::djoser
