// The identity was vouched for before; here no network is asked any more.
#include "core/social/provider_sign_in.hpp"

#include <memory>
#include <utility>

#include "base/result.hpp"
#include "core/social/identity_owner.hpp"
#include "core/social/provider_factor.hpp"
#include "core/social/told.hpp"

namespace propusk::core {
namespace {
struct Write {
  Recognition recognition;
  SignInCompletion completion;
};

/// Names follow the provider, and are never emptied by one that tells none.
void refresh_names(Transaction& transaction, const Recognised& recognised, const ProviderIdentity& identity) {
  const auto refresh = [&](ProfileField field, const std::string& told_name) {
    const auto index = static_cast<std::size_t>(field);
    const std::string told = told_text(told_name, profile_fields.at(index).limit);
    if (!told.empty() && told != recognised.account.fields.at(index))
      transaction.accounts().set_profile_field(recognised.account.id, field, told);
  };
  refresh(ProfileField::first_name, identity.first_name);
  refresh(ProfileField::last_name, identity.last_name);
}

void note_use(Transaction& transaction, const Recognised& recognised, const ProviderIdentity& identity, Instant now) {
  SocialLink told = link_of(identity, recognised.account.id, now);
  told.used_at = now;
  transaction.social_links().note_told(told);
}

Result<SignedIn> sign_in(Transaction& transaction, const Write& wanted) {
  TRY(recognised, ProviderFactor::recognise(transaction, wanted.recognition));
  TRY(grant, admit(transaction, recognised.proof));
  note_use(transaction, recognised, *wanted.recognition.identity, wanted.completion.event.at);
  refresh_names(transaction, recognised, *wanted.recognition.identity);
  const bool is_known = is_known_device(transaction.credentials(), recognised.account.id, wanted.completion.device);
  TRY(signed_in, complete_sign_in(grant, recognised.account, is_known, wanted.completion));
  signed_in.made_account = recognised.is_new;
  return std::move(signed_in);
}

/// New people are rationed as registrations are, others by their account.
Task<Result<void>> take_place(ProviderIdentity identity, const Caller& caller, const SocialDeps& deps) {
  const std::optional<AccountId> owner = co_await deps.sign_in.sessions.store.read(
      [identity](const Transaction& transaction) -> std::optional<AccountId> {
        const SocialLinkStore& links = transaction.social_links();
        if (const auto link = find_link(links, identity)) return link->account;
        if (const auto imported = find_imported(links, identity)) return imported->account;
        return std::nullopt;
      },
      caller.deadline);
  Limits& limits = deps.sign_in.sessions.limits;
  if (owner) co_return co_await limits.begin_vouched_sign_in(*owner, caller.address, caller.deadline);
  co_return co_await limits.begin_registration(caller.address, caller.deadline);
}

std::shared_ptr<const Write> prepare(ProviderAttempt attempt, const Caller& caller, const SocialDeps& deps) {
  const SessionDeps& sessions = deps.sign_in.sessions;
  const Instant now = sessions.clock.now();
  const std::string client = caller.address.to_string();
  const auto event = [&] {
    return AuditEvent{
        .id = new_audit_id(sessions.random),
        .at = now,
        .action = AuditAction::signed_in,
        .account = {},
        .actor = "client " + client,
        .detail = "dialect=" + std::string(deps.sign_in.dialect) + " provider=" + attempt.identity->provider};
  };
  SignInCompletion completion{.draft = std::move(attempt.draft),
                              .presented = attempt.presented,
                              .replaces_presented = attempt.replaces_presented,
                              .event = event(),
                              .device = device_of(caller),
                              .client = client,
                              .desk = open_desk(deps.sign_in.outbox)};
  AuditEvent beside = event(), second = event();
  std::string label(label_of(attempt.identity->provider, deps.gateway.offered()));
  Recognition recognition{.identity = std::move(attempt.identity),
                          .new_person = draw_new_person(attempt.language, now, sessions.random),
                          .event = std::move(beside),
                          .second = std::move(second),
                          .desk = open_desk(deps.sign_in.outbox),
                          .label = std::move(label),
                          .client = client,
                          .device = caller.user_agent,
                          .links_by_mailbox = deps.links_by_mailbox};
  return std::make_shared<const Write>(std::move(recognition), std::move(completion));
}

/// Two first sign-ins of one person at once: the second finds what the first made.
bool lost_race(const Result<SignedIn>& signed_in) {
  return !signed_in && signed_in.error().why == Refusal::identity_taken;
}

Task<Result<SignedIn>> attempt_sign_in(ProviderAttempt attempt, const Caller& caller, const SocialDeps& deps) {
  if (!can_be_stored(*attempt.identity)) co_return refuse(Refusal::provider_refused);
  if (auto allowed = co_await take_place(*attempt.identity, caller, deps); !allowed)
    co_return std::unexpected(allowed.error());
  const auto wanted = prepare(std::move(attempt), caller, deps);
  for (int tries = 2;; --tries) {
    Result<SignedIn> signed_in = co_await deps.sign_in.sessions.store.write(
        [wanted](Transaction& transaction) { return sign_in(transaction, *wanted); }, caller.deadline);
    if (!lost_race(signed_in) || tries == 1) co_return signed_in;
  }
}
}  // namespace

Task<Result<SignedIn>> sign_in_with_provider(ProviderAttempt attempt, const Caller& caller, SocialDeps deps) {
  Result<SignedIn> result = co_await attempt_sign_in(std::move(attempt), caller, deps);
  deps.provider_sign_ins.count(result);
  co_return result;
}

Refusal refusal_of(ProviderFailure failure) {
  switch (failure) {
    case ProviderFailure::not_offered: return Refusal::provider_unknown;
    case ProviderFailure::access_revoked: return Refusal::provider_revoked;
    case ProviderFailure::token_refused:
    case ProviderFailure::foreign_token: return Refusal::provider_refused;
    case ProviderFailure::unreachable:
    case ProviderFailure::unintelligible: return Refusal::provider_failed;
  }
  return Refusal::provider_failed;
}

}  // namespace propusk::core
