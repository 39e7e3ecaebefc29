// From a verified password to a durable session, in one transaction.
#include "core/sign_in/sign_in.hpp"

#include <utility>

#include "base/result.hpp"
#include "core/sign_in/password_factor.hpp"

namespace propusk::core {
namespace {
std::string detail_of(const VerifiedPassword& verified, std::string_view dialect) {
  return "dialect=" + std::string(dialect) + (verified.new_hash.empty() ? "" : " rehashed=yes");
}

/// What the write of a sign-in needs; owned by it, because it may outlive its request.
struct Write {
  VerifiedPassword verified;
  SignInCompletion completion;
};

Result<SignedIn> complete(Transaction& transaction, const Write& wanted) {
  const VerifiedPassword& verified = wanted.verified;
  TRY(grant, admit(transaction, verified.proof));
  if (!verified.new_hash.empty())
    transaction.accounts().rehash_password(grant.account(), verified.account.password_hash, verified.new_hash);
  return complete_sign_in(grant, verified.account, verified.is_known_device, wanted.completion);
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
  SignInCompletion completion{.draft = std::move(attempt.draft),
                              .presented = attempt.presented,
                              .replaces_presented = attempt.replaces_presented,
                              .event = std::move(event),
                              .device = device_of(caller),
                              .client = caller.address.to_string(),
                              .desk = open_desk(deps.outbox)};
  // The write may outlive this frame if its deadline passes: it owns what it reads.
  auto wanted = std::make_shared<const Write>(std::move(checked), std::move(completion));
  Result<SignedIn> signed_in = co_await deps.sessions.store.write(
      [wanted](Transaction& transaction) { return complete(transaction, *wanted); }, caller.deadline);
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
