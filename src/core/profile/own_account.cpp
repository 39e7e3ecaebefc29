// Each answer is read under the bearer's own credential: what ended meanwhile shows nothing.
#include "core/profile/own_account.hpp"

#include <algorithm>
#include <utility>

#include "base/bug.hpp"
#include "base/result.hpp"
#include "core/profile/reauthentication.hpp"
#include "core/sessions/freshness.hpp"

namespace propusk::core {
namespace {
/// Links that still do something.
std::vector<Link> living_links(const Transaction& transaction, const Account& account, Instant now) {
  std::vector<Link> links = transaction.links().list(account.id);
  std::erase_if(links, [&](const Link& link) {
    const bool is_of_now = link.epoch == account.epoch || row_of(link.purpose).outlives_changes;
    return !is_of_now || link.used_at || link.expires_at <= now;
  });
  return links;
}

OwnAccount shown(const Transaction& transaction, const OwnedCredential& owned, Instant now) {
  const Account& account = owned.account;
  const std::vector<Link> links = living_links(transaction, account, now);
  const auto pending = std::ranges::find(links, LinkPurpose::email_change, &Link::purpose);
  return {.bearer = {account.id, owned.credential.digest, owned.credential.kind},
          .username = account.username,
          .email = account.email,
          .email_verified = account.email_verified,
          .pending_email = pending == links.end() ? "" : pending->email,
          .has_password = !account.password_hash.empty(),
          .is_fresh = is_fresh_sign_in(owned.credential, now),
          .fields = account.fields,
          .language = account.language,
          .created_at = account.created_at,
          .password_changed_at = account.password_changed_at,
          .last_sign_in_at = account.last_sign_in_at};
}

Result<OwnAccount> look(const Transaction& transaction, const Digest& digest, Instant now) {
  TRY(owned, find_owned(transaction, digest, now));
  return shown(transaction, owned, now);
}

Result<AccountExport> collect(const Transaction& transaction, const Bearer& bearer, Instant now) {
  constexpr std::size_t most_events = 10'000;  // years of a busy account, and a file that a person still opens
  TRY(owned, find_owned(transaction, bearer.credential, now));
  AccountExport data{.account = shown(transaction, owned, now),
                     .credentials = transaction.credentials().list(owned.account.id),
                     .events = transaction.audit().list(owned.account.id, most_events),
                     .links = living_links(transaction, owned.account, now),
                     .connections = transaction.social_links().list(owned.account.id),
                     .consents = transaction.grants().list_consents(owned.account.id)};
  std::erase_if(data.credentials, [&](const Credential& each) {
    return each.epoch != owned.account.epoch || !is_within_life(each, now) || !is_in_force(transaction, each.terms);
  });
  return data;
}

Result<void> note_export(Transaction& transaction, const Bearer& bearer, const AuditEvent& event) {
  TRY(owned, find_owned(transaction, bearer.credential, event.at));
  require(owned.account.id == bearer.account, "a bearer's credential is one of its account");
  transaction.audit().append(event);
  return {};
}
}  // namespace

Task<Result<OwnAccount>> find_own_account(Digest digest, CredentialKind kind, const Caller& caller, SessionDeps deps) {
  if (const auto live = co_await find_live_session(digest, kind, caller, deps); !live)
    co_return std::unexpected(live.error());
  co_return co_await deps.store.read(
      [digest, now = deps.clock.now()](const Transaction& transaction) { return look(transaction, digest, now); },
      caller.deadline);
}

Task<Result<std::vector<AuditEvent>>> list_own_events(Bearer bearer, std::size_t limit, const Caller& caller,
                                                      SessionDeps deps) {
  co_return co_await deps.store.read(
      [bearer, limit, now = deps.clock.now()](const Transaction& transaction) -> Result<std::vector<AuditEvent>> {
        TRY(owned, find_owned(transaction, bearer.credential, now));
        return transaction.audit().list(owned.account.id, limit);
      },
      caller.deadline);
}

Task<Result<AccountExport>> export_own_data(Bearer bearer, Secret<> current, const Caller& caller, ProfileDeps deps) {
  if (auto allowed = co_await deps.outbox.limits.begin_change(bearer.account, caller.deadline); !allowed)
    co_return std::unexpected(allowed.error());
  const Instant now = deps.outbox.clock.now();
  CO_TRY(account,
         co_await deps.outbox.store.read(
             [bearer, now](const Transaction& transaction) { return look(transaction, bearer.credential, now); },
             caller.deadline));
  if (!account.is_fresh) {
    if (const auto again = co_await reauthenticate(bearer, current, caller, deps); !again)
      co_return std::unexpected(again.error());
  }
  const AuditEvent event{.id = new_audit_id(deps.outbox.random),
                         .at = now,
                         .action = AuditAction::data_exported,
                         .account = bearer.account,
                         .actor = "client " + caller.address.to_string(),
                         .detail = ""};
  const Result<void> noted = co_await deps.outbox.store.write(
      [bearer, event](Transaction& transaction) { return note_export(transaction, bearer, event); }, caller.deadline);
  if (!noted) co_return std::unexpected(noted.error());
  co_return co_await deps.outbox.store.read(
      [bearer, now](const Transaction& transaction) { return collect(transaction, bearer, now); }, caller.deadline);
}

}  // namespace propusk::core
