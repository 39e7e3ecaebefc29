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
enum class Text : std::uint16_t {
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
  // signing in, signing up, signing out
  sign_in_title,
  sign_in,
  sign_in_name,
  password,
  sign_in_wrong,
  forgot,
  no_activation_letter,
  continue_with,  ///< {} is a provider
  or_else,
  sign_up_title,
  sign_up_button,
  username,
  email_optional,
  email_use,
  signed_up_lead,
  signed_up,
  sign_out_title,
  sign_out,
  sign_out_lead,
  signed_out,
  // one's account
  your_account,
  profile_title,
  account_since,  ///< {} is a day
  first_name,
  last_name,
  middle_name,
  phone,
  too_long,
  save,
  saved,
  change_username,
  same_already,
  email_change_lead,
  email_change_old,
  email_confirmed,  ///< {} is the address
  email_unconfirmed,
  email_none,
  email_awaited,  ///< {} is the address
  email_asked,
  current_password,
  current_password_wrong,
  password_since,  ///< {} is a day
  password_none,
  password_lead,
  password_changed,
  // devices and sessions
  devices_title,
  devices_lead,
  devices_one,  ///< {} is a number
  devices_few,
  devices_many,
  devices_more_one,  ///< {} is a number
  devices_more_few,
  devices_more_many,
  this_device,
  unknown_device,
  kind_browser,
  kind_app,
  device_at,      ///< {} is an address
  device_since,   ///< {} is a time
  device_seen,    ///< {} is a time
  device_number,  ///< {} is an id
  end_device,
  end_others,
  device_ended,
  others_ended,
  // what happened to the account
  activity_title,
  activity_lead,
  activity_summary,
  activity_foreign,
  event_by_client,  ///< {} is an address
  event_by_clients,
  event_by_operator,
  event_by_server,
  // its data, its end
  data_title,
  data_lead,
  data_without,
  data_summary,
  data_button,
  delete_title,
  delete_what,
  delete_apps,
  delete_for_ever,
  delete_button,
  deleted_title,
  deleted_lead,
  // forms of the account that nothing came of
  stale_title,
  stale_lead,
  old_form_title,
  old_form_lead,
  // apps: consent
  consent_title,  ///< {} is an app
  consent_account,
  consent_scopes,
  consent_leads,  ///< {} is a host
  consent_give,
  consent_deny,
  scope_read,
  scope_write,
  client_title,
  client_lead,
  onward_title,
  onward_lead,  ///< {} is a host
  onward_way,
  // providers
  provider_gone_title,
  provider_gone_lead,
  provider_no_title,
  provider_no_lead,
  not_connected_title,
  flow_title,
  flow_lead,
  provider_unknown_title,
  provider_unknown_lead,
  provider_email_title,
  provider_email_lead,
  identity_taken_title,
  identity_taken_lead,
  last_way_title,
  last_way_lead,
  disabled_title,
  disabled_lead,
  // connections and apps of the account
  connections_title,
  connections_lead,
  connections_none,
  connected_since,  ///< {} is a day
  connect,          ///< {} is a provider
  disconnect,       ///< {} is a provider
  connected,
  disconnected,
  apps_title,
  apps_lead,
  apps_none,
  apps_one,  ///< {} is a number
  apps_few,
  apps_many,
  app_since,  ///< {} is a day
  app_withdraw,
  app_withdrawn,
};

/// How many texts there are.
inline constexpr std::size_t text_count = static_cast<std::size_t>(Text::app_withdrawn) + 1;

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
inline constexpr Counted devices{Text::devices_one, Text::devices_few, Text::devices_many};
inline constexpr Counted devices_more{Text::devices_more_one, Text::devices_more_few, Text::devices_more_many};
inline constexpr Counted apps{Text::apps_one, Text::apps_few, Text::apps_many};
inline constexpr Counted wait{Text::wait_one, Text::wait_few, Text::wait_many};
/// The form for a whole number, by the plural rules of CLDR (English: one, many; Russian: one, few, many), filled.
std::string counted(const Counted& forms, Language language, std::uint64_t number);

}  // namespace propusk::web
