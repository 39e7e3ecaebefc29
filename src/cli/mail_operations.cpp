// Mails as operators see them.
#include "cli/mail_operations.hpp"

#include "base/result.hpp"
#include "core/admin/mail_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;

json::object written(const core::Mail& mail) {
  return {{"id", core::mail_id_text(mail.id)},
          {"kind", core::row_of(mail.kind).name},
          {"state", core::mail_state_name(mail.state)},
          {"recipient", mail.recipient},
          {"language", language_name(mail.language)},
          {"account", mail.account ? json::value(static_cast<std::int64_t>(*mail.account)) : json::value(nullptr)},
          {"created_at", time_text(mail.created_at)},
          {"next_attempt_at",
           mail.state == core::MailState::queued ? json::value(time_text(mail.next_attempt_at)) : json::value(nullptr)},
          {"expires_at", time_text(mail.expires_at)},
          {"attempts", mail.attempts},
          {"settled_at", time_text(mail.settled_at)},
          {"last_answer", mail.last_answer}};
}

std::expected<core::MailId, OperationFailure> id_of(const json::object& request) {
  if (const auto id = core::mail_id(text_of(request, "identifier"))) return *id;
  return std::unexpected(OperationFailure("malformed", "name the mail by the 16 digits of its id: see `mail list`"));
}

using MailVerb = Task<core::Result<core::Mail>> (*)(core::MailId, core::Operator, core::AdministrationDeps);

Task<OperationOutcome> on_one(const Operation& operation, core::AdministrationDeps deps, MailVerb verb) {
  CO_TRY(id, id_of(operation.request));
  CO_TRY(mail, co_await verb(id, operation.by, deps));
  co_return OperationResult{written(mail)};
}

std::string_view outcome_name(core::Delivery::Outcome outcome) {
  switch (outcome) {
    case core::Delivery::Outcome::accepted: return "accepted";
    case core::Delivery::Outcome::refused: return "refused";
    case core::Delivery::Outcome::delayed: return "delayed";
    case core::Delivery::Outcome::unreachable: return "unreachable";
  }
  return "";
}
}  // namespace

Task<OperationOutcome> mail_list(const Operation& operation, core::AdministrationDeps deps) {
  const std::string state = text_of(operation.request, "state");
  const auto wanted = core::mail_state(state);
  if (!state.empty() && !wanted)
    co_return std::unexpected(
        OperationFailure("malformed", "a mail is queued, sent, dead, expired or cancelled: write one of these"));
  const auto limit = static_cast<std::size_t>(number_of(operation.request, "limit", 1, 1000));
  CO_TRY(mails, co_await core::list_mail(wanted, std::nullopt, limit, operation.by, deps));
  json::array list;
  for (const core::Mail& mail : mails) list.push_back(written(mail));
  co_return OperationResult{{{"mails", std::move(list)}}};
}

Task<OperationOutcome> mail_show(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(operation, deps, core::find_mail);
}

Task<OperationOutcome> mail_retry(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(operation, deps, core::retry_mail);
}

Task<OperationOutcome> mail_drop(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(operation, deps, core::drop_mail);
}

Task<OperationOutcome> mail_test(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(delivery, co_await core::test_mail(text_of(operation.request, "identifier"), operation.by, deps));
  if (delivery.outcome != core::Delivery::Outcome::accepted)
    co_return std::unexpected(OperationFailure(
        "refused", "the mail was not taken (" + std::string(outcome_name(delivery.outcome)) + "): " + delivery.answer));
  co_return OperationResult{{{"outcome", outcome_name(delivery.outcome)}, {"answer", delivery.answer}}};
}

}  // namespace propusk::cli
