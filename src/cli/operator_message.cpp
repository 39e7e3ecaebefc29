// One sentence per verb whose result is not shown itself.
#include "cli/operator_message.hpp"

#include <fmt/format.h>

#include <string_view>

#include "cli/rendering.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;

/// The member of a result that names what something happened to.
std::string_view name_member(Verb verb) {
  switch (verb) {
    case Verb::session_revoke:
    case Verb::client_rotate_secret:
    case Verb::client_disable:
    case Verb::client_enable:
    case Verb::client_delete:
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

std::string disconnection_message(const Command& command, const json::object& result) {
  const std::string whom = command.subject.empty() ? "" : " as " + printable(command.subject);
  return fmt::format("{} is disconnected from {}{}", text_in(result, "username"), printable(command.provider), whom);
}
}  // namespace

std::string message(const Command& command, const json::object& result) {
  if (command.verb == Verb::token_revoke) return token_message(command, result);
  if (command.verb == Verb::social_disconnect) return disconnection_message(command, result);
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
    case Verb::client_rotate_secret: return fmt::format("client {} has another secret; its tokens live on", who);
    case Verb::client_disable: return fmt::format("client {} is disabled; everything that it got is ended", who);
    case Verb::client_enable: return fmt::format("client {} is enabled; what was ended stays ended", who);
    case Verb::client_delete: return fmt::format("client {} is deleted; everything that it got is ended", who);
    case Verb::mail_retry: return fmt::format("mail {} is queued again", who);
    case Verb::mail_drop: return fmt::format("mail {} is dropped", who);
    case Verb::mail_test: return fmt::format("the mail was taken: {}", who);
    default: return "";
  }
}

}  // namespace propusk::cli
