// A row per action, as its owner understands it.
#include "web/activity_words.hpp"

#include <algorithm>
#include <array>

#include "web/texts.hpp"

namespace propusk::web {
namespace {
using core::AuditAction;

struct ActivityRow {
  AuditAction action;
  std::array<std::string_view, languages.size()> in;
};
constexpr ActivityRow rows[] = {
    {AuditAction::account_created, {"Account created", "Создана учётная запись"}},
    {AuditAction::account_disabled, {"Account disabled", "Учётная запись отключена"}},
    {AuditAction::account_enabled, {"Account enabled again", "Учётная запись снова включена"}},
    {AuditAction::account_deleted, {"Account deleted", "Учётная запись удалена"}},
    {AuditAction::password_set, {"Password set for you", "Для вас задан новый пароль"}},
    {AuditAction::signed_in, {"Signed in", "Выполнен вход"}},
    {AuditAction::sign_in_failed, {"Wrong passwords", "Неверные пароли"}},
    {AuditAction::signed_out, {"Signed out", "Сеанс завершён"}},
    {AuditAction::session_revoked, {"A browser signed out from elsewhere", "Завершён сеанс другого браузера"}},
    {AuditAction::recovery_mailed, {"Letter for a new password sent", "Отправлено письмо для нового пароля"}},
    {AuditAction::password_reset, {"New password set by a mailed link", "Новый пароль задан по ссылке из письма"}},
    {AuditAction::password_changed, {"Password changed", "Пароль изменён"}},
    {AuditAction::username_changed, {"Username changed", "Имя пользователя изменено"}},
    {AuditAction::email_change_asked, {"New address asked for", "Запрошена смена адреса почты"}},
    {AuditAction::email_changed, {"Address changed", "Адрес почты изменён"}},
    {AuditAction::email_verified, {"Address confirmed", "Адрес почты подтверждён"}},
    {AuditAction::mail_dead, {"A letter could not be delivered", "Письмо не удалось доставить"}},
    {AuditAction::mail_retried, {"A letter was sent once more", "Письмо отправлено повторно"}},
    {AuditAction::mail_dropped, {"A letter was discarded", "Письмо отменено"}},
    {AuditAction::mail_tested, {"Test letter sent", "Отправлено пробное письмо"}},
    {AuditAction::account_activated, {"Account activated", "Учётная запись активирована"}},
    {AuditAction::account_disowned, {"Somebody else's address removed", "Чужой адрес убран"}},
    {AuditAction::account_lapsed, {"Address not confirmed in time", "Адрес не подтверждён вовремя"}},
    {AuditAction::profile_changed, {"Profile changed", "Профиль изменён"}},
    {AuditAction::email_change_undone, {"Account taken back", "Учётная запись возвращена"}},
    {AuditAction::token_revoked, {"An app signed out from elsewhere", "Завершён сеанс приложения"}},
    {AuditAction::tokens_ended, {"Apps signed out", "Завершены сеансы приложений"}},
    {AuditAction::refresh_reused,
     {"A used key came again: the app was signed out", "Ключ использован дважды: сеанс приложения завершён"}},
    {AuditAction::signing_key_made, {"New signing key", "Новый ключ подписи"}},
    {AuditAction::client_created, {"Client registered", "Зарегистрировано приложение"}},
    {AuditAction::client_disabled, {"Client disabled", "Приложение отключено"}},
    {AuditAction::client_enabled, {"Client enabled again", "Приложение снова включено"}},
    {AuditAction::client_secret_rotated, {"Client secret changed", "Сменён ключ приложения"}},
    {AuditAction::client_deleted, {"Client deleted", "Приложение удалено"}},
    {AuditAction::consent_given, {"Access given to an app", "Приложению открыт доступ"}},
    {AuditAction::consent_withdrawn, {"Access of an app withdrawn", "Доступ приложения закрыт"}},
    {AuditAction::code_reused,
     {"A used code came again: the app was signed out", "Код использован дважды: сеанс приложения завершён"}},
    {AuditAction::identity_connected, {"Account of another site connected", "Подключена учётная запись другого сайта"}},
    {AuditAction::identity_disconnected,
     {"Account of another site disconnected", "Отключена учётная запись другого сайта"}},
    {AuditAction::identity_migrated, {"Connection to another site renewed", "Обновлена связь с\u00a0другим сайтом"}},
    {AuditAction::others_ended, {"Signed out on all other devices", "Завершены сеансы на остальных устройствах"}},
    {AuditAction::data_exported, {"Data downloaded", "Данные скачаны"}},
    {AuditAction::store_restored, {"Restored from a backup", "Восстановлено из резервной копии"}},
};
static_assert(std::size(rows) == core::audit_action_count);
static_assert(std::ranges::all_of(rows, [](const ActivityRow& row) {
  return &row - rows == static_cast<std::ptrdiff_t>(row.action);
}));
}  // namespace

std::string_view activity_words(AuditAction action, Language language) {
  return rows[static_cast<std::size_t>(action)].in[static_cast<std::size_t>(language)];
}

std::string told(const core::AuditEvent& event, Language language) {
  constexpr std::string_view count = "count=";
  std::string out(activity_words(event.action, language));
  if (event.action == AuditAction::sign_in_failed && event.detail.starts_with(count))
    out.append(": ").append(event.detail, count.size(), event.detail.find(' ') - count.size());
  return out;
}

std::string doer(const core::AuditEvent& event, Language language) {
  constexpr std::string_view client = "client ";
  if (event.actor.starts_with(client))
    return filled(Text::event_by_client, language, event.actor.substr(client.size()));
  if (event.actor == "clients") return std::string(text(Text::event_by_clients, language));
  const bool is_operator = event.actor.starts_with("operator");
  return std::string(text(is_operator ? Text::event_by_operator : Text::event_by_server, language));
}

}  // namespace propusk::web
