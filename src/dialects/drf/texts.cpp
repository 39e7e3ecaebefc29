// The table of sentences (tools/djoser_texts.py compares it with the packages), and how their holes are filled.
#include "dialects/drf/texts.hpp"

#include <algorithm>
#include <array>

#include "base/bug.hpp"

namespace propusk::drf {
namespace {
struct Row {
  Sentence sentence;
  std::string_view english;
  std::string_view russian = english;  ///< the packages have not translated everything
};
constexpr auto plain = std::to_array<Row>({
    {Sentence::required, "This field is required.", "Обязательное поле."},
    {Sentence::may_not_be_null, "This field may not be null.", "Это поле не может быть пустым."},
    {Sentence::may_not_be_blank, "This field may not be blank.", "Это поле не может быть пустым."},
    {Sentence::not_a_string, "Not a valid string."},
    {Sentence::email_malformed, "Enter a valid email address.", "Введите правильный адрес электронной почты."},
    {Sentence::too_long, "Ensure this field has no more than {max_length} characters.",
     "Убедитесь, что это значение содержит не более {max_length} символов."},
    {Sentence::surrogate, "Surrogate characters are not allowed: U+{code_point}."},
    {Sentence::not_an_object, "Invalid data. Expected a dictionary, but got {datatype}.",
     "Недопустимые данные. Ожидался dictionary, но был получен {datatype}."},
    {Sentence::nothing_sent, "No data provided"},
    {Sentence::json_malformed, "JSON parse error - {problem}"},
    {Sentence::multipart_malformed, "Multipart form parse error - {problem}"},
    {Sentence::not_authenticated, "Authentication credentials were not provided.",
     "Учетные данные не были предоставлены."},
    {Sentence::permission_denied, "You do not have permission to perform this action.",
     "У вас недостаточно прав для выполнения данного действия."},
    {Sentence::not_found, "Not found.", "Страница не найдена."},
    {Sentence::method_not_allowed, "Method \"{method}\" not allowed.", "Метод \"{method}\" не разрешен."},
    {Sentence::not_acceptable, "Could not satisfy the request Accept header.",
     "Невозможно удовлетворить \"Accept\" заголовок запроса."},
    {Sentence::unsupported_media_type, "Unsupported media type \"{media_type}\" in request.",
     "Неподдерживаемый тип данных \"{media_type}\" в запросе."},
    {Sentence::throttled, "Request was throttled.", "Запрос был проигнорирован."},
    {Sentence::server_error, "A server error occurred.", "Ошибка сервера."},
    {Sentence::token_header_empty, "Invalid token header. No credentials provided.",
     "Недопустимый заголовок токена. Не предоставлены учетные данные."},
    {Sentence::token_header_spaced, "Invalid token header. Token string should not contain spaces.",
     "Недопустимый заголовок токена. Токен не должен содержать пробелов."},
    {Sentence::token_header_characters, "Invalid token header. Token string should not contain invalid characters.",
     "Недопустимый заголовок токена. Токен не должен содержать недопустимые символы."},
    {Sentence::token_unknown, "Invalid token.", "Недопустимый токен."},
    {Sentence::owner_inactive, "User inactive or deleted.", "Пользователь неактивен или удален."},
    {Sentence::null_character, "Null characters are not allowed.", "Данные содержат запрещённый символ: ноль-байт"},
    {Sentence::already_exists, "{model_name} with this {field_label} already exists.",
     "{model_name} с таким {field_label} уже существует."},
    {Sentence::username_malformed,
     "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
     "Введите правильное имя пользователя. Оно может содержать только буквы, цифры и знаки @/./+/-/_."},
    {Sentence::username_exists, "A user with that username already exists.",
     "Пользователь с таким именем уже существует."},
    {Sentence::multipart_not_its_type, "Invalid Content-Type: {content_type}"},
    {Sentence::multipart_not_ascii, "Invalid non-ASCII Content-Type in multipart: {content_type}"},
    {Sentence::multipart_boundary, "Invalid boundary in multipart: {boundary}"},
    {Sentence::too_many_fields, "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS."},
    {Sentence::password_too_similar, "The password is too similar to the {verbose_name}.",
     "Введённый пароль слишком похож на {verbose_name}."},
    {Sentence::password_too_common, "This password is too common.", "Введённый пароль слишком широко распространён."},
    {Sentence::password_numeric, "This password is entirely numeric.", "Введённый пароль состоит только из цифр."},
    {Sentence::label_username, "username", "имя пользователя"},
    {Sentence::label_first_name, "first name", "имя"},
    {Sentence::label_last_name, "last name", "фамилия"},
    {Sentence::label_email, "email address", "адрес электронной почты"},
    {Sentence::credentials_refused, "Unable to log in with provided credentials.",
     "Невозможно войти с предоставленными учетными данными."},
    {Sentence::link_token_invalid, "Invalid token for given user."},
    {Sentence::link_uid_invalid, "Invalid user id or user doesn't exist."},
    {Sentence::link_token_stale, "Stale token for given user."},
    {Sentence::passwords_differ, "The two password fields didn't match."},
    {Sentence::password_wrong, "Invalid password."},
    {Sentence::account_not_created, "Unable to create account."},
    {Sentence::no_active_account, "No active account found with the given credentials",
     "Не найдено активной учетной записи с указанными данными"},
    {Sentence::jwt_invalid, "Token is invalid or expired", "Токен недействителен или просрочен"},
    {Sentence::jwt_of_no_type, "Given token not valid for any token type",
     "Данный токен недействителен для любого типа токена"},
    {Sentence::jwt_wrong_type, "Token has wrong type", "Токен имеет неправильный тип"},
    {Sentence::jwt_user_inactive, "User is inactive", "Пользователь неактивен"},
    {Sentence::jwt_header_malformed, "Authorization header must contain two space-delimited values",
     "Заголовок авторизации должен содержать два значения, разделенных пробелом"},
});

struct CountedRow {
  Sentence sentence;
  std::array<std::string_view, 2> english;  ///< one, other
  std::array<std::string_view, 3> russian;  ///< one, few, many; empty where it is said in English
};
constexpr auto counted = std::to_array<CountedRow>({
    {Sentence::throttled_for, {"Expected available in {count} second.", "Expected available in {count} seconds."}, {}},
    {Sentence::password_too_short,
     {"This password is too short. It must contain at least {count} character.",
      "This password is too short. It must contain at least {count} characters."},
     {"Введённый пароль слишком короткий. Он должен содержать как минимум {count} символ.",
      "Введённый пароль слишком короткий. Он должен содержать как минимум {count} символа.",
      "Введённый пароль слишком короткий. Он должен содержать как минимум {count} символов."}},
});

constexpr bool has_every_sentence_once() {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Sentence::count); ++i) {
    const auto sentence = static_cast<Sentence>(i);
    const auto rows = std::ranges::count(plain, sentence, &Row::sentence);
    if (rows + std::ranges::count(counted, sentence, &CountedRow::sentence) != 1) return false;
  }
  return true;
}
static_assert(has_every_sentence_once());

