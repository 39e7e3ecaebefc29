// Names of refusals, exhaustive by -Wswitch.
#include "core/refusal.hpp"

namespace propusk::core {

std::string_view refusal_name(Refusal refusal) {
  switch (refusal) {
    case Refusal::username_malformed: return "username_malformed";
    case Refusal::username_taken: return "username_taken";
    case Refusal::email_malformed: return "email_malformed";
    case Refusal::email_taken: return "email_taken";
    case Refusal::password_too_short: return "password_too_short";
    case Refusal::password_too_long: return "password_too_long";
    case Refusal::password_common: return "password_common";
    case Refusal::password_numeric: return "password_numeric";
    case Refusal::password_malformed: return "password_malformed";
    case Refusal::account_unknown: return "account_unknown";
    case Refusal::account_disabled: return "account_disabled";
    case Refusal::mail_unknown: return "mail_unknown";
    case Refusal::creation_failed: return "creation_failed";
    case Refusal::bad_credentials: return "bad_credentials";
    case Refusal::uid_unknown: return "uid_unknown";
    case Refusal::link_unknown: return "link_unknown";
    case Refusal::link_used: return "link_used";
    case Refusal::link_expired: return "link_expired";
    case Refusal::not_signed_in: return "not_signed_in";
    case Refusal::provider_unknown: return "provider_unknown";
    case Refusal::provider_refused: return "provider_refused";
    case Refusal::provider_revoked: return "provider_revoked";
    case Refusal::provider_failed: return "provider_failed";
    case Refusal::identity_taken: return "identity_taken";
    case Refusal::identity_unknown: return "identity_unknown";
    case Refusal::last_way_in: return "last_way_in";
    case Refusal::not_fresh: return "not_fresh";
    case Refusal::client_unknown: return "client_unknown";
    case Refusal::client_refused: return "client_refused";
    case Refusal::client_malformed: return "client_malformed";
    case Refusal::client_taken: return "client_taken";
    case Refusal::grant_not_allowed: return "grant_not_allowed";
    case Refusal::grant_refused: return "grant_refused";
    case Refusal::scope_refused: return "scope_refused";
    case Refusal::limited: return "limited";
    case Refusal::overloaded: return "overloaded";
  }
  return "";
}

}  // namespace propusk::core
