// POST users/: a new account. Mistakes of fields come before those of the whole, as DRF tells them.
#include "base/text.hpp"
#include "dialects/djoser/forms.hpp"
#include "dialects/djoser/handlers.hpp"

namespace propusk::djoser {
namespace {
/// What was typed, and the names that would come of it.
struct Wish {
  explicit Wish(const Visit& visit, const Form& form)
      : password(form.secret("password")), email_as_typed(form.text("email")) {
    const DjoserSettings& settings = visit.djoser.settings;
    card.email = normal_email(email_as_typed);
    card.username = settings.profile == Profile::stock ? nfkc(form.text("username")).value_or("") : card.email;
    for (const core::ProfileField field : settings.fields) {
      const auto index = static_cast<std::size_t>(field);
      card.fields[index] = form.text(core::profile_fields[index].name);
    }
    is_retyped = settings.profile == Profile::stock || form.text("re_password") == password.reveal();
  }
  /// What the account is judged by: a username that is made of the e-mail was not there yet.
  [[nodiscard]] core::ProfileCard typed() const {
    core::ProfileCard out = card;
    out.email = email_as_typed;
    if (card.username == card.email) out.username.clear();
    return out;
  }
  Secret<> password;
  std::string email_as_typed;
  core::ProfileCard card;
  bool is_retyped = false;
};

core::RegistrationDraft draft_of(const Visit& visit, const Wish& wish) {
  const DjoserSettings& settings = visit.djoser.settings;
  return {.username = wish.card.username,
          .shape = username_shape(settings),
          .email = wish.card.email,
          .email_is_optional = settings.profile == Profile::stock,
          .claims_email = has_unique_emails(settings),
          .password = wish.password,
          .tells_taken_first = true,
          .fields = wish.card.fields,
          .needs_activation = settings.needs_activation,
          .sends_confirmation = settings.sends_confirmation,
          .language = visit.language};
}

std::string created_json(const DjoserSettings& settings, const core::ProfileCard& card) {
  std::string out = R"({"email":)" + drf::json_text(card.email);
  for (const core::ProfileField field : settings.fields) {
    const auto index = static_cast<std::size_t>(field);
    out.append(",\"").append(core::profile_fields[index].name).append("\":").append(drf::json_text(card.fields[index]));
  }
  if (settings.profile == Profile::stock) out.append(R"(,"username":)").append(drf::json_text(card.username));
  return out.append(R"(,"id":)").append(std::to_string(static_cast<std::int64_t>(card.id))).append("}");
}

/// Adds what is taken to the mistakes of the fields; true if that is told by itself, as the framework tells what only
/// its database found.
Task<core::Result<bool>> add_taken(const Visit& visit, const Wish& wish, bool is_rationed, Errors& errors) {
  const bool is_stock = visit.djoser.settings.profile == Profile::stock;
  core::NamesWanted wanted{.username = is_stock && !errors.has("username") ? wish.card.username : "",
                           .email = is_stock || errors.has("email") ? "" : wish.card.email};
  const core::Result<core::NamesTaken> taken =
      co_await core::look_at_names(std::move(wanted), is_rationed, visit.request.caller, visit.djoser.registration);
  if (!taken) co_return std::unexpected(taken.error());
  if (taken->username) errors.add("username", taken_sentence(visit, Place::username));
  const bool is_exact = taken->email_to_the_byte && wish.email_as_typed == wish.card.email;
  if (is_exact) errors.add("email", taken_sentence(visit, Place::email));
  co_return taken->email && !is_exact;
}

void send_not_created(const Visit& visit) {
  send_json(visit, 400, "[" + drf::json_text(visit.say(Sentence::account_not_created)) + "]");
}

/// The answer to a form that cannot become an account; `weak`: what is wrong with its password.
Task<void> send_mistakes(const Visit& visit, const Wish& wish, bool is_rationed, Errors errors,
                         std::vector<std::string> weak) {
  const core::Result<bool> collides = co_await add_taken(visit, wish, is_rationed, errors);
  if (!collides) co_return send_refusal(visit, collides.error());
  if (!errors.empty()) co_return send_errors(visit, errors);
  if (!weak.empty()) co_return send_weak_password(visit, "password", weak);
  if (wish.is_retyped) co_return send_not_created(visit);
  errors.add_to_all(visit.say(Sentence::passwords_differ));
  send_errors(visit, errors);
}
}  // namespace

Task<void> post_users(const Visit& visit) {
  std::optional<Form> form = read_form(visit, registration_rules(visit.djoser.settings));
  if (!form) co_return;
  const Wish wish(visit, *form);
  const bool has_password = form->values.get("password").has_value();
  const std::string similar = has_password ? similar_name(visit, wish.password.reveal(), wish.typed()) : "";
  const core::Refusals problems =
      has_password ? visit.djoser.registration.policy.judge(wish.password) : core::Refusals{};
  std::vector<std::string> weak = password_sentences(visit, problems, similar);
  if (!form->errors.empty() || !weak.empty() || !wish.is_retyped)
    co_return co_await send_mistakes(visit, wish, false, std::move(form->errors), std::move(weak));

  const core::Result<core::AccountId> registered =
      co_await core::register_account(draft_of(visit, wish), visit.request.caller, visit.djoser.registration);
  if (registered) {
    core::ProfileCard card = wish.card;
    card.id = *registered;
    co_return send_json(visit, 201, created_json(visit.djoser.settings, card));
  }
  const core::Refused& refused = registered.error();
  if (refused.all.has(core::Refusal::username_malformed))
    co_return send_field_error(visit, visit.djoser.settings.profile == Profile::stock ? "username" : "email",
                               visit.say(Sentence::username_malformed));
  const bool is_taken = refused.all.has(core::Refusal::email_taken) || refused.all.has(core::Refusal::username_taken);
  if (is_taken) co_return co_await send_mistakes(visit, wish, true, std::move(form->errors), {});
  if (refused.why == core::Refusal::creation_failed) co_return send_not_created(visit);
  send_refusal(visit, refused);
}

}  // namespace propusk::djoser
