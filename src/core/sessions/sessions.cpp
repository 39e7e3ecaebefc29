// Opening, checking and ending credentials.
#include "core/sessions/sessions.hpp"

#include <algorithm>
#include <utility>

#include "base/result.hpp"

namespace propusk::core {
namespace {
/// A secret of another kind than the dialect takes is no secret of this dialect.
Checked of_kind(Checked checked, CredentialKind kind) {
  if (checked.standing == Standing::live && checked.kind != kind) return {.standing = Standing::ended};
  return checked;
}
}  // namespace

Device device_of(const Caller& caller) { return {caller.address.prefix().to_string(), caller.user_agent}; }

bool is_in_force(const Transaction& transaction, const std::optional<CredentialTerms>& terms) {
  if (!terms) return true;
  const std::optional<Client> client = transaction.clients().find(terms->client);
  return client && client->state == ClientState::active && client->epoch == terms->client_epoch;
}

bool speaks_for_person(const Transaction& transaction, const std::optional<CredentialTerms>& terms) {
  if (!terms) return true;
  const std::optional<Client> client = transaction.clients().find(terms->client);
  return client && is_own_app(*client);
}

Result<void> open_session(const SessionGrant& grant, const CredentialDraft& draft, const Device& device, Instant at) {
  if (!is_in_force(grant.transaction(), draft.terms)) return refuse(Refusal::grant_refused);
  CredentialStore& credentials = grant.transaction().credentials();
  const CredentialLife life = draft.life.value_or(row_of(draft.kind).life);
  const Credential credential{.digest = draft.digest,
                              .kind = draft.kind,
                              .account = grant.account(),
                              .epoch = grant.epoch(),
                              .prefix = device.prefix,
                              .label = device.label,
                              .created_at = at,
                              .seen_at = at,
                              .expires_at = at + life.lifetime,
                              .idle = life.idle,
                              .terms = draft.terms};
  credentials.insert(credential);
  if (draft.first_refresh)
    credentials.put_chain(
        {.credential = draft.digest, .current = *draft.first_refresh, .previous = {}, .rotated_at = at});
  if (draft.access) issue_access(grant.transaction(), credential, *draft.access, draft.terms.value().scope, at);
  credentials.keep_newest(grant.account(), draft.kind, credentials_per_account);
  return {};
}

void issue_access(Transaction& transaction, const Credential& sign_in, const AccessDraft& draft, std::string scope,
                  Instant at) {
  Credential access = sign_in;
  access.digest = draft.digest;
  access.kind = CredentialKind::oauth_access;
  access.created_at = at;
  access.seen_at = at;
  access.expires_at = std::min<Instant>(at + draft.lifetime, sign_in.expires_at);
  access.terms.value().scope = std::move(scope);
  access.parent = sign_in.digest;
  transaction.credentials().insert(access);
  transaction.credentials().keep_newest(access.account, access.kind, credentials_per_account);
}

Credential sign_in_of(const Transaction& transaction, const Credential& credential) {
  if (!credential.parent) return credential;
  return transaction.credentials().find(*credential.parent).value_or(credential);
}

Checked check_session(const Digest& digest, CredentialKind kind, const SessionDeps& deps) {
  const Instant now = deps.clock.now();
  const Checked checked = of_kind(deps.live.check(digest, now), kind);
  if (checked.standing == Standing::live && now - checked.seen_at >= seen_resolution) deps.live.note_seen(digest, now);
  return checked;
}

std::pair<Checked, SharedCard> check_session_with_card(const Digest& digest, CredentialKind kind,
                                                       const SessionDeps& deps) {
  const Instant now = deps.clock.now();
  auto [checked, card] = deps.live.check_with_card(digest, now);
  checked = of_kind(checked, kind);
  if (checked.standing == Standing::live && now - checked.seen_at >= seen_resolution) deps.live.note_seen(digest, now);
  return {checked, std::move(card)};
}

Task<SharedCard> find_card(AccountId account, const Caller& caller, SessionDeps deps) {
  if (SharedCard card = deps.live.card(account)) co_return card;
  const LiveCredentials::Ticket ticket = deps.live.ticket();
  const std::optional<Account> stored = co_await deps.store.read(
      [account](const Transaction& transaction) { return transaction.accounts().find(account); }, caller.deadline);
  if (!stored) co_return nullptr;
  auto card = std::make_shared<const ProfileCard>(card_of(*stored));
  deps.live.fill_card(ticket, card, {stored->epoch, stored->state});
  co_return card;
}

Task<Result<Checked>> check_session_in_store(Digest digest, CredentialKind kind, const Caller& caller,
                                             SessionDeps deps) {
  if (!deps.live.knows(digest))
    if (auto allowed = deps.limits.begin_unknown_secret(caller.address); !allowed)
      co_return std::unexpected(allowed.error());
  const LiveCredentials::Ticket ticket = deps.live.ticket();
  const std::optional<CredentialStore::Held> held = co_await deps.store.look_up(digest, caller.deadline);
  if (!held || !held->is_in_force) co_return Checked{.standing = Standing::ended};
  const Credential& credential = held->credential;
  const AccountStanding& standing = held->standing;
  deps.live.fill(ticket, credential, standing);
  if (standing.state != AccountState::active) co_return Checked{.standing = Standing::disabled};
  const Instant now = deps.clock.now();
  if (standing.epoch != credential.epoch || !is_within_life(credential, now))
    co_return Checked{.standing = Standing::ended};
  // Used once in a while, a credential may be out of memory each time: it would end for want of use.
  if (credential.kind == kind && now - credential.seen_at >= seen_resolution) deps.live.note_seen(digest, now);
  co_return of_kind({.standing = Standing::live,
                     .account = credential.account,
                     .kind = credential.kind,
                     .seen_at = credential.seen_at,
                     .expires_at = credential.expires_at,
                     .terms = credential.terms ? std::make_shared<const CredentialTerms>(*credential.terms) : nullptr},
                    kind);
}

Result<OwnedCredential> find_owned(const Transaction& transaction, const Digest& digest, Instant now) {
  std::optional<Credential> credential = transaction.credentials().find(digest);
  if (!credential) return refuse(Refusal::not_signed_in);
  std::optional<Account> account = transaction.accounts().find(credential->account);
  if (!account || account->epoch != credential->epoch || !is_within_life(*credential, now) ||
      !is_in_force(transaction, credential->terms))
    return refuse(Refusal::not_signed_in);
  if (account->state != AccountState::active) return refuse(Refusal::account_disabled);
  return OwnedCredential{std::move(*credential), std::move(*account)};
}

Task<Result<Checked>> find_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps) {
  const Checked checked = check_session(digest, kind, deps);
  if (checked.standing != Standing::unknown) co_return checked;
  co_return co_await check_session_in_store(digest, kind, caller, deps);
}

