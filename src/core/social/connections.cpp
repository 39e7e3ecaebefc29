// A stolen session connects nobody: the password, or a sign-in of the last minutes.
#include "core/social/connections.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "core/sessions/freshness.hpp"
#include "core/sign_in/password_factor.hpp"
#include "core/social/identity_owner.hpp"
#include "core/social/told.hpp"
#include "core/social/vouched_email.hpp"
#include "core/social/ways_in.hpp"

namespace propusk::core {
namespace {
/// Who asks and how it is written down; owned by the write.
struct Asking {
  Bearer bearer;
  std::optional<FirstFactorProof> proof;  ///< of the password, if it was given
  Instant now{};
  AuditEvent connected, verified, disconnected;
  PostingDesk desk;
  std::string client, device, label;
};

Task<Result<std::optional<FirstFactorProof>>> prove(Bearer bearer, std::optional<Secret<>> password,
                                                    const Caller& caller, const SignInDeps& deps) {
  if (!password) co_return std::optional<FirstFactorProof>();
  CO_TRY(verified, co_await PasswordFactor::verify_owner(bearer.account, *password, caller, deps));
  verified.place.succeeded();
  co_return std::optional<FirstFactorProof>(std::move(verified.proof));
}

Task<Result<Asking>> ask(Bearer bearer, std::optional<Secret<>> password, std::string provider, const Caller& caller,
                         const SocialDeps& deps) {
  const SessionDeps& sessions = deps.sign_in.sessions;
  if (auto allowed = co_await sessions.limits.begin_change(bearer.account, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  CO_TRY(proof, co_await prove(bearer, std::move(password), caller, deps.sign_in));
  const auto event = [&](AuditAction action) {
    return AuditEvent{.id = new_audit_id(sessions.random),
                      .at = sessions.clock.now(),
                      .action = action,
                      .account = bearer.account,
                      .actor = "client " + caller.address.to_string(),
                      .detail = "provider=" + provider};
  };
  co_return Asking{.bearer = bearer,
                   .proof = std::move(proof),
                   .now = sessions.clock.now(),
                   .connected = event(AuditAction::identity_connected),
                   .verified = event(AuditAction::email_verified),
                   .disconnected = event(AuditAction::identity_disconnected),
                   .desk = open_desk(deps.sign_in.outbox),
                   .client = caller.address.to_string(),
                   .device = caller.user_agent,
                   .label = std::string(label_of(provider, deps.gateway.offered()))};
}

Result<Account> find_fresh_owner(Transaction& transaction, const Asking& asking) {
  TRY(owned, find_owned(transaction, asking.bearer.credential, asking.now));
  if (owned.account.id != asking.bearer.account) return refuse(Refusal::not_signed_in);
  if (!asking.proof) {
    const Credential sign_in = sign_in_of(transaction, owned.credential);
    if (!is_fresh_sign_in(sign_in, asking.now) || !speaks_for_person(transaction, sign_in.terms))
      return refuse(Refusal::not_fresh);
  } else if (auto granted = admit(transaction, *asking.proof); !granted) {
    return std::unexpected(granted.error());
  }
  return std::move(owned.account);
}

void tell(Transaction& transaction, MailKind kind, const Account& account, const Asking& asking) {
  post_notice(transaction, kind, account,
              {.client = asking.client, .device = asking.device, .other_email = {}, .provider = asking.label},
              asking.desk);
}

/// The provider vouches for the very address that the account gave.
void verify_own_address(Transaction& transaction, const Account& account, const ProviderIdentity& identity,
                        const Asking& asking) {
  const std::string email = vouched_email(identity);
  if (email.empty() || account.email_verified || mailbox_of(email) != mailbox_of(account.email)) return;
  if (take_vouched_email(transaction, account.id, account.email, asking.now))
    transaction.audit().append(asking.verified);
}

struct Connecting {
  Asking asking;
  VouchedIdentity identity;
};

/// False: an old system kept the person for another account.
bool replace_imported(Transaction& transaction, const Connecting& wanted) {
  const std::optional<SocialLink> imported = find_imported(transaction.social_links(), *wanted.identity);
  if (!imported) return true;
  if (imported->account != wanted.asking.bearer.account) return false;
  transaction.social_links().erase(imported->provider, imported->subject);
  return true;
}

Result<void> connect(Transaction& transaction, const Connecting& wanted) {
  TRY(account, find_fresh_owner(transaction, wanted.asking));
  SocialLink link = link_of(*wanted.identity, account.id, wanted.asking.now);
  if (const auto known = find_link(transaction.social_links(), *wanted.identity)) {
    if (known->account != account.id) return refuse(Refusal::identity_taken);
    link.used_at = known->used_at;
    transaction.social_links().note_told(link);
    return {};
  }
  if (!replace_imported(transaction, wanted)) return refuse(Refusal::identity_taken);
  const bool is_full = transaction.social_links().list(account.id).size() >= social_links_per_account;
  if (is_full || !transaction.social_links().insert(link)) return refuse(Refusal::identity_taken);
  transaction.audit().append(wanted.asking.connected);
  verify_own_address(transaction, account, *wanted.identity, wanted.asking);
  tell(transaction, MailKind::identity_connected, transaction.accounts().find(account.id).value(), wanted.asking);
  return {};
}

struct Disconnecting {
  Asking asking;
  std::string provider;
  std::optional<std::string> subject;
};

Result<void> disconnect(Transaction& transaction, const Disconnecting& wanted) {
  TRY(account, find_fresh_owner(transaction, wanted.asking));
  TRY(ended, end_connections(transaction, account, wanted.provider, wanted.subject));
  std::ignore = ended;
  transaction.audit().append(wanted.asking.disconnected);
  tell(transaction, MailKind::identity_disconnected, account, wanted.asking);
  return {};
}

Task<Result<void>> attempt_connecting(IdentityConnection wanted, const Caller& caller, const SocialDeps& deps) {
  if (!can_be_stored(*wanted.identity)) co_return refuse(Refusal::provider_refused);
  CO_TRY(asking, co_await ask(wanted.bearer, std::move(wanted.password), wanted.identity->provider, caller, deps));
  auto write = std::make_shared<const Connecting>(std::move(asking), std::move(wanted.identity));
  co_return co_await deps.sign_in.sessions.store.write(
      [write](Transaction& transaction) { return connect(transaction, *write); }, caller.deadline);
}

Task<Result<void>> attempt_disconnecting(IdentityDisconnection wanted, const Caller& caller, const SocialDeps& deps) {
  CO_TRY(asking, co_await ask(wanted.bearer, std::move(wanted.password), wanted.provider, caller, deps));
  auto write =
      std::make_shared<const Disconnecting>(std::move(asking), std::move(wanted.provider), std::move(wanted.subject));
  co_return co_await deps.sign_in.sessions.store.write(
      [write](Transaction& transaction) { return disconnect(transaction, *write); }, caller.deadline);
}
}  // namespace

Task<std::vector<SocialLink>> list_identities(AccountId account, const Caller& caller, SocialDeps deps) {
  co_return co_await deps.sign_in.sessions.store.read(
      [account](const Transaction& transaction) {
        std::vector<SocialLink> links = transaction.social_links().list(account);
        std::erase_if(links, [](const SocialLink& link) { return link.is_imported; });
        return links;
      },
      caller.deadline);
}

Task<Result<void>> connect_identity(IdentityConnection wanted, const Caller& caller, SocialDeps deps) {
  Result<void> result = co_await attempt_connecting(std::move(wanted), caller, deps);
  deps.connections.count(result);
  co_return result;
}

Task<Result<void>> disconnect_identity(IdentityDisconnection wanted, const Caller& caller, SocialDeps deps) {
  Result<void> result = co_await attempt_disconnecting(std::move(wanted), caller, deps);
  deps.disconnections.count(result);
  co_return result;
}

}  // namespace propusk::core
