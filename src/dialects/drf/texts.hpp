// Every sentence that the djoser dialect says, as the recorded packages say it in English and in Russian.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/language.hpp"

namespace propusk::drf {

/// The sentences, by the package that has them. `{word}` names a hole.
enum class Sentence : std::uint8_t {
  // rest_framework/fields.py, serializers.py, validators.py
  required,
  may_not_be_null,
  may_not_be_blank,
  not_a_string,
  email_malformed,
  too_long,       ///< {max_length}
  surrogate,      ///< {code_point}: upper-case hex
  not_an_object,  ///< {datatype}: python_type
  nothing_sent,
  // rest_framework/parsers.py, exceptions.py
  json_malformed,       ///< {problem}
  multipart_malformed,  ///< {problem}
  not_authenticated,
  permission_denied,
  not_found,
  method_not_allowed,  ///< {method}
  not_acceptable,
  unsupported_media_type,  ///< {media_type}
  throttled,
  throttled_for,  ///< counted: seconds
  server_error,
  // rest_framework/authentication.py (TokenAuthentication)
  token_header_empty,
  token_header_spaced,
  token_header_characters,
  token_unknown,
  owner_inactive,
  // django/core/validators.py, db/models/fields, contrib/auth/validators.py and models.py
  null_character,
  already_exists,  ///< {model_name} {field_label}
  username_malformed,
  username_exists,
  // django/http/multipartparser.py, http/request.py
  multipart_not_its_type,  ///< {content_type}
  multipart_not_ascii,     ///< {content_type}
  multipart_boundary,      ///< {boundary}
  too_many_fields,
  // django/contrib/auth/password_validation.py
  password_too_similar,  ///< {verbose_name}
  password_too_short,    ///< counted: the least number of characters
  password_too_common,
  password_numeric,
  // django/contrib/auth/models.py: the verbose names of AbstractUser
  label_username,
  label_first_name,
  label_last_name,
  label_email,
  // djoser/constants.py
  credentials_refused,
  link_token_invalid,
  link_uid_invalid,
  link_token_stale,
  passwords_differ,
  password_wrong,
  account_not_created,
  // rest_framework_simplejwt
  no_active_account,
  jwt_invalid,
  jwt_of_no_type,
  jwt_wrong_type,
  jwt_user_inactive,
  jwt_header_malformed,
  count  ///< how many there are; no sentence
};

/// What fills the hole `{name}`.
struct Hole {
  std::string_view name, value;
};

/// The sentence with its holes filled. A value is not read for holes again; a hole without a value stays as it is.
std::string say(Sentence sentence, Language language, std::initializer_list<Hole> holes = {});

/// A counted sentence, in the form that CLDR's plural rules of the language that it is written in choose for `count`.
std::string say_counted(Sentence sentence, Language language, std::uint64_t count);

/// DRF's Throttled with a wait: two sentences, the second in English only (no catalog has it).
std::string say_throttled(Language language, std::uint64_t seconds);

}  // namespace propusk::drf
