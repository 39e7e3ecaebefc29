// Signing up on our own page, by the rule that operators choose.
#include "base/text.hpp"
#include "web/account_handlers.hpp"
#include "web/form_page.hpp"
#include "web/handlers.hpp"
#include "web/next_path.hpp"
#include "web/session.hpp"
#include "web/typed_name.hpp"

namespace propusk::web {
namespace {
/// What was typed, but for the password.
struct Wish {
  std::string username, email;
};

/// A letter of activation needs an address.
bool may_lack_email(const SignUpRule& rule) { return rule.email_is_optional && !rule.needs_activation; }

void send_sign_up(const Web& web, const Visit& visit, const Wish& wish, std::vector<Mistake> mistakes) {
  const SignUpRule& rule = web.sign_up;
  FormPage form{.title = Text::sign_up_title,
                .button = Text::sign_up_button,
                .mistakes = std::move(mistakes),
                .ways = {{"/accounts/login/", Text::sign_in}},
                .providers = web.providers};
  if (rule.asks_username)
    form.inputs.push_back(
        {.name = "username", .label = Text::username, .type = "text", .token = "username", .value = wish.username});
  form.inputs.push_back({.name = "email",
                         .label = may_lack_email(rule) ? Text::email_optional : Text::email,
                         .type = "email",
                         .token = rule.asks_username ? "email" : "username",
                         .value = wish.email,
                         .hint = may_lack_email(rule) ? visit.say(Text::email_use) : "",
                         .is_optional = may_lack_email(rule)});
  form.inputs.push_back({.name = "password",
                         .label = Text::password,
                         .type = "password",
                         .token = "new-password",
                         .hint = counted(hint, visit.language, web.registration.policy.min_length)});
  send_form(visit, form);
}

core::RegistrationDraft draft_of(const SignUpRule& rule, const Wish& wish, Secret<> password, Language language) {
  return {.username = rule.asks_username ? wish.username : wish.email,
          .shape = rule.shape,
          .email = wish.email,
          .email_is_optional = may_lack_email(rule),
          .claims_email = rule.claims_email,
          .password = std::move(password),
          .tells_taken_first = true,
          .needs_activation = rule.needs_activation,
          .sends_confirmation = rule.sends_confirmation && !wish.email.empty(),
          .language = language};
}

std::vector<Mistake> mistakes_of(const core::Refused& refused, const SignUpRule& rule, const Wish& wish) {
  using core::Refusal;
  std::vector<Mistake> mistakes;
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    if (!refused.all.has(refusal)) continue;
    const bool is_of_username = refusal == Refusal::username_malformed || refusal == Refusal::username_taken;
    const bool is_of_email = refusal == Refusal::email_malformed || refusal == Refusal::email_taken;
    if (is_of_username && !rule.asks_username) {
      // The address is the username: what is wrong with it is said once, of the address.
      if (!refused.all.has(Refusal::email_malformed) && !refused.all.has(Refusal::email_taken))
        mistakes.push_back({"email", refusal == Refusal::username_taken ? Text::email_taken : Text::email_malformed});
    } else if (is_of_username || is_of_email) {
      if (const auto what = name_mistake(refusal, wish.username, is_of_email))
        mistakes.push_back({is_of_email ? "email" : "username", *what});
    } else if (to_page(refusal).is_of_field()) {
      mistakes.push_back({"password", to_page(refusal).title});
    }
  }
  return mistakes;
}
}  // namespace

Task<void> get_sign_up(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const core::Result<std::optional<Owner>> owner = co_await find_owner(web, visit);
  if (!owner) co_return send_refusal(visit, owner.error());
  if (*owner) co_return send_elsewhere(visit, 302, "/accounts/");
  send_sign_up(web, visit, {}, {});
}

Task<void> post_sign_up(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  const std::optional<http::Form> form = admit_own_form(visit);
  if (!form) co_return;
  const SignUpRule& rule = web.sign_up;
  const Wish wish{.username = normal_name(form->field("username").value_or(""), false),
                  .email = normal_name(form->field("email").value_or(""), true)};
  if (rule.asks_username && !is_written_well(wish.username))
    co_return send_sign_up(web, visit, wish, {{"username", Text::username_malformed}});
  const core::Result<core::AccountId> made = co_await core::register_account(
      draft_of(rule, wish, secret_field(*form, "password"), visit.language), request.caller, web.registration);
  if (made) {
    if (rule.needs_activation) co_return send_elsewhere(visit, 303, "/accounts/signup/sent/");
    const std::optional<std::string> next = next_path(request);
    const std::string sign_in = std::string("/accounts/login/") + "?done=up";
    co_return send_elsewhere(visit, 303, next ? sign_in + "&next=" + query_value(*next) : sign_in);
  }
  std::vector<Mistake> mistakes = mistakes_of(made.error(), rule, wish);
  if (mistakes.empty()) co_return send_refusal(visit, made.error());
  send_sign_up(web, visit, wish, std::move(mistakes));
}

http::Next get_signed_up(Web& web, const http::Request& request, http::Reply& reply) {
  const Visit visit = begin_account_visit(web, request, reply);
  Notice notice{
      .title = Text::sent_title,
      .sentences = {visit.say(Text::signed_up_lead), visit.say(Text::resent_detail), visit.say(Text::sent_nothing)},
      .way = {}};
  if (!web.paths.activation.empty()) notice.way = Way{"/auth/activation/", Text::ask_again, true};
  send_notice(visit, notice);
  return http::Next::send;
}

}  // namespace propusk::web
