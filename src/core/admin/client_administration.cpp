// What an operator may register, and every change of it with its audit event.
#include "core/admin/client_administration.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/result.hpp"
#include "base/text.hpp"
#include "core/admin/operator_event.hpp"

namespace propusk::core {
namespace {
constexpr std::size_t name_limit = 255, drawn_id_length = 40;  // the recorded server's ids have 40 (CONTRACTS.md §3.2)
constexpr std::size_t lists_limit = 50;                        // words of each list

AuditEvent client_event(AuditAction action, const std::string& id, const Operator& by, const AdministrationDeps& deps) {
  return operator_event(action, std::nullopt, by, deps, "client=" + id);
}

/// RFC 6749 section 3.3: scope-token.
bool is_scope_word(std::string_view text) {
  return !text.empty() && text.size() <= 100 &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '\\'; });
}

/// As browsers write it (RFC 6454 section 6.2).
bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {std::string_view("https://"), std::string_view("http://")}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view(".-:[]").contains(c);
    });
  }
  return false;
}

std::string problem_of_grants(const NewClient& wanted) {
  if (wanted.grants.empty()) return "a client needs at least one grant: how it may ask for tokens";
  for (const ClientGrant grant : wanted.grants)
    if (row_of(grant).needs_secret && wanted.kind == ClientKind::open)
      return "a public client cannot use " + std::string(row_of(grant).name) + ": it has no secret to show";
  const bool asks_people = std::ranges::find(wanted.grants, ClientGrant::authorization_code) != wanted.grants.end();
  if (asks_people && wanted.redirect_uris.empty())
    return "authorization_code needs a redirect URI: where the answer goes";
  return "";
}

std::string problem_of_lists(const NewClient& wanted) {
  for (const auto* list : {&wanted.scopes, &wanted.backends, &wanted.redirect_uris, &wanted.origins})
    if (list->size() > lists_limit) return "at most " + std::to_string(lists_limit) + " of each kind can be given";
  for (const std::string& scope : wanted.scopes)
    if (!is_scope_word(scope)) return "a scope is one word of printable ASCII without quotes and backslashes: " + scope;
  for (const std::string& backend : wanted.backends)
    if (!is_scope_word(backend)) return "a backend is a name like google-oauth2: " + backend;
  for (const std::string& uri : wanted.redirect_uris)
    if (!is_redirect_uri(uri))
      return "a redirect URI is https://…, http:// on 127.0.0.1, [::1] or localhost, or an app's own scheme with a dot "
             "in it, "
             "without fragment: " +
             uri;
  for (const std::string& origin : wanted.origins)
    if (!is_origin(origin)) return "an origin is written as browsers do, https://app.example without a path: " + origin;
  return "";
}

void disable(Client& client, Instant) {
  client.state = ClientState::disabled;
  ++client.epoch;
}
void enable(Client& client, Instant) { client.state = ClientState::active; }

Task<Result<Client>> change_client(std::string id, void (*change)(Client&, Instant), AuditAction action,
                                   const Operator& by, const AdministrationDeps& deps) {
  const AuditEvent event = client_event(action, id, by, deps);
  co_return co_await deps.store.write(
      [id, change, event](Transaction& transaction) -> Result<Client> {
        std::optional<Client> client = transaction.clients().find(id);
        if (!client) return refuse(Refusal::client_unknown);
        change(*client, event.at);
        transaction.clients().update(*client);
        transaction.audit().append(event);
        return std::move(*client);
      },
      by.deadline);
}

Client client_of(NewClient wanted, const std::optional<Secret<>>& secret, Instant now) {
  return {.id = std::move(wanted.id),
          .name = std::move(wanted.name),
          .kind = wanted.kind,
          .secret = secret ? std::optional(sha256(secret->reveal())) : std::nullopt,
          .grants = std::move(wanted.grants),
          .scopes = std::move(wanted.scopes),
          .backends = std::move(wanted.backends),
          .redirect_uris = std::move(wanted.redirect_uris),
          .origins = std::move(wanted.origins),
          .skips_consent = wanted.skips_consent,
          .introspects = wanted.introspects,
          .epoch = stored(now),  // of no client that had the id before: what that one got stays dead
          .created_at = now,
          .secret_changed_at = now};
}
}  // namespace

