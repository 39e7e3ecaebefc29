// Only what is live is shown, and only what is shown can be ended.
#include "core/sessions/own_credentials.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"

namespace propusk::core {
namespace {
Result<std::vector<Credential>> live_of_owner(const Transaction& transaction, const Digest& digest, Instant now) {
  TRY(owned, find_owned(transaction, digest, now));
  std::vector<Credential> credentials = transaction.credentials().list(owned.account.id);
  std::erase_if(credentials, [&](const Credential& each) {
    return each.epoch != owned.account.epoch || !is_within_life(each, now) || !is_in_force(transaction, each.terms);
  });
  // An access token whose sign-in has ended stands for itself.
  const std::vector<Credential> all = credentials;
  std::erase_if(credentials, [&](const Credential& each) {
    return each.parent && std::ranges::find(all, *each.parent, &Credential::digest) != all.end();
  });
  return credentials;
}

AuditEvent event_of(AuditAction action, const Bearer& bearer, const Caller& caller, const SessionDeps& deps) {
  return {.id = new_audit_id(deps.random),
          .at = deps.clock.now(),
          .action = action,
          .account = bearer.account,
          .actor = "client " + caller.address.to_string(),
          .detail = ""};
}

Result<std::size_t> end_one(Transaction& transaction, const Bearer& bearer, const std::string& id, AuditEvent event) {
  TRY(live, live_of_owner(transaction, bearer.credential, event.at));
  const auto found = std::ranges::find(live, id, credential_id);
  if (found == live.end()) return 0;
  transaction.credentials().erase(found->digest);
  event.action =
      family_of(found->kind) == CredentialFamily::session ? AuditAction::session_revoked : AuditAction::token_revoked;
  event.detail = "kind=" + std::string(row_of(found->kind).name);
  transaction.audit().append(event);
  return 1;
}

Result<std::size_t> end_others(Transaction& transaction, const Bearer& bearer, const AuditEvent& event) {
  TRY(live, live_of_owner(transaction, bearer.credential, event.at));
  const Digest kept = sign_in_of(transaction, transaction.credentials().find(bearer.credential).value()).digest;
  std::erase_if(live, [&](const Credential& each) { return each.digest == kept || each.digest == bearer.credential; });
  for (const Credential& each : live) transaction.credentials().erase(each.digest);
  if (!live.empty()) transaction.audit().append(event);
  return live.size();
}
}  // namespace

Task<Result<std::vector<Credential>>> list_own_credentials(Bearer bearer, const Caller& caller, SessionDeps deps) {
  co_return co_await deps.store.read(
      [bearer, now = deps.clock.now()](const Transaction& transaction) {
        return live_of_owner(transaction, bearer.credential, now);
      },
      caller.deadline);
}

Task<Result<std::size_t>> end_own_credential(Bearer bearer, std::string id, const Caller& caller, SessionDeps deps) {
  if (auto allowed = co_await deps.limits.begin_ending(bearer.credential, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  co_return co_await deps.store.write(
      [bearer, id, event = event_of(AuditAction::session_revoked, bearer, caller, deps)](Transaction& transaction) {
        return end_one(transaction, bearer, id, event);
      },
      caller.deadline);
}

Task<Result<std::size_t>> end_other_credentials(Bearer bearer, const Caller& caller, SessionDeps deps) {
  if (auto allowed = co_await deps.limits.begin_ending(bearer.credential, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  co_return co_await deps.store.write([bearer, event = event_of(AuditAction::others_ended, bearer, caller, deps)](
                                          Transaction& transaction) { return end_others(transaction, bearer, event); },
                                      caller.deadline);
}

}  // namespace propusk::core