Task<Result<Checked>> find_live_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps) {
  CO_TRY(checked, co_await find_session(digest, kind, caller, deps));
  if (checked.standing == Standing::disabled) co_return refuse(Refusal::account_disabled);
  if (checked.standing != Standing::live) co_return refuse(Refusal::not_signed_in);
  co_return checked;
}

Task<Result<SessionOwner>> find_session_owner(Digest digest, CredentialKind kind, const Caller& caller,
                                              SessionDeps deps) {
  CO_TRY(checked, co_await find_live_session(digest, kind, caller, deps));
  const std::optional<Account> account = co_await deps.store.read(
      [id = checked.account](const Transaction& transaction) { return transaction.accounts().find(id); },
      caller.deadline);
  if (!account) co_return refuse(Refusal::not_signed_in);
  co_return SessionOwner{.account = account->id, .email = account->email};
}

Task<Result<void>> end_session(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps) {
  const Result<Checked> checked = co_await find_session(digest, kind, caller, deps);
  if (checked && checked->standing != Standing::live) co_return Result<void>{};
  const Instant now = deps.clock.now();
  const std::int64_t event_id = new_audit_id(deps.random);
  const std::string actor = "client " + caller.address.to_string();
  co_return co_await deps.store.write(
      [=](Transaction& transaction) -> Result<void> {
        const std::optional<Credential> credential = transaction.credentials().find(digest);
        if (!credential || credential->kind != kind) return {};
        transaction.credentials().erase(sign_in_of(transaction, *credential).digest);
        transaction.audit().append({.id = event_id,
                                    .at = now,
                                    .action = AuditAction::signed_out,
                                    .account = credential->account,
                                    .actor = actor,
                                    .detail = ""});
        return {};
      },
      caller.deadline);
}

}  // namespace propusk::core
