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
  if (is_own) return credentials.extend(presented->digest, now + row_of(presented->kind).lifetime);
  credentials.erase(presented->digest);
  return false;
}

std::string detail_of(const VerifiedPassword& verified, std::string_view dialect) {
  return "dialect=" + std::string(dialect) + (verified.new_hash.empty() ? "" : " rehashed=yes");
}

Result<SignedIn> complete_sign_in(Transaction& transaction, const VerifiedPassword& verified,
                                  const PasswordAttempt& attempt, const AuditEvent& event, const Device& device) {
  TRY(grant, admit(transaction, verified.proof));
  if (!verified.new_hash.empty())
    transaction.accounts().rehash_password(grant.account(), verified.old_hash, verified.new_hash);
  const bool kept = keep_or_end_presented(grant, attempt, event.at);
  if (!kept) open_session(grant, attempt.draft, device, event.at);
  transaction.accounts().note_sign_in(grant.account(), event.at);
  transaction.audit().append(event);
  return SignedIn{.account = grant.account(), .kept_presented = kept};
}

Task<Result<SignedIn>> attempt_sign_in(PasswordAttempt attempt, const Caller& caller, const SignInDeps& deps) {
  CO_TRY(checked, co_await PasswordFactor::verify(attempt, caller, deps));
  HeldPlace place = std::move(checked.place);
  // The write may outlive this frame if its deadline passes: it owns what it reads.
  auto verified = std::make_shared<const VerifiedPassword>(std::move(checked));
  auto wanted = std::make_shared<const PasswordAttempt>(std::move(attempt));
  const AuditEvent event{.id = new_audit_id(deps.sessions.random),
                         .at = deps.sessions.clock.now(),
                         .action = AuditAction::signed_in,
                         .account = verified->proof.account(),
                         .actor = "client " + caller.address.to_string(),
                         .detail = detail_of(*verified, deps.dialect)};
  Result<SignedIn> signed_in = co_await deps.sessions.store.write(
      [verified, wanted, event, device = device_of(caller)](Transaction& transaction) {
        return complete_sign_in(transaction, *verified, *wanted, event, device);
      },
      caller.deadline);
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
