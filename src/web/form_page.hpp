// FormPage: a page that is one form: its fields, what is wrong with them, and the ways around it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/refusal.hpp"
#include "web/page.hpp"

namespace propusk::web {

/// Fields of more than one form; what a refusal is beside (mistakes_of()).
inline constexpr std::string_view current_password_field = "current_password", new_password_field = "new_password",
                                  new_email_field = "new_email", new_username_field = "new_username";

/// One field.
struct Input {
  std::string_view name;  ///< also its id
  Text label;
  std::string_view type;   ///< as HTML names it; what is in a "password" is never sent back
  std::string_view token;  ///< autocomplete: what it is to browsers and password managers (WCAG 1.3.5)
  std::string value{};
  std::string hint{};
  bool is_optional = false;
  bool is_name = false;  ///< of a person: on-screen keyboards begin its words with capitals
};

struct FormPage {
  Text title;
  std::optional<Text> button;  ///< nothing: nothing can be done here
  std::vector<std::string> sentences{};
  std::string username{};  ///< of the account that it is about: shown, and told to password managers
  std::vector<Input> inputs{};
  std::vector<Mistake> mistakes{};
  std::string form_token{};                     ///< Owner::form_token, where somebody is signed in
  std::vector<Way> ways{};                      ///< below the form
  std::span<const ProviderButton> providers{};  ///< above it; they lead on to `next` of the request too
  std::optional<Text> done{};                   ///< what has just been done: done_text()
  bool is_grave = false;                        ///< the button does what cannot be undone
  bool is_of_account = false;                   ///< one of the pages below /accounts/, with a way back there
};

/// 400 with mistakes, else 200.
void send_form(const Visit& visit, const FormPage& form);
/// The refusals that are of a field: of the current password, the new one, the address or the username. Empty: it is a
/// page of its own (refuse_owner()).
std::vector<Mistake> mistakes_of(const core::Refused& refused);
/// What `?done=` of a page says, of a closed list: nobody puts words into our mouth.
std::optional<Text> done_text(const http::Request& request);

}  // namespace propusk::web
