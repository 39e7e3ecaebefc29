// Everything here answers a registered client that has shown who it is, or the person whose tokens they are.
#include "core/tokens/client_tokens.hpp"

#include <memory>
#include <utility>

#include "base/result.hpp"

namespace propusk::core {
namespace {
AuditEvent event_of(AuditAction action, AccountId account, std::string detail, const Caller& caller,
                    const SessionDeps& deps) {
  return {.id = new_audit_id(deps.random),
          .at = deps.clock.now(),
          .action = action,
          .account = account,
          .actor = "client " + caller.address.to_string(),
          .detail = std::move(detail)};
}

/// A live credential of one kind that the client got.
std::optional<OwnedCredential> find_live(const Transaction& transaction, const Digest& digest, CredentialKind kind,
                                         const Client& client, Instant now) {
  Result<OwnedCredential> owned = find_owned(transaction, digest, now);
  if (!owned || owned->credential.kind != kind || !owned->credential.terms) return std::nullopt;
  if (owned->credential.terms->client != client.id) return std::nullopt;
  return std::move(*owned);
}

bool is_of_chain(const Transaction& transaction, const RefreshPresented& presented) {
  const std::optional<RefreshChain> chain = transaction.credentials().find_chain(presented.credential);
  const Digest token = sha256(presented.token_id.reveal());
  return chain && (chain->current == token || chain->previous == token);
}

/// The credential that a token stands for.
std::optional<OwnedCredential> find_revocable(const Transaction& transaction, const RevocationPresented& presented,
                                              Instant now) {
  const Client& client = *presented.client;
  if (auto access = find_live(transaction, presented.access, CredentialKind::oauth_access, client, now)) return access;
  if (!presented.refresh || !is_of_chain(transaction, *presented.refresh)) return std::nullopt;
  return find_live(transaction, presented.refresh->credential, CredentialKind::oauth_refresh, client, now);
}

bool has_own_token(const Transaction& transaction, const RevocationPresented& presented) {
  const std::optional<ClientToken> own = transaction.grants().find_token(presented.access);
  return own && own->terms.client == presented.client->id;
}

std::optional<ClientToken> find_own_token(const Transaction& transaction, const Digest& token, Instant now) {
  std::optional<ClientToken> own = transaction.grants().find_token(token);
  if (own && (own->expires_at <= now || !is_in_force(transaction, own->terms))) own.reset();
  return own;
}

/// What the store says of a token.
struct Read {
  std::optional<OwnedCredential> owned;
  std::optional<ClientToken> own;
};
Read read_token(const Transaction& transaction, const Digest& token, Instant now) {
  Result<OwnedCredential> owned = find_owned(transaction, token, now);
  if (owned && owned->credential.kind == CredentialKind::oauth_access) return {.owned = std::move(*owned), .own = {}};
  return {.owned = {}, .own = find_own_token(transaction, token, now)};
}
}  // namespace

Task<Result<std::string>> issue_client_token(SharedClient client, std::string scope, AccessDraft draft,
                                             const Caller& caller, SessionDeps deps) {
  if (!may(*client, ClientGrant::client_credentials)) co_return refuse(Refusal::grant_not_allowed);
  CO_TRY(granted, granted_scope(*client, scope));
  if (auto allowed = co_await deps.limits.begin_refresh(sha256("client " + client->id), caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  const Instant now = deps.clock.now();
  const ClientToken token{.digest = draft.digest,
                          .terms = {.client = client->id, .client_epoch = client->epoch, .scope = granted},
                          .created_at = now,
                          .expires_at = now + draft.lifetime};
  co_return co_await deps.store.write(
      [token](Transaction& transaction) -> Result<std::string> {
        if (!is_in_force(transaction, token.terms)) return refuse(Refusal::client_unknown);
        transaction.grants().insert_token(token, credentials_per_account);
        return token.terms.scope;
      },
      caller.deadline);
}

bool may_introspect(const Client& asking, const CredentialTerms& terms) {
  return asking.introspects || asking.id == terms.client;
}

Looked look_at_access_token(const Digest& token, const SessionDeps& deps) {
  auto [checked, card] = deps.live.check_with_card(token, deps.clock.now());
  if (checked.standing == Standing::unknown) return {};
  if (checked.standing != Standing::live || checked.kind != CredentialKind::oauth_access) return {.known = true};
  if (!card) return {};
  return {.known = true, .terms = std::move(checked.terms), .expires_at = checked.expires_at, .owner = std::move(card)};
}

Task<std::optional<TokenFacts>> introspect(Digest token, SharedClient asking, const Caller& caller, SessionDeps deps) {
  const LiveCredentials::Ticket ticket = deps.live.ticket();
  Read found = co_await deps.store.read(
      [token, now = deps.clock.now()](const Transaction& transaction) { return read_token(transaction, token, now); },
      caller.deadline);
  std::optional<TokenFacts> facts;
  if (found.owned) {
    const auto& [credential, account] = *found.owned;
    auto card = std::make_shared<const ProfileCard>(card_of(account));
    deps.live.fill(ticket, credential, {account.epoch, account.state});
    deps.live.fill_card(ticket, card, {account.epoch, account.state});
    facts =
        TokenFacts{.terms = credential.terms.value(), .expires_at = credential.expires_at, .owner = std::move(card)};
  } else if (found.own) {
    facts = TokenFacts{.terms = found.own->terms, .expires_at = found.own->expires_at, .owner = nullptr};
  }
  if (facts && !may_introspect(*asking, facts->terms)) facts.reset();
  co_return facts;
}

Task<Result<void>> revoke_token(RevocationPresented presented, const Caller& caller, SessionDeps deps) {
  // Most tokens that are given back are dead: those cost no write.
  auto wanted = std::make_shared<const RevocationPresented>(std::move(presented));
  const bool is_live = co_await deps.store.read(
      [wanted, now = deps.clock.now()](const Transaction& transaction) {
        return has_own_token(transaction, *wanted) || find_revocable(transaction, *wanted, now);
      },
      caller.deadline);
  if (!is_live) co_return Result<void>{};
  const AuditEvent event = event_of(AuditAction::signed_out, {}, "client=" + wanted->client->id, caller, deps);
  co_return co_await deps.store.write(
      [wanted, event](Transaction& transaction) -> Result<void> {
        if (has_own_token(transaction, *wanted)) {
          transaction.grants().erase_token(wanted->access);
          return {};
        }
        const std::optional<OwnedCredential> found = find_revocable(transaction, *wanted, event.at);
        if (!found) return {};
        transaction.credentials().erase(found->credential.digest);
        AuditEvent written = event;
        written.account = found->account.id;
        transaction.audit().append(written);
        return {};
      },
      caller.deadline);
}

Task<Result<void>> end_tokens_of_client(Bearer bearer, std::string client, CredentialKind kind, const Caller& caller,
                                        SessionDeps deps) {
  if (auto allowed = co_await deps.limits.begin_ending(bearer.credential, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  const AuditEvent event = event_of(AuditAction::tokens_ended, bearer.account,
                                    "client=" + client + " kind=" + std::string(row_of(kind).name), caller, deps);
  co_return co_await deps.store.write(
      [account = bearer.account, client, kind, event](Transaction& transaction) -> Result<void> {
        if (transaction.credentials().erase_of_client(account, client, kind)) transaction.audit().append(event);
        return {};
      },
      caller.deadline);
}

Task<std::vector<Consent>> list_consents(AccountId account, const Caller& caller, SessionDeps deps) {
  co_return co_await deps.store.read(
      [account](const Transaction& transaction) { return transaction.grants().list_consents(account); },
      caller.deadline);
}

Task<Result<bool>> withdraw_consent(AccountId account, std::string client, const Caller& caller, SessionDeps deps) {
  const AuditEvent event = event_of(AuditAction::consent_withdrawn, account, "client=" + client, caller, deps);
  co_return co_await deps.store.write(
      [account, client, event](Transaction& transaction) -> Result<bool> {
        if (!transaction.grants().erase_consent(account, client)) return false;
        for (const CredentialKind kind : {CredentialKind::oauth_access, CredentialKind::oauth_refresh})
          transaction.credentials().erase_of_client(account, client, kind);
        transaction.audit().append(event);
        return true;
      },
      caller.deadline);
}

}  // namespace propusk::core
