// The end of a sign-in, inside its transaction.
#include "core/sign_in/completion.hpp"

#include <utility>

namespace propusk::core {
namespace {
/// What becomes of the credential that the client already sends: kept if it is a live one of the same account (and not
/// to be replaced), else ended, so that nobody's old session stays behind the new one (CONTRACTS.md §1 "Session").
bool keep_or_end_presented(const SessionGrant& grant, const SignInCompletion& wanted) {
  const Instant now = wanted.event.at;
  if (!wanted.presented) return false;
  CredentialStore& credentials = grant.transaction().credentials();
  const std::optional<Credential> presented = credentials.find(*wanted.presented);
  if (!presented || presented->kind != wanted.draft.kind) return false;
  const bool is_own =
      presented->account == grant.account() && presented->epoch == grant.epoch() && presented->expires_at > now;
  if (is_own && !wanted.replaces_presented)
    return credentials.extend(presented->digest, now + row_of(presented->kind).life.lifetime);
  credentials.erase(presented->digest);
  return false;
}
}  // namespace

bool is_known_device(const CredentialStore& credentials, AccountId account, const Device& device) {
  return credentials.has_from(account, device.prefix) || credentials.has_labelled(account, device.label);
}

Result<SignedIn> complete_sign_in(const SessionGrant& grant, const Account& account, bool is_known,
                                  const SignInCompletion& wanted) {
  // The first sign-in of all is no news to the person who has just registered.
  if (!is_known && account.last_sign_in_at)
    post_notice(grant.transaction(), MailKind::new_device, account,
                {.client = wanted.client, .device = wanted.device.label, .other_email = {}}, wanted.desk);
  const bool kept = keep_or_end_presented(grant, wanted);
  if (!kept)
    if (auto opened = open_session(grant, wanted.draft, wanted.device, wanted.event.at); !opened)
      return std::unexpected(opened.error());
  grant.transaction().accounts().note_sign_in(grant.account(), wanted.event.at);
  AuditEvent event = wanted.event;
  event.account = grant.account();
  grant.transaction().audit().append(event);
  return SignedIn{.account = grant.account(), .email = account.email, .kept_presented = kept};
}

}  // namespace propusk::core
