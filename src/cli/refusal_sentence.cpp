// The operator's sentences: one exhaustive switch, as in every dialect's errors.cpp.
#include "cli/refusal_sentence.hpp"

namespace propusk::cli {

std::string_view refusal_sentence(core::Refusal refusal) {
  switch (refusal) {
    case core::Refusal::username_malformed: return "a username is 1 to 150 letters, digits, - and _";
    case core::Refusal::username_taken: return "the username is taken";
    case core::Refusal::email_malformed: return "that is no e-mail address";
    case core::Refusal::email_taken: return "the e-mail address is taken";
    case core::Refusal::password_too_short: return "the password is too short";
    case core::Refusal::password_too_long: return "the password is too long";
    case core::Refusal::password_common: return "the password is among the most common ones";
    case core::Refusal::password_numeric: return "the password is all digits";
    case core::Refusal::password_malformed: return "the password is not UTF-8 text";
    case core::Refusal::account_unknown: return "there is no such account, or several match: name it by its id";
    case core::Refusal::account_disabled: return "the account is disabled, or waits for its activation";
    case core::Refusal::mail_unknown: return "there is no such mail, or it is not in a state for this: see `mail list`";
    case core::Refusal::uid_unknown: return "the link names no account";
    case core::Refusal::link_unknown: return "there is no such link";
    case core::Refusal::link_used: return "the link has been used";
    case core::Refusal::link_expired: return "the link is too old";
    case core::Refusal::creation_failed: return "no free account id was found; try again";
    case core::Refusal::bad_credentials: return "the credentials are wrong";
    case core::Refusal::not_signed_in: return "there is no such session any more";
    case core::Refusal::provider_unknown: return "no such provider is set up";
    case core::Refusal::provider_refused: return "the provider does not vouch";
    case core::Refusal::provider_revoked: return "the person took the permission back at the provider";
    case core::Refusal::provider_failed: return "the provider does not answer";
    case core::Refusal::identity_taken: return "that person of the provider is connected to another account";
    case core::Refusal::identity_unknown: return "the account is not connected to that";
    case core::Refusal::last_way_in: return "it is the only way into the account";
    case core::Refusal::not_fresh: return "the sign-in is too old for this";
    case core::Refusal::client_unknown: return "there is no such client";
    case core::Refusal::client_refused: return "there is no such client, or that is not its secret";
    case core::Refusal::client_malformed: return "no client can be like that: see `propusk client create --help`";
    case core::Refusal::client_taken: return "there is a client of that id";
    case core::Refusal::grant_not_allowed: return "the client may not ask in this way: see `propusk client show`";
    case core::Refusal::grant_refused: return "the code or token is not valid";
    case core::Refusal::scope_refused: return "the client may not ask for so much: see `propusk client show`";
    case core::Refusal::limited: return "too many attempts; try again later";
    case core::Refusal::overloaded: return "the server is hashing as many passwords as it can; try again";
  }
  return "";
}

}  // namespace propusk::cli
