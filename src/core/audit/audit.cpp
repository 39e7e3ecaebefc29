// Stored names of audit actions.
#include "core/audit/audit.hpp"

namespace propusk::core {

std::string_view audit_action_name(AuditAction action) {
  switch (action) {
    case AuditAction::account_created: return "account_created";
    case AuditAction::account_disabled: return "account_disabled";
    case AuditAction::account_enabled: return "account_enabled";
    case AuditAction::account_deleted: return "account_deleted";
    case AuditAction::password_set: return "password_set";
    case AuditAction::signed_in: return "signed_in";
    case AuditAction::sign_in_failed: return "sign_in_failed";
    case AuditAction::signed_out: return "signed_out";
    case AuditAction::session_revoked: return "session_revoked";
    case AuditAction::recovery_mailed: return "recovery_mailed";
    case AuditAction::password_reset: return "password_reset";
    case AuditAction::password_changed: return "password_changed";
    case AuditAction::username_changed: return "username_changed";
    case AuditAction::email_change_asked: return "email_change_asked";
    case AuditAction::email_changed: return "email_changed";
    case AuditAction::email_verified: return "email_verified";
    case AuditAction::mail_dead: return "mail_dead";
    case AuditAction::mail_retried: return "mail_retried";
    case AuditAction::mail_dropped: return "mail_dropped";
    case AuditAction::mail_tested: return "mail_tested";
    case AuditAction::account_activated: return "account_activated";
    case AuditAction::account_disowned: return "account_disowned";
    case AuditAction::account_lapsed: return "account_lapsed";
    case AuditAction::profile_changed: return "profile_changed";
    case AuditAction::email_change_undone: return "email_change_undone";
    case AuditAction::token_revoked: return "token_revoked";
    case AuditAction::tokens_ended: return "tokens_ended";
    case AuditAction::refresh_reused: return "refresh_reused";
    case AuditAction::signing_key_made: return "signing_key_made";
    case AuditAction::client_created: return "client_created";
    case AuditAction::client_disabled: return "client_disabled";
    case AuditAction::client_enabled: return "client_enabled";
    case AuditAction::client_secret_rotated: return "client_secret_rotated";
    case AuditAction::client_deleted: return "client_deleted";
    case AuditAction::consent_given: return "consent_given";
    case AuditAction::consent_withdrawn: return "consent_withdrawn";
    case AuditAction::code_reused: return "code_reused";
    case AuditAction::identity_connected: return "identity_connected";
    case AuditAction::identity_disconnected: return "identity_disconnected";
    case AuditAction::identity_migrated: return "identity_migrated";
    case AuditAction::others_ended: return "others_ended";
    case AuditAction::data_exported: return "data_exported";
    case AuditAction::store_restored: return "store_restored";
  }
  return "";
}

std::int64_t new_audit_id(Random& random) { return static_cast<std::int64_t>(random.below(INT64_MAX)) + 1; }

}  // namespace propusk::core
