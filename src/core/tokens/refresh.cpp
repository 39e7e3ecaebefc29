// The successor of a used token is kept sealed by that token, so that who presents it again can be told the same one,
// and a stolen database tells nobody.
#include "core/tokens/refresh.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/encoding.hpp"
#include "base/result.hpp"

namespace propusk::core {
namespace {
using TokenIdBytes = std::array<std::byte, 16>;

/// XOR with a pad that only the holder of the token id before can make. Its own inverse; each pad is used once.
TokenIdBytes sealed(const TokenIdBytes& bytes, const Secret<>& by_token_id) {
  const Digest pad = sha256("successor of " + by_token_id.reveal());
  TokenIdBytes out{};
  std::ranges::transform(bytes, std::span(pad.bytes).first<16>(), out.begin(),
                         [](std::byte a, std::byte b) { return a ^ b; });
  return out;
}

constexpr std::size_t opaque_length = 15;

/// As bytes to be sealed: an opaque id with a zero behind it, or what the hex digits mean.
std::optional<TokenIdBytes> bytes_of(const Secret<>& token_id) {
  if (token_id.reveal().size() == opaque_length) {
    TokenIdBytes bytes{};
    std::ranges::copy(std::as_bytes(std::span(token_id.reveal())), bytes.begin());
    return bytes;
  }
  const auto decoded = from_hex(token_id.reveal());
  if (!decoded || decoded->size() != std::tuple_size_v<TokenIdBytes>) return std::nullopt;
  TokenIdBytes bytes{};
  std::ranges::copy(*decoded, bytes.begin());
  return bytes;
}

bool is_opaque(const RefreshPresented& presented) { return presented.client != nullptr; }

Secret<> token_id_of(const TokenIdBytes& bytes, const RefreshPresented& presented) {
  if (is_opaque(presented)) return Secret<>(std::string(reinterpret_cast<const char*>(bytes.data()), opaque_length));
  return Secret<>(to_hex(bytes));
}

/// What presenting a token means.
enum class Use : std::uint8_t { next, again, reused };

Use use_of(const RefreshChain& chain, const Digest& token, Instant now) {
  if (token == chain.current) return Use::next;
  if (!chain.previous || token != *chain.previous) return Use::reused;
  const bool is_first = chain.rotations == 1;  // nobody has ever used what came after it
  return is_first || now - chain.rotated_at <= lost_answer_grace ? Use::again : Use::reused;
}

/// A refresh, as its write needs it.
struct Exchange {
  RefreshPresented presented;
  Secret<> next_token_id;
  CredentialLife life;
  AuditEvent reuse;
  Instant now{};
};

/// What became of it: tokens, or the end of the chain, which is written although the client is refused.
struct Exchanged {
  std::optional<Refreshed> refreshed;
};

/// The access token that goes with the answer, and its scope; nothing where a signature makes it.
Result<std::string> issue(Transaction& transaction, const Exchange& wanted, const Credential& sign_in) {
  if (!wanted.presented.access) return std::string();
  TRY(scope, narrowed_scope(sign_in.terms.value().scope, wanted.presented.scope));
  issue_access(transaction, sign_in, *wanted.presented.access, scope, wanted.now);
  return std::move(scope);
}

Result<Refreshed> rotate(Transaction& transaction, const Exchange& wanted, const OwnedCredential& owned,
                         RefreshChain chain) {
  Credential credential = owned.credential;
  chain.previous = chain.current;
  chain.current = sha256(wanted.next_token_id.reveal());
  chain.successor = sealed(bytes_of(wanted.next_token_id).value(), wanted.presented.token_id);
  chain.rotated_at = wanted.now;
  ++chain.rotations;
  transaction.credentials().put_chain(chain);
  credential.expires_at =
      std::min<Instant>(wanted.now + wanted.life.lifetime, credential.created_at + wanted.life.longest);
  transaction.credentials().extend(credential.digest, credential.expires_at);
  transaction.credentials().note_seen(credential.digest, wanted.now);
  transaction.credentials().keep_newest_under(credential.digest, 0);
  TRY(scope, issue(transaction, wanted, credential));
  return Refreshed{.account = owned.account.id,
                   .next_token_id = wanted.next_token_id,
                   .expires_at = credential.expires_at,
                   .scope = std::move(scope)};
}

/// The answer was lost: the same next token again, and another access token beside those of before.
Result<Refreshed> repeat(Transaction& transaction, const Exchange& wanted, const OwnedCredential& owned,
                         const RefreshChain& chain) {
  TRY(scope, issue(transaction, wanted, owned.credential));
  transaction.credentials().keep_newest_under(owned.credential.digest, access_tokens_of_a_lost_answer);
  return Refreshed{.account = owned.account.id,
                   .next_token_id = token_id_of(sealed(chain.successor, wanted.presented.token_id), wanted.presented),
                   .expires_at = owned.credential.expires_at,
                   .scope = std::move(scope)};
}

/// Whether a sign-in is of the kind that the token says, and the client's own.
bool is_presented_rightly(const Credential& sign_in, const RefreshPresented& presented) {
  if (!is_opaque(presented)) return sign_in.kind == CredentialKind::jwt_refresh;
  return sign_in.kind == CredentialKind::oauth_refresh && sign_in.terms &&
         sign_in.terms->client == presented.client->id;
}

Result<std::pair<OwnedCredential, RefreshChain>> find_refreshable(const Transaction& transaction,
                                                                  const RefreshPresented& presented, Instant now) {
  TRY(owned, find_owned(transaction, presented.credential, now));
  if (!is_presented_rightly(owned.credential, presented)) return refuse(Refusal::not_signed_in);
  std::optional<RefreshChain> chain = transaction.credentials().find_chain(presented.credential);
  if (!chain) return refuse(Refusal::not_signed_in);
  return std::pair(std::move(owned), *chain);
}

Result<Exchanged> exchange(Transaction& transaction, const Exchange& wanted) {
  TRY(found, find_refreshable(transaction, wanted.presented, wanted.now));
  auto& [owned, chain] = found;
  switch (use_of(chain, sha256(wanted.presented.token_id.reveal()), wanted.now)) {
    case Use::next: {
      TRY(refreshed, rotate(transaction, wanted, owned, chain));
      return Exchanged{std::move(refreshed)};
    }
    case Use::again: {
      TRY(refreshed, repeat(transaction, wanted, owned, chain));
      return Exchanged{std::move(refreshed)};
    }
    case Use::reused: {
      transaction.credentials().erase(wanted.presented.credential);
      AuditEvent event = wanted.reuse;
      event.account = owned.account.id;
      transaction.audit().append(event);
      return Exchanged{};
    }
  }
  return refuse(Refusal::not_signed_in);
}

/// What presenting the token would mean now. A sign-in that has ended, and is in memory, costs no read.
Task<Result<Use>> look_at_use(const RefreshPresented& presented, const Caller& caller, const SessionDeps& deps) {
  CO_TRY(live, co_await find_live_session(
                   presented.credential,
                   is_opaque(presented) ? CredentialKind::oauth_refresh : CredentialKind::jwt_refresh, caller, deps));
  std::ignore = live;
  co_return co_await deps.store.read(
      [presented = std::make_shared<const RefreshPresented>(presented),
       now = deps.clock.now()](const Transaction& transaction) -> Result<Use> {
        TRY(found, find_refreshable(transaction, *presented, now));
        return use_of(found.second, sha256(presented->token_id.reveal()), now);
      },
      caller.deadline);
}

/// So many writes a sign-in, but for the last one: a token that was used ends it, whoever has used up the places.
Task<Result<void>> admit_refresh(const RefreshPresented& presented, const Caller& caller, const SessionDeps& deps) {
  CO_TRY(use, co_await look_at_use(presented, caller, deps));
  if (use == Use::reused) co_return Result<void>{};
  co_return co_await deps.limits.begin_refresh(presented.credential, caller.deadline);
}

Task<Result<Refreshed>> attempt_refresh(RefreshPresented presented, const Caller& caller, const RefreshDeps& deps) {
  if (!bytes_of(presented.token_id) || is_opaque(presented) != (presented.token_id.reveal().size() == opaque_length))
    co_return refuse(Refusal::not_signed_in);
  if (auto allowed = co_await admit_refresh(presented, caller, deps.sessions); !allowed)
    co_return std::unexpected(allowed.error());
  Secret<> next = is_opaque(presented) ? new_opaque_token_id(deps.sessions.random) : new_token_id(deps.sessions.random);
  auto wanted = std::make_shared<const Exchange>(std::move(presented), std::move(next), deps.life,
                                                 AuditEvent{.id = new_audit_id(deps.sessions.random),
                                                            .at = deps.sessions.clock.now(),
                                                            .action = AuditAction::refresh_reused,
                                                            .account = {},
                                                            .actor = "client " + caller.address.to_string(),
                                                            .detail = ""},
                                                 deps.sessions.clock.now());
  CO_TRY(exchanged,
         co_await deps.sessions.store.write(
             [wanted](Transaction& transaction) { return exchange(transaction, *wanted); }, caller.deadline));
  if (!exchanged.refreshed) co_return refuse(Refusal::not_signed_in);
  co_return std::move(*exchanged.refreshed);
}
}  // namespace

Secret<> new_token_id(Random& random) { return Secret<>(to_hex(random.bytes<std::tuple_size_v<TokenIdBytes>>())); }

Secret<> new_opaque_token_id(Random& random) {
  return Secret<>(random.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", opaque_length));
}

Task<Result<Refreshed>> refresh_tokens(RefreshPresented presented, const Caller& caller, RefreshDeps deps) {
  Result<Refreshed> result = co_await attempt_refresh(std::move(presented), caller, deps);
  deps.refreshes.count(result);
  co_return result;
}

Task<Result<void>> look_at_refresh_token(RefreshPresented presented, const Caller& caller, RefreshDeps deps) {
  CO_TRY(use, co_await look_at_use(presented, caller, deps.sessions));
  co_return use == Use::reused ? Result<void>(refuse(Refusal::not_signed_in)) : Result<void>();
}

Task<Result<void>> end_all_tokens(AccountId account, const Caller& caller, SessionDeps deps) {
  const AuditEvent event{.id = new_audit_id(deps.random),
                         .at = deps.clock.now(),
                         .action = AuditAction::tokens_ended,
                         .account = account,
                         .actor = "client " + caller.address.to_string(),
                         .detail = ""};
  co_return co_await deps.store.write(
      [account, event](Transaction& transaction) -> Result<void> {
        for (const CredentialKindRow& row : credential_kinds)
          if (family_of(row.kind) == CredentialFamily::token)
            transaction.credentials().keep_newest(account, row.kind, 0);
        transaction.audit().append(event);
        return {};
      },
      caller.deadline);
}

}  // namespace propusk::core
