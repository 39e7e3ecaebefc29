// Texts: all that the pages say, in every language, in one table.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/language.hpp"

namespace propusk::web {

/// What can be said; `{}` in a text is the place of one value.
enum class Text : std::uint8_t {
  own_name,  ///< of the language, in itself
  language_choice,
  error_title,  ///< {} is the title
  problem,
  try_again,
  close_page,
  // asking for a link
  ask_title,
  ask_lead,
  ask_button,
  email,
  email_malformed,
  sent_title,
  sent_lead,
  sent_detail,
  sent_nothing,
  ask_again,
  // a new password
  password_title,
  password_button,
  account,
  new_password,
  hint_one,  ///< {} is the least number of characters
  hint_few,
  hint_many,
  show,
  hide,
  password_too_short,
  password_too_long,
  password_common,
  password_numeric,
  password_malformed,
  passwords_differ,
  changed_title,
  changed_lead,
  changed_next,
  // a new address
  confirm_title,
  confirm_lead,
  confirm_button,
  new_email,
  confirmed_title,
  confirmed_lead,
  taken_title,
  taken_lead,
  // activating an account
  activate_title,
  activate_lead,
  activate_button,
  disown_new,
  disown_old,
  disown_button,
  activated_title,
  open_app,
  activated_before,
  disowned_title,
  disowned_lead,
  resend_title,
  resend_lead,
  resent_lead,
  resent_detail,
  // another name to sign in with
  rename_title,
  rename_lead,
  rename_button,
  new_username,
  username_malformed,
  username_foreign,
  username_taken,
  renamed_title,
  renamed_next,
  replace_title,
  replace_lead,
  replace_button,
  email_taken,
  replaced_title,
  replaced_next,
  replaced_wait,
  // taking an account back
  undo_title,
  undo_lead,
  undo_button,
  email_now,
  email_before,
  undone_title,
  undone_lead,
  undone_next,
  undone_before,
  set_password,
  // links that do nothing
  used_title,
  used_lead,
  expired_title,
  expired_lead,
  unknown_title,
  unknown_lead,
  ask_new_link,
  change_again,
  ask_in_app,
  ask_operators,
  // no for other reasons
  limited_title,
  wait_one,  ///< {} is a number of minutes
  wait_few,
  wait_many,
  busy_title,
  later,
  failed_title,
  foreign_title,
  foreign_lead,
  open_page,
  method_title,
  method_lead,
  unreadable_title,
};

struct TextRow {
  Text key;
  std::string_view name;  ///< as templates call it
  std::array<std::string_view, languages.size()> in;
};
/// One row per text, by the order of the enum.
std::span<const TextRow> texts();
std::string_view text(Text key, Language language);
/// The text with `value` in the place of its `{}`.
std::string filled(Text key, Language language, std::string_view value);

/// The forms of a text that a number asks for.
struct Counted {
  Text one, few, many;
};
inline constexpr Counted hint{Text::hint_one, Text::hint_few, Text::hint_many};
inline constexpr Counted wait{Text::wait_one, Text::wait_few, Text::wait_many};
/// The form for a whole number, by the plural rules of CLDR (English: one, many; Russian: one, few, many), filled.
std::string counted(const Counted& forms, Language language, std::uint64_t number);

}  // namespace propusk::web
