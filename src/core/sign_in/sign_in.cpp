// From a verified password to a durable session, in one transaction.
#include "core/sign_in/sign_in.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/sign_in/password_factor.hpp"

namespace propusk::core {
namespace {
/// What becomes of the credential that the client already sends: kept if it is a live one of the same account, else
/// ended, so that nobody's old session stays behind the new one (CONTRACTS.md §1 "Session").
bool keep_or_end_presented(const SessionGrant& grant, const PasswordAttempt& attempt, Instant now) {
  if (!attempt.presented) return false;
  CredentialStore& credentials = grant.transaction().credentials();
  const std::optional<Credential> presented = credentials.find(*attempt.presented);
  if (!presented || presented->kind != attempt.draft.kind) return false;
  const bool is_own =
      presented->account == grant.account() && presented->epoch == grant.epoch() && presented->expires_at > now;
  if (is_own) return credentials.extend(presented->digest, now + row_of(presented->kind).life.lifetime);
  credentials.erase(presented->digest);
  return false;
}

std::string detail_of(const VerifiedPassword& verified, std::string_view dialect) {
  return "dialect=" + std::string(dialect) + (verified.new_hash.empty() ? "" : " rehashed=yes");
}

/// What the write of a sign-in needs; owned by it, because it may outlive its request.
struct Completion {
  VerifiedPassword verified;
  PasswordAttempt attempt;
  AuditEvent event;
  Device device;
  std::string client;  ///< address, as text
  PostingDesk desk;
};

/// The first sign-in of all is no news to the person who has just registered.
void notify_of_new_device(Transaction& transaction, const Completion& wanted) {
  const Account& account = wanted.verified.account;
  if (wanted.verified.is_known_device || !account.last_sign_in_at) return;
  post_notice(transaction, MailKind::new_device, account,
              {.client = wanted.client, .device = wanted.device.label, .other_email = {}}, wanted.desk);
}

Result<SignedIn> complete_sign_in(Transaction& transaction, const Completion& wanted) {
  const VerifiedPassword& verified = wanted.verified;
  const Instant now = wanted.event.at;
  TRY(grant, admit(transaction, verified.proof));
  if (!verified.new_hash.empty())
    transaction.accounts().rehash_password(grant.account(), verified.account.password_hash, verified.new_hash);
  notify_of_new_device(transaction, wanted);
  const bool kept = keep_or_end_presented(grant, wanted.attempt, now);
  if (!kept) open_session(grant, wanted.attempt.draft, wanted.device, now);
  transaction.accounts().note_sign_in(grant.account(), now);
  transaction.audit().append(wanted.event);
  return SignedIn{.account = grant.account(), .email = verified.account.email, .kept_presented = kept};
}

Task<Result<SignedIn>> attempt_sign_in(PasswordAttempt attempt, const Caller& caller, const SignInDeps& deps) {
  CO_TRY(checked, co_await PasswordFactor::verify(attempt, caller, deps));
  HeldPlace place = std::move(checked.place);
  AuditEvent event{.id = new_audit_id(deps.sessions.random),
                   .at = deps.sessions.clock.now(),
                   .action = AuditAction::signed_in,
                   .account = checked.account.id,
                   .actor = "client " + caller.address.to_string(),
                   .detail = detail_of(checked, deps.dialect)};
  // The write may outlive this frame if its deadline passes: it owns what it reads.
  auto wanted =
      std::make_shared<const Completion>(std::move(checked), std::move(attempt), std::move(event), device_of(caller),
                                         caller.address.to_string(), open_desk(deps.outbox));
  Result<SignedIn> signed_in = co_await deps.sessions.store.write(
      [wanted](Transaction& transaction) { return complete_sign_in(transaction, *wanted); }, caller.deadline);
  if (signed_in)
    place.succeeded();
  else
    place.failed();
  co_return signed_in;
}
}  // namespace

Task<Result<SignedIn>> sign_in_with_password(PasswordAttempt attempt, const Caller& caller, SignInDeps deps) {
  Result<SignedIn> result = co_await attempt_sign_in(std::move(attempt), caller, deps);
  deps.outcomes.count(result);
  co_return result;
}

}  // namespace propusk::core