/// Whole numbers of CLDR's Russian: 0 one, 1 few, 2 many.
constexpr std::size_t russian_form(std::uint64_t count) {
  const std::uint64_t ones = count % 10, tens = count / 10 % 10;
  if (tens == 1) return 2;
  return ones == 1 ? 0 : ones >= 2 && ones <= 4 ? 1 : 2;
}

std::string filled(std::string_view sentence, std::initializer_list<Hole> holes) {
  std::string out;
  while (!sentence.empty()) {
    const std::size_t begin = sentence.find('{'), end = sentence.find('}', begin);
    out.append(sentence.substr(0, begin));
    if (end == std::string_view::npos) break;
    const std::string_view written = sentence.substr(begin, end + 1 - begin);
    const auto* const hole = std::ranges::find(holes, written.substr(1, written.size() - 2), &Hole::name);
    out.append(hole == holes.end() ? written : hole->value);
    sentence.remove_prefix(end + 1);
  }
  return out;
}
}  // namespace

std::string say(Sentence sentence, Language language, std::initializer_list<Hole> holes) {
  const auto* const row = std::ranges::find(plain, sentence, &Row::sentence);
  require(row != plain.end(), "a counted sentence is said with its count");
  return filled(language == Language::ru ? row->russian : row->english, holes);
}

std::string say_counted(Sentence sentence, Language language, std::uint64_t count) {
  const auto* const row = std::ranges::find(counted, sentence, &CountedRow::sentence);
  require(row != counted.end(), "the sentence is a counted one");
  const bool is_russian = language == Language::ru && !row->russian[0].empty();
  const std::string number = std::to_string(count);
  return filled(is_russian ? row->russian[russian_form(count)] : row->english[count == 1 ? 0 : 1], {{"count", number}});
}

std::string say_throttled(Language language, std::uint64_t seconds) {
  return say(Sentence::throttled, language) + ' ' + say_counted(Sentence::throttled_for, language, seconds);
}

}  // namespace propusk::drf
