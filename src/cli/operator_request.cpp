// Requests and answers of the operator's commands (operations.hpp lists their members).
#include "cli/operator_request.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cli/operator_message.hpp"
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
    case Verb::social_list: return "social.list";
    case Verb::social_disconnect: return "social.disconnect";
    case Verb::key_list: return "key.list";
    case Verb::key_rotate: return "key.rotate";
    case Verb::client_create: return "client.create";
    case Verb::client_list: return "client.list";
    case Verb::client_show: return "client.show";
    case Verb::client_rotate_secret: return "client.rotate_secret";
    case Verb::client_disable: return "client.disable";
    case Verb::client_enable: return "client.enable";
    case Verb::client_delete: return "client.delete";
    case Verb::audit_list: return "audit.list";
    case Verb::mail_list: return "mail.list";
    case Verb::mail_show: return "mail.show";
    case Verb::mail_retry: return "mail.retry";
    case Verb::mail_drop: return "mail.drop";
    case Verb::mail_test: return "mail.test";
    case Verb::serve:
    case Verb::config_print:
    case Verb::config_reference:
    case Verb::doctor:
    case Verb::store_move:
    case Verb::backup:
    case Verb::restore:
    case Verb::version: break;  // no operations
  }
  return "";
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
  switch (verb) {
    case Verb::account_create:
    case Verb::account_show:
    case Verb::client_create:
    case Verb::client_show:
    case Verb::mail_show: return true;
    default: return false;
  }
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
    case Verb::social_list:
      return Listing{"connections", {"provider", "subject", "display", "imported", "created_at", "used_at"}};
    case Verb::key_list:
      return Listing{"keys", {"kid", "algorithm", "state", "created_at", "signs_from", "retires_at"}};
    case Verb::client_list:
      return Listing{"clients", {"id", "name", "kind", "state", "grants", "scopes", "created_at"}};
    case Verb::audit_list: return Listing{"events", {"at", "action", "account", "actor", "detail"}};
    case Verb::mail_list:
      return Listing{"mails",
                     {"id", "created_at", "kind", "state", "recipient", "attempts", "next_attempt_at", "last_answer"}};
    default: return std::nullopt;
  }
}

json::object without_secret(json::object result) {
  result.erase("secret");
  return result;
}

/// The secret alone on standard output, so that it can go into a file; the warning beside it.
void show_secret(const json::object& result, std::ostream& out, std::ostream& err) {
  err << "The secret is shown once and kept nowhere:\n" << std::flush;
  out << std::string_view(result.at("secret").as_string()) << '\n';
}

void show_result(const Command& command, const json::object& result, std::ostream& out, std::ostream& err) {
  if (const auto listing = listing_of(command.verb)) {
    const json::array& list = result.at(listing->member).as_array();
    out << (command.json ? json::serialize(list) + "\n" : render_table(list, listing->columns));
  } else if (command.json) {
    out << json::serialize(result) << '\n';
  } else {
    if (is_shown_whole(command.verb))
      (command.verb == Verb::client_create ? err : out) << render_object(without_secret(result));
    else
      fmt::print(err, "{}\n", message(command, result));
    if (result.contains("secret")) show_secret(result, out, err);
  }
}

void add_client(const NewClientWords& client, json::object& request) {
  request["id"] = client.id;
  request["public"] = client.is_public;
  request["grants"] = json::value_from(client.grants);
  request["scopes"] = json::value_from(client.scopes);
  request["backends"] = json::value_from(client.backends);
  request["redirect_uris"] = json::value_from(client.redirect_uris);
  request["origins"] = json::value_from(client.origins);
  request["skip_consent"] = client.skips_consent;
  request["introspect"] = client.introspects;
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
    case Verb::social_disconnect:
      request["provider"] = command.provider;
      request["subject"] = command.subject;
      break;
    case Verb::client_create: add_client(command.client, request); break;
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
  if (command.verb == Verb::account_delete || command.verb == Verb::client_delete) {
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

/// The member of a request that the argument goes into.
std::string_view identifier_member(Verb verb) {
  switch (verb) {
    case Verb::account_create: return "username";
    case Verb::client_create: return "name";
    default: return "identifier";
  }
}

}  // namespace

std::expected<json::object, std::string> operator_request(const Command& command, int input, std::ostream& prompts) {
  json::object request(wiping_storage());
  request["verb"] = request_verb(command);
  request[identifier_member(command.verb)] = command.identifier;
  add_members(command, request);
  if (command.verb == Verb::account_create || command.verb == Verb::account_set_password) {
    TRY(password, read_password(input, prompts, "password"));
    request["password"] = password.reveal();
  }
  if (command.verb == Verb::client_create && command.client.asks_secret) {
    TRY(secret, read_password(input, prompts, "secret"));
    request["secret"] = secret.reveal();
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