std::string problem_of(const NewClient& wanted) {
  if (!wanted.id.empty() && !is_client_id(wanted.id))
    return "an id has 1 to 100 printable ASCII characters without colon and space";
  if (wanted.name.empty() || !is_utf8(wanted.name) || code_points(wanted.name) > name_limit)
    return "a name has 1 to 255 characters: people read it when they are asked";
  if (wanted.secret && wanted.kind == ClientKind::open) return "a public client has no secret";
  if (wanted.secret && !is_client_secret(wanted.secret->reveal()))
    return "a secret has 32 to 200 printable ASCII characters: only its SHA-256 is kept, so it must be hard to guess";
  if (std::string problem = problem_of_grants(wanted); !problem.empty()) return problem;
  return problem_of_lists(wanted);
}

Task<Result<ClientMade>> create_client(NewClient wanted, Operator by, AdministrationDeps deps) {
  if (!problem_of(wanted).empty()) co_return refuse(Refusal::client_malformed);
  if (wanted.id.empty())
    wanted.id = deps.random.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", drawn_id_length);
  std::optional<Secret<>> secret = wanted.secret;
  if (!secret && wanted.kind == ClientKind::confidential) secret = new_client_secret(deps.random);
  const AuditEvent event = client_event(AuditAction::client_created, wanted.id, by, deps);
  auto client = std::make_shared<const Client>(client_of(std::move(wanted), secret, event.at));
  CO_TRY(made, co_await deps.store.write(
                   [client, event](Transaction& transaction) -> Result<Client> {
                     if (!transaction.clients().insert(*client)) return refuse(Refusal::client_taken);
                     transaction.audit().append(event);
                     return *client;
                   },
                   by.deadline));
  co_return ClientMade{.client = std::move(made), .secret = secret.value_or(Secret<>(""))};
}

Task<std::vector<Client>> list_clients(Operator by, AdministrationDeps deps) {
  co_return co_await deps.store.read([](const Transaction& transaction) { return transaction.clients().list(); },
                                     by.deadline);
}

Task<Result<Client>> show_client(std::string id, Operator by, AdministrationDeps deps) {
  std::optional<Client> client = co_await deps.store.read(
      [id](const Transaction& transaction) { return transaction.clients().find(id); }, by.deadline);
  if (!client) co_return refuse(Refusal::client_unknown);
  co_return std::move(*client);
}

Task<Result<ClientMade>> rotate_client_secret(std::string id, Operator by, AdministrationDeps deps) {
  const Secret<> secret = new_client_secret(deps.random);
  const AuditEvent event = client_event(AuditAction::client_secret_rotated, id, by, deps);
  CO_TRY(client, co_await deps.store.write(
                     [id, event, digest = sha256(secret.reveal())](Transaction& transaction) -> Result<Client> {
                       std::optional<Client> found = transaction.clients().find(id);
                       if (!found) return refuse(Refusal::client_unknown);
                       if (found->kind == ClientKind::open) return refuse(Refusal::client_malformed);
                       found->secret = digest;
                       found->secret_changed_at = event.at;
                       transaction.clients().update(*found);
                       transaction.audit().append(event);
                       return std::move(*found);
                     },
                     by.deadline));
  co_return ClientMade{.client = std::move(client), .secret = secret};
}

Task<Result<Client>> disable_client(std::string id, Operator by, AdministrationDeps deps) {
  co_return co_await change_client(std::move(id), disable, AuditAction::client_disabled, by, deps);
}

Task<Result<Client>> enable_client(std::string id, Operator by, AdministrationDeps deps) {
  co_return co_await change_client(std::move(id), enable, AuditAction::client_enabled, by, deps);
}

Task<Result<Client>> delete_client(std::string id, Operator by, AdministrationDeps deps) {
  const AuditEvent event = client_event(AuditAction::client_deleted, id, by, deps);
  co_return co_await deps.store.write(
      [id, event](Transaction& transaction) -> Result<Client> {
        std::optional<Client> client = transaction.clients().find(id);
        if (!client) return refuse(Refusal::client_unknown);
        transaction.clients().erase(id);
        transaction.audit().append(event);
        return std::move(*client);
      },
      by.deadline);
}

}  // namespace propusk::core
