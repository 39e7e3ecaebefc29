// The yes of a person, kept as a digest for a minute, and its one use.
#include "core/tokens/authorization_code.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "base/result.hpp"

namespace propusk::core {
namespace {
bool covers(const Consent& consent, std::string_view scope) { return narrowed_scope(consent.scope, scope).has_value(); }

CredentialTerms terms_of(const AuthorizationOffer& offer) {
  return {.client = offer.client->id, .client_epoch = offer.client->epoch, .scope = offer.scope};
}

/// RFC 8252 section 8.6: any program on the machine can send the browser here in the name of an app that has no secret
/// and no https address of its own.
bool may_be_impersonated(const AuthorizationOffer& offer) {
  return offer.client->kind == ClientKind::open && !offer.redirect_uri.starts_with("https://");
}

/// Whether the person need not be asked.
bool has_consented(const Transaction& transaction, AccountId account, const AuthorizationOffer& offer) {
  if (may_be_impersonated(offer)) return false;
  if (offer.client->skips_consent) return true;
  const std::optional<Consent> consent = transaction.grants().find_consent(account, offer.client->id);
  return consent && covers(*consent, offer.scope);
}

/// The write of a yes; it may outlive its request.
struct Issue {
  CodeDraft draft;
  AuditEvent consented;
};

Result<void> issue(Transaction& transaction, const Issue& wanted) {
  const CodeDraft& draft = wanted.draft;
  const Instant now = wanted.consented.at;
  TRY(owned, find_owned(transaction, draft.session, now));
  if (owned.credential.kind != CredentialKind::browser_session) return refuse(Refusal::not_signed_in);
  if (!is_in_force(transaction, terms_of(draft.offer))) return refuse(Refusal::client_unknown);
  if (!draft.remember && !has_consented(transaction, owned.account.id, draft.offer))
    return refuse(Refusal::scope_refused);
  transaction.grants().insert_code({.digest = draft.code,
                                    .terms = terms_of(draft.offer),
                                    .account = owned.account.id,
                                    .epoch = owned.account.epoch,
                                    .redirect_uri = draft.redirect_uri,
                                    .code_challenge = draft.code_challenge,
                                    .created_at = now,
                                    .expires_at = now + authorization_code_lifetime});
  if (!draft.remember) return {};
  transaction.grants().put_consent(
      {.account = owned.account.id, .client = draft.offer.client->id, .scope = draft.offer.scope, .given_at = now});
  transaction.audit().append(wanted.consented);
  return {};
}
}  // namespace

/// The code and its verifier vouch for the person who said yes.
class CodeFactor {
 public:
  struct Exchange {
    CodePresented presented;
    CredentialDraft draft;
    Device device;
    AuditEvent signed_in;
    AuditEvent reused;
  };
  /// What became of it: tokens, or the end of what a used code had given, which is written although the client is
  /// refused.
  struct Outcome {
    std::optional<CodeExchanged> exchanged;
  };

  static Result<Outcome> exchange(Transaction& transaction, const Exchange& wanted) {
    const Digest digest = sha256(wanted.presented.code.reveal());
    const std::optional<AuthorizationCode> code = transaction.grants().find_code(digest);
    if (!code || !is_presented_rightly(*code, wanted.presented)) return refuse(Refusal::grant_refused);
    if (code->used_at) return end_reused(transaction, *code, wanted);
    const Instant now = wanted.signed_in.at;
    if (code->expires_at <= now || !transaction.grants().use_code(digest, wanted.draft.digest, now))
      return refuse(Refusal::grant_refused);
    const FirstFactorProof proof(code->account, code->epoch, now, FactorMethod::authorization_code);
    const Result<SessionGrant> grant = admit(transaction, proof);
    if (!grant) return refuse(Refusal::grant_refused);
    CredentialDraft draft = wanted.draft;
    draft.terms = code->terms;
    if (!open_session(*grant, draft, wanted.device, now)) return refuse(Refusal::grant_refused);
    transaction.accounts().note_sign_in(code->account, now);
    append(transaction, wanted.signed_in, code->account);
    return Outcome{CodeExchanged{.account = code->account, .scope = code->terms.scope}};
  }

