// Requests and answers of the operator's commands (operations.hpp lists their members).
#include "cli/operator_request.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "base/result.hpp"
#include "cli/password_input.hpp"
#include "cli/rendering.hpp"
#include "cli/wiping_storage.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

std::string_view request_verb(Verb verb) {
  switch (verb) {
    case Verb::account_create: return "account.create";
    case Verb::account_list: return "account.list";
    case Verb::account_show: return "account.show";
    case Verb::account_disable: return "account.disable";
    case Verb::account_enable: return "account.enable";
    case Verb::account_set_password: return "account.set_password";
    case Verb::account_delete: return "account.delete";
    case Verb::session_list: return "session.list";
    case Verb::session_revoke: return "session.revoke";
    case Verb::audit_list: return "audit.list";
    case Verb::mail_list: return "mail.list";
    case Verb::mail_show: return "mail.show";
    case Verb::mail_retry: return "mail.retry";
    case Verb::mail_drop: return "mail.drop";
    case Verb::mail_test: return "mail.test";
    case Verb::serve:
    case Verb::config_print:
    case Verb::config_reference:
    case Verb::version: break;  // no operations
  }
  return "";
}

/// What has happened to `who`, for a person.
std::string message(Verb verb, std::string_view who) {
  switch (verb) {
    case Verb::account_disable: return fmt::format("{} is disabled; its sessions are ended", who);
    case Verb::account_enable: return fmt::format("{} is enabled", who);
    case Verb::account_set_password: return fmt::format("{} has the new password; its sessions are ended", who);
    case Verb::account_delete: return fmt::format("{} is deleted", who);
    case Verb::session_revoke: return fmt::format("session {} is ended", who);
    case Verb::mail_retry: return fmt::format("mail {} is queued again", who);
    case Verb::mail_drop: return fmt::format("mail {} is dropped", who);
    case Verb::mail_test: return fmt::format("the mail was taken: {}", who);
    default: return "";
  }
}

void show_list(const Command& command, const json::array& list, const std::vector<std::string_view>& columns,
               std::ostream& out) {
  out << (command.json ? json::serialize(list) + "\n" : render_table(list, columns));
}

/// Writes every page as it comes: there may be millions of accounts. Returns the last answer.
json::object show_accounts(const Command& command, const Ask& ask, json::object request, std::ostream& out) {
  json::object answer = ask(request);
  for (bool is_first = true; answer.contains("result"); is_first = false) {
    json::object& page = answer.at("result").as_object();
    const json::array& accounts = page.at("accounts").as_array();
    if (!command.json)
      out << render_table(accounts, {"id", "username", "email", "state", "created_at", "last_sign_in_at"});
    else
      for (const auto& account : accounts)
        out << (is_first && &account == accounts.begin() ? "[" : ",\n") << json::serialize(account);
    if (page.at("next").is_null()) {
      if (command.json) out << (is_first && accounts.empty() ? "[]\n" : "]\n");
      break;
    }
    request["after"] = page.at("next");
    answer = ask(request);
  }
  return answer;
}

int show_failure(const Command& command, const json::object& answer, std::ostream& err) {
  const std::string_view kind = answer.at("failure").as_string();
  if (command.json)
    err << json::serialize(answer) << '\n';
  else
    fmt::print(err, "propusk: {}\n", printable(answer.at("message").as_string()));
  return kind == "refused" ? refused : kind == "malformed" ? usage : unreachable;
}

bool is_shown_whole(Verb verb) {
  return verb == Verb::account_create || verb == Verb::account_show || verb == Verb::mail_show;
}

/// The member of a result that names what something happened to.
std::string_view name_member(Verb verb) {
  switch (verb) {
    case Verb::session_revoke:
    case Verb::mail_retry:
    case Verb::mail_drop: return "id";
    case Verb::mail_test: return "answer";
    default: return "username";
  }
}

void show_result(const Command& command, const json::object& result, std::ostream& out, std::ostream& err) {
  if (command.verb == Verb::session_list)
    return show_list(command, result.at("sessions").as_array(),
                     {"id", "kind", "created_at", "seen_at", "expires_at", "label"}, out);
  if (command.verb == Verb::audit_list)
    return show_list(command, result.at("events").as_array(), {"at", "action", "account", "actor", "detail"}, out);
  if (command.verb == Verb::mail_list)
    return show_list(command, result.at("mails").as_array(),
                     {"id", "created_at", "kind", "state", "recipient", "attempts", "next_attempt_at", "last_answer"},
                     out);
  if (command.json)
    out << json::serialize(result) << '\n';
  else if (is_shown_whole(command.verb))
    out << render_object(result);
  else
    fmt::print(err, "{}\n", message(command.verb, printable(result.at(name_member(command.verb)).as_string())));
}

}  // namespace

std::expected<json::object, std::string> operator_request(const Command& command, int input, std::ostream& prompts) {
  json::object request(wiping_storage());
  request["verb"] = request_verb(command.verb);
  request[command.verb == Verb::account_create ? "username" : "identifier"] = command.identifier;
  if (command.verb == Verb::account_create) request["email"] = command.email;
  if (command.verb == Verb::session_revoke) request["session"] = command.session;
  if (command.verb == Verb::audit_list || command.verb == Verb::mail_list) request["limit"] = command.limit;
  if (command.verb == Verb::mail_list) request["state"] = command.state;
  if (command.verb == Verb::account_create || command.verb == Verb::account_set_password) {
    TRY(password, read_password(input, prompts));
    request["password"] = password.reveal();
  }
  if (command.verb == Verb::account_delete && !command.yes) {
    const std::string question = fmt::format("This cannot be undone. Type {} again to delete it:", command.identifier);
    if (!confirms(input, prompts, question, command.identifier))
      return std::unexpected("nothing was deleted: confirm, or give --yes");
  }
  return request;
}

int show_answers(const Command& command, const Ask& ask, json::object request, std::ostream& out, std::ostream& err) {
  const bool is_paged = command.verb == Verb::account_list;
  try {
    const json::object answer =
        is_paged ? show_accounts(command, ask, std::move(request), out) : ask(std::move(request));
    if (!answer.contains("result")) return show_failure(command, answer, err);
    if (!is_paged) show_result(command, answer.at("result").as_object(), out, err);
    return done;
  } catch (const std::exception&) {  // a member is missing or of another type: a server of another version
    err << "propusk: the server's answer is not understood; is it of another version?\n";
    return unreachable;
  }
}

}  // namespace propusk::cli
