// Forms: which fields each request of the dialect has, by profile.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/accounts/names.hpp"
#include "core/profile/email_replacement.hpp"
#include "core/sign_in/sign_in.hpp"
#include "dialects/djoser/wire.hpp"
#include "dialects/drf/forms.hpp"

namespace propusk::djoser {

Rules registration_rules(const DjoserSettings& settings);
Rules profile_rules(const DjoserSettings& settings);
Rules sign_in_rules(const DjoserSettings& settings);
Rules jwt_create_rules(const DjoserSettings& settings);
Rules set_password_rules(const DjoserSettings& settings);
Rules set_username_rules(const DjoserSettings& settings);
/// `uid` and `token` are no fields of this one (UsernameResetConfirmSerializer is a ModelSerializer).
Rules username_reset_confirm_rules(const DjoserSettings& settings);

/// `new_username`, or `new_email` where that is what people sign in by.
std::string_view new_login_field(const DjoserSettings& settings);
/// The name that signs in: `username` or `email`.
std::string_view login_field(const DjoserSettings& settings);
/// What a new username may look like.
core::UsernameShape username_shape(const DjoserSettings& settings);
/// Which names sign in (DESIGN.md §7: to the byte, as recorded).
core::IdentifierRule identifier_rule(const DjoserSettings& settings);
/// How a new address is taken: claimed and to be proved where addresses are unique.
/// Whether nobody else may have the address.
bool has_unique_emails(const DjoserSettings& settings);
/// Django's normalize_email: the domain in lower case.
std::string normal_email(std::string_view email);

/// The `uid` of a link without whatever is no base64url: Python's decoder skips it.
std::string uid_of(const Form& form);

/// Adds to the mistakes of a form what is wrong with its current_password. False: the request was refused otherwise,
/// and that is written.
Task<bool> check_current_password(const Visit& visit, Form& form);

/// What is wrong with a new password, in the order of Django's validators.
std::vector<std::string> password_sentences(const Visit& visit, const core::Refusals& problems,
                                            std::string_view similar_to);
/// A used link reads as an unknown one: only activation tells the difference.
core::Refused as_unknown(const core::Refused& refused);
/// A link that does nothing: beside `uid` or `token`, or 403 for one that was used.
void send_link_refusal(const Visit& visit, const core::Refused& refused);
void send_weak_password(const Visit& visit, std::string_view field, const std::vector<std::string>& sentences);
/// "user with this email already exists."
std::string taken_sentence(const Visit& visit, Place place);
/// What the attribute of the account is called that `password` is much like; "" if none is.
std::string similar_name(const Visit& visit, std::string_view password, const core::ProfileCard& card);

}  // namespace propusk::djoser
