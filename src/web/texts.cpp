// The catalogue. Nobody is addressed by gender, no sentence is put together from pieces, and a number never loses its
// noun at the end of a line (\u00a0).
#include "web/texts.hpp"

#include <algorithm>

#include "web/account_texts.hpp"
#include "web/app_texts.hpp"

namespace propusk::web {
namespace {
constexpr TextRow general_texts[] = {
    {Text::own_name, "OWN_NAME", {"English", "Русский"}},
    {Text::language_choice, "LANGUAGE_CHOICE", {"Language", "Язык"}},
    {Text::error_title, "ERROR_TITLE", {"Error: {}", "Ошибка: {}"}},
    {Text::problem, "PROBLEM", {"There is a problem", "Не получилось"}},
    {Text::try_again, "TRY_AGAIN", {"Try again", "Повторить"}},
    {Text::close_page, "CLOSE_PAGE", {"You can close this page.", "Эту страницу можно закрыть."}},

    {Text::ask_title, "ASK_TITLE", {"Reset your password", "Сброс пароля"}},
    {Text::ask_lead,
     "ASK_LEAD",
     {"Enter the e-mail address of your account. We will send you a link for setting a new password.",
      "Укажите адрес электронной почты вашей учётной записи. Мы пришлём ссылку, по которой можно задать новый "
      "пароль."}},
    {Text::ask_button, "ASK_BUTTON", {"Send the link", "Отправить ссылку"}},
    {Text::email, "EMAIL_LABEL", {"E-mail address", "Адрес электронной почты"}},
    {Text::email_malformed,
     "EMAIL_MALFORMED",
     {"Enter the whole address, like name@example.org", "Введите адрес полностью, например name@example.org"}},
    {Text::sent_title, "SENT_TITLE", {"Check your mail", "Проверьте почту"}},
    {Text::sent_lead,
     "SENT_LEAD",
     {"If the address belongs to an account, a letter is on its way.",
      "Если адрес принадлежит учётной записи, письмо уже в\u00a0пути."}},
    {Text::sent_detail,
     "SENT_DETAIL",
     {"The link in it works once, for one hour.", "Ссылка в нём сработает один раз в течение часа."}},
    {Text::sent_nothing,
     "SENT_NOTHING",
     {"No letter after a few minutes? Look into the spam folder.",
      "Письма нет уже несколько минут? Загляните в папку «Спам»."}},
    {Text::ask_again, "ASK_AGAIN", {"Ask again", "Запросить ещё раз"}},

    {Text::password_title, "PASSWORD_TITLE", {"Set a new password", "Новый пароль"}},
    {Text::password_button, "PASSWORD_BUTTON", {"Save the password", "Сохранить пароль"}},
    {Text::account, "ACCOUNT", {"Account", "Учётная запись"}},
    {Text::new_password, "NEW_PASSWORD", {"New password", "Новый пароль"}},
    {Text::hint_one,
     "HINT_ONE",
     {"At least {}\u00a0character. Several random words are a good choice.",
      "Не короче {}\u00a0символа. Хорошо подходят несколько случайных слов."}},
    {Text::hint_few,
     "HINT_FEW",
     {"At least {}\u00a0characters. Several random words are a good choice.",
      "Не короче {}\u00a0символов. Хорошо подходят несколько случайных слов."}},
    {Text::hint_many,
     "HINT_MANY",
     {"At least {}\u00a0characters. Several random words are a good choice.",
      "Не короче {}\u00a0символов. Хорошо подходят несколько случайных слов."}},
    {Text::show, "SHOW", {"Show", "Показать"}},
    {Text::hide, "HIDE", {"Hide", "Скрыть"}},
    {Text::password_too_short, "PASSWORD_TOO_SHORT", {"The password is too short", "Пароль слишком короткий"}},
    {Text::password_too_long, "PASSWORD_TOO_LONG", {"The password is too long", "Пароль слишком длинный"}},
    {Text::password_common,
     "PASSWORD_COMMON",
     {"Many people use this password, so it is easy to guess", "Этот пароль часто встречается, его легко подобрать"}},
    {Text::password_numeric,
     "PASSWORD_NUMERIC",
     {"The password needs more than digits", "Одних цифр недостаточно, добавьте буквы"}},
    {Text::password_malformed,
     "PASSWORD_MALFORMED",
     {"Some characters of the password could not be read", "Некоторые символы пароля не удалось прочитать"}},
    {Text::passwords_differ, "PASSWORDS_DIFFER", {"The two passwords differ", "Пароли не совпадают"}},
    {Text::changed_title, "CHANGED_TITLE", {"Password changed", "Пароль изменён"}},
    {Text::changed_lead,
     "CHANGED_LEAD",
     {"You are signed out on all devices.", "Сеансы на всех устройствах завершены."}},
    {Text::changed_next,
     "CHANGED_NEXT",
     {"Open your app and sign in with the new password.", "Откройте приложение и войдите с\u00a0новым паролем."}},

    {Text::confirm_title, "CONFIRM_TITLE", {"Confirm your new address", "Подтвердите новый адрес"}},
    {Text::confirm_lead,
     "CONFIRM_LEAD",
     {"It will become the e-mail address of your account.", "Он станет адресом почты вашей учётной записи."}},
    {Text::confirm_button, "CONFIRM_BUTTON", {"Confirm the address", "Подтвердить адрес"}},
    {Text::new_email, "NEW_EMAIL", {"New address", "Новый адрес"}},
    {Text::confirmed_title, "CONFIRMED_TITLE", {"Address confirmed", "Адрес подтверждён"}},
    {Text::confirmed_lead,
     "CONFIRMED_LEAD",
     {"Your account has its new e-mail address.", "У вашей учётной записи теперь новый адрес почты."}},
    {Text::taken_title, "TAKEN_TITLE", {"This address is taken", "Этот адрес занят"}},
    {Text::taken_lead,
     "TAKEN_LEAD",
     {"Another account has confirmed it meanwhile.", "Его уже подтвердила другая учётная запись."}},

    {Text::activate_title, "ACTIVATE_TITLE", {"Activate your account", "Активация учётной записи"}},
    {Text::activate_lead,
     "ACTIVATE_LEAD",
     {"Activation confirms your address and lets you sign in.", "Активация подтвердит ваш адрес и позволит войти."}},
    {Text::activate_button, "ACTIVATE_BUTTON", {"Activate", "Активировать"}},
    {Text::disown_new,
     "DISOWN_NEW",
     {"If you did not make this account, say so: it will be deleted.",
      "Если вы не создавали эту учётную запись, сообщите об этом: она будет удалена."}},
    {Text::disown_old,
     "DISOWN_OLD",
     {"If this is not your account, say so: it will lose your address.",
      "Если это не ваша учётная запись, сообщите об этом: ваш адрес больше не будет с\u00a0ней связан."}},
    {Text::disown_button, "DISOWN_BUTTON", {"This is not me", "Это не я"}},
    {Text::activated_title, "ACTIVATED_TITLE", {"Account activated", "Учётная запись активирована"}},
    {Text::open_app, "OPEN_APP", {"Open your app and sign in.", "Откройте приложение и войдите."}},
    {Text::activated_before,
     "ACTIVATED_BEFORE",
     {"If you activated your account by it, open your app and sign in.",
      "Если вы уже активировали по ней учётную запись, откройте приложение и войдите."}},
    {Text::disowned_title, "DISOWNED_TITLE", {"Thank you for telling us", "Спасибо, что сообщили"}},
    {Text::disowned_lead,
     "DISOWNED_LEAD",
     {"The account no longer has your address, and no more letters about it will come.",
      "Учётная запись больше не связана с\u00a0вашим адресом, писем о\u00a0ней не будет."}},
    {Text::resend_title, "RESEND_TITLE", {"Ask for an activation link", "Новая ссылка для активации"}},
    {Text::resend_lead,
     "RESEND_LEAD",
     {"Enter the e-mail address of your account. If it waits for activation, we will send you a new link.",
      "Укажите адрес электронной почты вашей учётной записи. Если она ждёт активации, мы пришлём новую ссылку."}},
    {Text::resent_lead,
     "RESENT_LEAD",
     {"If an account with this address waits for activation, a letter is on its way.",
      "Если учётная запись с\u00a0этим адресом ждёт активации, письмо уже в\u00a0пути."}},
    {Text::resent_detail,
     "RESENT_DETAIL",
     {"The link in it works once, for three days.", "Ссылка в нём сработает один раз в течение трёх дней."}},

    {Text::rename_title, "RENAME_TITLE", {"Choose a new username", "Новое имя пользователя"}},
    {Text::rename_lead,
     "RENAME_LEAD",
     {"You will sign in with it from now on.", "Дальше входить нужно будет с\u00a0новым именем."}},
    {Text::rename_button, "RENAME_BUTTON", {"Save the username", "Сохранить имя"}},
    {Text::new_username, "NEW_USERNAME", {"New username", "Новое имя"}},
    {Text::username_malformed,
     "USERNAME_MALFORMED",
     {"Use letters, digits and @ . + - _ only, at most 150 of them",
      "Подходят только буквы, цифры и знаки @ . + - _, не больше 150"}},
    {Text::username_foreign,
     "USERNAME_FOREIGN",
     {"An address can be a username only if it is the address of the account",
      "Адрес может быть именем, только если это адрес самой учётной записи"}},
    {Text::username_taken, "USERNAME_TAKEN", {"Somebody has this username already", "Это имя пользователя уже занято"}},
    {Text::renamed_title, "RENAMED_TITLE", {"Username changed", "Имя пользователя изменено"}},
    {Text::renamed_next,
     "RENAMED_NEXT",
     {"Open your app and sign in with the new username.", "Откройте приложение и войдите с\u00a0новым именем."}},
    {Text::replace_title, "REPLACE_TITLE", {"Choose a new address", "Новый адрес"}},
    {Text::replace_lead,
     "REPLACE_LEAD",
     {"You will sign in with it from now on.", "Дальше входить нужно будет с\u00a0новым адресом."}},
    {Text::replace_button, "REPLACE_BUTTON", {"Save the address", "Сохранить адрес"}},
    {Text::email_taken,
     "EMAIL_TAKEN",
     {"Another account has this address", "Этот адрес принадлежит другой учётной записи"}},
    {Text::replaced_title, "REPLACED_TITLE", {"Address changed", "Адрес изменён"}},
    {Text::replaced_next,
     "REPLACED_NEXT",
     {"Open your app and sign in with the new address.", "Откройте приложение и войдите с\u00a0новым адресом."}},
    {Text::replaced_wait,
     "REPLACED_WAIT",
     {"A letter is on its way to the new address. Follow its link to activate your account.",
      "На новый адрес отправлено письмо. Перейдите по ссылке в нём, чтобы активировать учётную запись."}},

    {Text::undo_title, "UNDO_TITLE", {"Take your account back", "Вернуть учётную запись"}},
    {Text::undo_lead,
     "UNDO_LEAD",
     {"The address of your account was replaced. If it was not you, take the account back: it gets your address again, "
      "and everybody is signed out.",
      "Адрес вашей учётной записи заменён. Если это сделали не вы, верните её себе: адрес станет прежним, а сеансы на "
      "всех устройствах завершатся."}},
    {Text::undo_button, "UNDO_BUTTON", {"Take my account back", "Вернуть учётную запись"}},
    {Text::email_now, "EMAIL_NOW", {"Address now", "Адрес сейчас"}},
    {Text::email_before, "EMAIL_BEFORE", {"Your address", "Прежний адрес"}},
    {Text::undone_title, "UNDONE_TITLE", {"You have your account back", "Учётная запись снова ваша"}},
    {Text::undone_lead,
     "UNDONE_LEAD",
     {"It has your address again, and everybody is signed out.",
      "Адрес снова прежний, сеансы на всех устройствах завершены."}},
    {Text::undone_next,
     "UNDONE_NEXT",
     {"Whoever replaced the address may know your password: set a new one now.",
      "Ваш пароль мог стать известен посторонним: сразу задайте новый."}},
    {Text::undone_before,
     "UNDONE_BEFORE",
     {"The account has been taken back. If you cannot sign in, set a new password.",
      "Учётная запись уже возвращена. Если войти не получается, задайте новый пароль."}},
    {Text::set_password, "SET_PASSWORD", {"Set a new password", "Задать новый пароль"}},

    {Text::used_title, "USED_TITLE", {"This link has been used", "Ссылка уже использована"}},
    {Text::used_lead, "USED_LEAD", {"Each link works once.", "Каждая ссылка срабатывает один раз."}},
    {Text::expired_title, "EXPIRED_TITLE", {"This link has expired", "Срок действия ссылки истёк"}},
    {Text::expired_lead,
     "EXPIRED_LEAD",
     {"A link works for a limited time only.", "Ссылка действует ограниченное время."}},
    {Text::unknown_title, "UNKNOWN_TITLE", {"This link does not work", "Ссылка не работает"}},
    {Text::unknown_lead,
     "UNKNOWN_LEAD",
     {"It may be incomplete, or a later change has replaced it.",
      "Возможно, она скопирована не целиком или её отменило более позднее изменение."}},
    {Text::ask_new_link, "ASK_NEW_LINK", {"Ask for a new link", "Запросить новую ссылку"}},
    {Text::change_again,
     "CHANGE_AGAIN",
     {"Ask for the change once more in your app.", "Запросите смену адреса ещё раз в приложении."}},
    {Text::ask_in_app, "ASK_IN_APP", {"Ask for a new link in your app.", "Запросите новую ссылку в приложении."}},
    {Text::ask_operators,
     "ASK_OPERATORS",
     {"If the account is yours and you cannot sign in, write to those who run this site.",
      "Если учётная запись ваша, но войти не получается, обратитесь к администраторам сайта."}},

    {Text::limited_title, "LIMITED_TITLE", {"Too many attempts", "Слишком много попыток"}},
    {Text::wait_one, "WAIT_ONE", {"Try again in {}\u00a0minute.", "Повторите попытку через {}\u00a0минуту."}},
    {Text::wait_few, "WAIT_FEW", {"Try again in {}\u00a0minutes.", "Повторите попытку через {}\u00a0минуты."}},
    {Text::wait_many, "WAIT_MANY", {"Try again in {}\u00a0minutes.", "Повторите попытку через {}\u00a0минут."}},
    {Text::busy_title, "BUSY_TITLE", {"Too many people at once", "Слишком много обращений сразу"}},
    {Text::later, "LATER", {"Try again in a moment.", "Повторите попытку чуть позже."}},
    {Text::failed_title, "FAILED_TITLE", {"Something failed on our side", "Сбой на нашей стороне"}},
    {Text::foreign_title, "FOREIGN_TITLE", {"This form came from another site", "Форма пришла с другого сайта"}},
    {Text::foreign_lead,
     "FOREIGN_LEAD",
     {"Nothing was done, for your safety. Open the page here and fill in the form.",
      "Ради вашей безопасности ничего не сделано. Откройте страницу здесь и заполните форму."}},
    {Text::open_page, "OPEN_PAGE", {"Open the page", "Открыть страницу"}},
    {Text::method_title, "METHOD_TITLE", {"This page cannot do that", "Здесь так нельзя"}},
    {Text::method_lead, "METHOD_LEAD", {"Open it in a browser.", "Откройте страницу в браузере."}},
    {Text::unreadable_title, "UNREADABLE_TITLE", {"The form could not be read", "Форму не удалось прочитать"}},
};

constexpr auto catalogue = [] {
  std::array<TextRow, std::size(general_texts) + std::size(account_texts) + std::size(app_texts)> all{};
  auto end = std::ranges::copy(general_texts, all.begin()).out;
  end = std::ranges::copy(account_texts, end).out;
  std::ranges::copy(app_texts, end);
  return all;
}();
static_assert(std::ranges::all_of(catalogue, [](const TextRow& row) {
  return &row - catalogue.data() == static_cast<std::ptrdiff_t>(row.key);
}));

/// CLDR's cardinal rules for integers.
Text form_for(const Counted& forms, Language language, std::uint64_t number) {
  switch (language) {
    case Language::en: return number == 1 ? forms.one : forms.many;
    case Language::ru: {
      const auto last = number % 10, last_two = number % 100;
      if (last == 1 && last_two != 11) return forms.one;
      return last >= 2 && last <= 4 && (last_two < 12 || last_two > 14) ? forms.few : forms.many;
    }
  }
  return forms.many;
}
}  // namespace

std::span<const TextRow> texts() { return catalogue; }

std::string_view text(Text key, Language language) {
  return catalogue[static_cast<std::size_t>(key)].in[static_cast<std::size_t>(language)];
}

std::string filled(Text key, Language language, std::string_view value) {
  std::string out(text(key, language));
  return out.replace(out.find("{}"), 2, value);
}

std::string counted(const Counted& forms, Language language, std::uint64_t number) {
  return filled(form_for(forms, language, number), language, std::to_string(number));
}

}  // namespace propusk::web
