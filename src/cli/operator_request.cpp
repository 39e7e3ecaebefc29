// Requests and answers of the operator's commands (operations.hpp lists their members).
#include "cli/operator_request.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/password_input.hpp"
#include "cli/rendering.hpp"
#include "cli/wiping_storage.hpp"

namespace propusk::cli {
namespace {

namespace json = boost::json;

std::string_view request_verb(const Command& command) {
  switch (command.verb) {
    case Verb::account_create: return "account.create";
    case Verb::account_list: return "account.list";
    case Verb::account_show: return "account.show";
    case Verb::account_disable: return "account.disable";
    case Verb::account_enable: return "account.enable";
    case Verb::account_activate: return "account.activate";
    case Verb::account_set_email: return "account.set_email";
    case Verb::account_set_password: return "account.set_password";
    case Verb::account_sign_out: return "account.sign_out";
    case Verb::account_delete: return "account.delete";
    case Verb::session_list: return "session.list";
    case Verb::session_revoke: return "session.revoke";
    case Verb::token_list: return "token.list";
    case Verb::token_revoke: return command.all ? "token.revoke_all" : "token.revoke";
    case Verb::key_list: return "key.list";
    case Verb::key_rotate: return "key.rotate";
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

std::string text_in(const json::object& result, std::string_view member) {
  return printable(result.at(member).as_string());
}

std::string token_message(const Command& command, const json::object& result) {
  if (!command.all) return fmt::format("token {} is ended", text_in(result, "id"));
  return fmt::format("tokens of {} that are ended: {}", text_in(result, "username"), result.at("ended").as_int64());
}

std::string key_message(const Command& command, const json::object& result) {
  const std::string kid = text_in(result, "kid");
  if (command.urgent) return fmt::format("key {} signs; every JWT of an older key is ended", kid);
  return fmt::format("key {} signs from {}; JWTs of older keys stay valid", kid, text_in(result, "signs_from"));
}

/// What has happened, for a person.
std::string message(const Command& command, const json::object& result) {
  if (command.verb == Verb::token_revoke) return token_message(command, result);
  if (command.verb == Verb::key_rotate) return key_message(command, result);
  const std::string who = text_in(result, name_member(command.verb));
  switch (command.verb) {
    case Verb::account_disable: return fmt::format("{} is disabled; its sessions are ended", who);
    case Verb::account_enable: return fmt::format("{} is enabled", who);
    case Verb::account_activate:
      return fmt::format("{} is active{}", who, command.verified ? "; its address is verified" : "");
    case Verb::account_set_email:
      return fmt::format("{} has the address {}{}", who, text_in(result, "email"),
                         command.verified ? ", verified" : "");
    case Verb::account_set_password: return fmt::format("{} has the new password; its sessions are ended", who);
    case Verb::account_sign_out: return fmt::format("{} is signed out; its sessions and tokens are ended", who);
    case Verb::account_delete: return fmt::format("{} is deleted", who);
    case Verb::session_revoke: return fmt::format("session {} is ended", who);
    case Verb::mail_retry: return fmt::format("mail {} is queued again", who);
    case Verb::mail_drop: return fmt::format("mail {} is dropped", who);
    case Verb::mail_test: return fmt::format("the mail was taken: {}", who);
    default: return "";
  }
}

/// Writes every page as it comes: there may be millions of accounts. Returns the last answer.
json::object show_accounts(const Command& command, const Ask& ask, json::object request, std::ostream& out) {
  json::object answer = ask(request);
  std::size_t shown = 0;
  while (answer.contains("result")) {
    json::object& page = answer.at("result").as_object();
    const json::array& accounts = page.at("accounts").as_array();
    const bool is_last = page.at("next").is_null();
    if (!command.json && (!accounts.empty() || (is_last && shown == 0)))
      out << render_table(accounts, {"id", "username", "email", "state", "created_at", "last_sign_in_at"});
    for (const auto& account : accounts) {
      if (command.json) out << (shown == 0 ? "[" : ",\n") << json::serialize(account);
      ++shown;
    }
    if (is_last) {
      if (command.json) out << (shown == 0 ? "[]\n" : "]\n");
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

/// The list of a result and the columns that a person sees of it.
struct Listing {
  std::string_view member;
  std::vector<std::string_view> columns;
};
std::optional<Listing> listing_of(Verb verb) {
  switch (verb) {
    case Verb::session_list: return Listing{"sessions", {"id", "kind", "created_at", "seen_at", "expires_at", "label"}};
    case Verb::token_list:
      return Listing{"tokens", {"id", "kind", "created_at", "seen_at", "expires_at", "idle_limit", "label"}};
    case Verb::key_list:
      return Listing{"keys", {"kid", "algorithm", "state", "created_at", "signs_from", "retires_at"}};
    case Verb::audit_list: return Listing{"events", {"at", "action", "account", "actor", "detail"}};
    case Verb::mail_list:
      return Listing{"mails",
                     {"id", "created_at", "kind", "state", "recipient", "attempts", "next_attempt_at", "last_answer"}};
    default: return std::nullopt;
  }
}

void show_result(const Command& command, const json::object& result, std::ostream& out, std::ostream& err) {
  if (const auto listing = listing_of(command.verb)) {
    const json::array& list = result.at(listing->member).as_array();
    out << (command.json ? json::serialize(list) + "\n" : render_table(list, listing->columns));
  } else if (command.json) {
    out << json::serialize(result) << '\n';
  } else if (is_shown_whole(command.verb)) {
    out << render_object(result);
  } else {
    fmt::print(err, "{}\n", message(command, result));
  }
}

/// Writes into the request what its verb takes beside an account or a mail.
void add_members(const Command& command, json::object& request) {
  switch (command.verb) {
    case Verb::account_create:
      request["email"] = command.email;
      if (command.pending) request["pending"] = true;
      break;
    case Verb::account_list:
      if (!command.state.empty()) request["state"] = command.state;
      break;
    case Verb::account_activate: request["verify_email"] = command.verified; break;
    case Verb::account_set_email:
      request["email"] = command.email;
      request["verified"] = command.verified;
      break;
    case Verb::session_revoke: request["session"] = command.credential; break;
    case Verb::token_revoke:
      if (!command.all) request["token"] = command.credential;
      break;
    case Verb::key_rotate: request["urgent"] = command.urgent; break;
    case Verb::audit_list: request["limit"] = command.limit; break;
    case Verb::mail_list:
      request["limit"] = command.limit;
      request["state"] = command.state;
      break;
    default: break;
  }
}

/// Asks for a confirmation where what is done cannot be undone; the error is a sentence.
std::expected<void, std::string> confirmed(const Command& command, int input, std::ostream& prompts) {
  if (command.yes) return {};
  if (command.verb == Verb::account_delete) {
    const std::string question = fmt::format("This cannot be undone. Type {} again to delete it:", command.identifier);
    if (!confirms(input, prompts, question, command.identifier))
      return std::unexpected("nothing was deleted: confirm, or give --yes");
  }
  if (command.verb == Verb::key_rotate && command.urgent) {
    constexpr std::string_view question =
        "Every JWT that was signed until now ends, and whoever holds one signs in again. Type urgent to go on:";
    if (!confirms(input, prompts, question, "urgent"))
      return std::unexpected("no key was made: confirm, or give --yes");
  }
  return {};
}

}  // namespace

std::expected<json::object, std::string> operator_request(const Command& command, int input, std::ostream& prompts) {
  json::object request(wiping_storage());
  request["verb"] = request_verb(command);
  request[command.verb == Verb::account_create ? "username" : "identifier"] = command.identifier;
  add_members(command, request);
  if (command.verb == Verb::account_create || command.verb == Verb::account_set_password) {
    TRY(password, read_password(input, prompts));
    request["password"] = password.reveal();
  }
  if (const auto yes = confirmed(command, input, prompts); !yes) return std::unexpected(yes.error());
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
