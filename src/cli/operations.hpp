// Operations: every operator command as one function from a JSON request to a JSON answer, so that the same code runs
// in a direct command and inside the running server.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "base/task.hpp"
#include "core/admin/administration.hpp"

namespace propusk::cli {

/// A request is `{"verb": ..., ...}`; the verbs and their members:
///   account.create       username, email (may be ""), password,    the account
///                        pending (true or not there)
///   account.list         after (id, 0 to begin), state (may be "") {"accounts": [...], "next": id or null}
///   account.show         identifier                                the account, with counts of sessions and tokens
///   account.disable      identifier                                the account
///   account.enable       identifier                                the account
///   account.activate     identifier, verify_email (true or not)    the account
///   account.set_email    identifier, email, verified (true or not) the account
///   account.set_password identifier, password                      the account
///   account.sign_out     identifier                                the account
///   account.delete       identifier                                the account as it was
///   session.list         identifier                                {"sessions": [...]}, live ones, newest first
///   session.revoke       identifier, session (hex, ≥ 8 digits)     the session
///   token.list           identifier                                {"tokens": [...]}, live ones, newest first
///   token.revoke         identifier, token (hex, ≥ 8 digits)       the token
///   token.revoke_all     identifier                                {"username": ..., "ended": how many}
///   social.list          identifier                                {"connections": [...]}, oldest first
///   social.disconnect    identifier, provider, subject (may be "") {"username": ..., "ended": how many}
///   key.list                                                       {"keys": [...]}, those that sign last first
///   key.rotate           urgent (true or not there)                the key
///   client.create        name, id (may be ""), public, grants,      the client, with its secret if it has one
///                        scopes, backends, redirect_uris, origins
///                        (lists, perhaps empty), skip_consent,
///                        introspect, secret (or not there)
///   client.list                                                    {"clients": [...]}, by id
///   client.show          identifier                                the client
///   client.rotate_secret identifier                                the client, with its new secret
///   client.disable       identifier                                the client
///   client.enable        identifier                                the client
///   client.delete        identifier                                the client as it was
///   audit.list           identifier (may be ""), limit (1–1000)    {"events": [...]}, newest first
///   mail.list            state (may be ""), limit (1–1000)         {"mails": [...]}, newest first
///   mail.show            identifier (16 hex digits)                the mail
///   mail.retry           identifier                                the mail, queued
///   mail.drop            identifier                                the mail, cancelled
///   mail.test            identifier (an address)                   {"outcome": ..., "answer": ...}
/// An answer is `{"result": ...}`, or `{"failure": "refused"|"outage"|"malformed", "reasons": [...], "message":
/// "..."}`.
struct Operation {
  boost::json::object request;
  core::Operator by;
};

/// How many accounts one answer of account.list looks at, how many sessions or tokens one of their lists holds.
inline constexpr std::size_t accounts_per_answer = 200;
inline constexpr std::size_t credentials_per_answer = 1000;

/// Never throws and never leaves an answer out: refusals, outages, bugs and malformed requests are answers.
Task<boost::json::object> perform(Operation operation, core::AdministrationDeps deps);

/// perform() for a process that is not the server: runs `context`, which nothing else may be running, to its end.
boost::json::object perform_now(boost::asio::io_context& context, Operation operation, core::AdministrationDeps deps);

/// The name under which audit knows somebody who acts with this uid: `operator uid 0`.
std::string operator_name(unsigned uid);

/// The answer that says no: `kind` is one of the failures above.
boost::json::object failure_answer(std::string_view kind, std::string_view message);

}  // namespace propusk::cli