 private:
  static bool is_presented_rightly(const AuthorizationCode& code, const CodePresented& presented) {
    return code.terms.client == presented.client->id && code.redirect_uri == presented.redirect_uri &&
           code.code_challenge == to_base64url(sha256(presented.verifier.reveal()).bytes);
  }
  static Result<Outcome> end_reused(Transaction& transaction, const AuthorizationCode& code, const Exchange& wanted) {
    if (code.credential && transaction.credentials().erase(*code.credential))
      append(transaction, wanted.reused, code.account);
    return Outcome{};
  }
  static void append(Transaction& transaction, AuditEvent event, AccountId account) {
    event.account = account;
    transaction.audit().append(event);
  }
};

Secret<> new_authorization_code(Random& random) { return Secret<>(to_base64url(random.bytes<32>())); }

Task<Result<AuthorizationOffer>> look_at_client(AuthorizationAsked asked, const Caller& caller, ClientDeps deps) {
  CO_TRY(client, co_await find_client(std::move(asked.client_id), caller, deps));
  const std::string* registered = find_redirect_uri(*client, asked.redirect_uri);
  if (!registered) co_return refuse(Refusal::client_malformed);
  co_return AuthorizationOffer{
      .client = client, .redirect_uri = asked.redirect_uri.empty() ? *registered : asked.redirect_uri, .scope = {}};
}

Result<AuthorizationOffer> judge_authorization(AuthorizationOffer offer, const AuthorizationAsked& asked) {
  if (!may(*offer.client, ClientGrant::authorization_code)) return refuse(Refusal::grant_not_allowed);
  TRY(scope, granted_scope(*offer.client, asked.scope));
  offer.scope = std::move(scope);
  return offer;
}

Task<bool> has_consented(AccountId account, AuthorizationOffer offer, const Caller& caller, ClientDeps deps) {
  co_return co_await deps.store.read(
      [account, offer = std::move(offer)](const Transaction& transaction) {
        return has_consented(transaction, account, offer);
      },
      caller.deadline);
}

Task<Result<void>> issue_code(CodeDraft draft, const Caller& caller, SessionDeps deps) {
  CO_TRY(owner, co_await find_live_session(draft.session, CredentialKind::browser_session, caller, deps));
  if (auto allowed = co_await deps.limits.begin_change(owner.account, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  const std::string detail = "client=" + draft.offer.client->id + " scope=" + draft.offer.scope;
  auto wanted =
      std::make_shared<const Issue>(std::move(draft), AuditEvent{.id = new_audit_id(deps.random),
                                                                 .at = deps.clock.now(),
                                                                 .action = AuditAction::consent_given,
                                                                 .account = owner.account,
                                                                 .actor = "client " + caller.address.to_string(),
                                                                 .detail = detail});
  co_return co_await deps.store.write([wanted](Transaction& transaction) { return issue(transaction, *wanted); },
                                      caller.deadline);
}

Task<Result<CodeExchanged>> exchange_code(CodePresented presented, CredentialDraft draft, const Caller& caller,
                                          SessionDeps deps) {
  if (!may(*presented.client, ClientGrant::authorization_code)) co_return refuse(Refusal::grant_not_allowed);
  AuditEvent reused{.id = new_audit_id(deps.random),
                    .at = deps.clock.now(),
                    .action = AuditAction::code_reused,
                    .account = {},
                    .actor = "client " + caller.address.to_string(),
                    .detail = "client=" + presented.client->id};
  AuditEvent signed_in = reused;
  signed_in.action = AuditAction::signed_in;
  signed_in.detail = "dialect=oauth " + reused.detail;
  auto wanted = std::make_shared<const CodeFactor::Exchange>(std::move(presented), std::move(draft), device_of(caller),
                                                             std::move(signed_in), std::move(reused));
  CO_TRY(outcome, co_await deps.store.write(
                      [wanted](Transaction& transaction) { return CodeFactor::exchange(transaction, *wanted); },
                      caller.deadline));
  if (!outcome.exchanged) co_return refuse(Refusal::grant_refused);
  co_return std::move(*outcome.exchanged);
}

}  // namespace propusk::core
