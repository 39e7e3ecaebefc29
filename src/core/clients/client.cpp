// What a client may be, may ask for, and where its answers may go.
#include "core/clients/client.hpp"

#include <algorithm>
#include <ranges>

#include "base/encoding.hpp"
#include "base/words.hpp"

namespace propusk::core {
namespace {
bool contains(const auto& range, const auto& value) { return std::ranges::find(range, value) != range.end(); }

bool is_printable(char c) { return c > ' ' && c <= '~'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What of a URI decides where an answer goes.
struct Uri {
  std::string_view scheme;
  std::optional<std::string_view> authority;  ///< nothing without `//`
  std::string_view rest;
};

std::optional<Uri> taken_apart(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Uri uri{.scheme = text.substr(0, colon), .authority = {}, .rest = text.substr(colon + 1)};
  if (!uri.rest.starts_with("//")) return uri;
  uri.rest.remove_prefix(2);
  const std::size_t end = std::min(uri.rest.find_first_of("/?"), uri.rest.size());
  uri.authority = uri.rest.substr(0, end);
  uri.rest.remove_prefix(end);
  return uri;
}

/// A scheme that no other app takes by accident: reversed domains have a dot (RFC 8252 section 7.1).
bool is_own_scheme(std::string_view scheme) {
  return !scheme.empty() && is_letter(scheme.front()) && scheme.contains('.') &&
         std::ranges::all_of(scheme,
                             [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
         std::stoi(std::string(text)) <= 65'535;
}

/// A host with or without a port; no user.
bool is_authority(std::string_view text) {
  std::string_view host = text.substr(0, text.starts_with('[') ? text.find(']') + 1 : text.find(':'));
  const std::string_view port = text.substr(host.size());
  const auto is_of_host = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; };
  const auto is_of_address = [](char c) { return std::string_view("0123456789abcdefABCDEF:.").contains(c); };
  const bool is_host = host.starts_with('[') ? host.ends_with(']') && host.size() > 3 &&
                                                   std::ranges::all_of(host.substr(1, host.size() - 2), is_of_address)
                                             : !host.empty() && std::ranges::all_of(host, is_of_host);
  return is_host && (port.empty() || (port.front() == ':' && is_port(port.substr(1))));
}

/// The loopback address that an authority names as a number; only these have no port of their own.
std::optional<std::string_view> loopback_literal(std::string_view authority) {
  for (const std::string_view host : {std::string_view("127.0.0.1"), std::string_view("[::1]")})
    if (authority == host || (authority.starts_with(host) && authority[host.size()] == ':')) return host;
  return std::nullopt;
}

bool is_on_this_machine(std::string_view authority) {
  return loopback_literal(authority) || authority == "localhost" || authority.starts_with("localhost:");
}

/// The words of `known` that are among `asked`, or all for none; nothing if one is asked that is not known.
template <class Known>
std::optional<std::string> in_order_of(const Known& known, std::string_view asked) {
  const std::vector<std::string_view> wanted = words_of(asked);
  for (const std::string_view word : wanted)
    if (!contains(known, word)) return std::nullopt;
  std::string out;
  for (const std::string_view word : known)
    if (wanted.empty() || contains(wanted, word)) out.append(out.empty() ? "" : " ").append(word);
  return out;
}
}  // namespace

std::string_view client_kind_name(ClientKind kind) {
  switch (kind) {
    case ClientKind::confidential: return "confidential";
    case ClientKind::open: return "public";
  }
  return "";
}

std::optional<ClientKind> client_kind(std::string_view name) {
  for (const ClientKind kind : {ClientKind::confidential, ClientKind::open})
    if (client_kind_name(kind) == name) return kind;
  return std::nullopt;
}

std::string_view client_state_name(ClientState state) {
  switch (state) {
    case ClientState::active: return "active";
    case ClientState::disabled: return "disabled";
  }
  return "";
}

std::optional<ClientState> client_state(std::string_view name) {
  for (const ClientState state : {ClientState::active, ClientState::disabled})
    if (client_state_name(state) == name) return state;
  return std::nullopt;
}

std::optional<ClientGrant> client_grant(std::string_view name) {
  const auto* row = std::ranges::find(client_grants, name, &ClientGrantRow::name);
  return row == client_grants.end() ? std::nullopt : std::optional(row->grant);
}

bool may(const Client& client, ClientGrant grant) {
  return contains(client.grants, grant) && (!row_of(grant).needs_secret || client.kind == ClientKind::confidential);
}

bool is_own_app(const Client& client) {
  return client.skips_consent || may(client, ClientGrant::convert_token) || may(client, ClientGrant::password);
}

Result<std::string> granted_scope(const Client& client, std::string_view asked) {
  std::optional<std::string> scope = in_order_of(client.scopes, asked);
  if (!scope) return refuse(Refusal::scope_refused);
  return std::move(*scope);
}
Result<std::string> narrowed_scope(std::string_view held, std::string_view asked) {
  std::optional<std::string> scope = in_order_of(words_of(held), asked);
  if (!scope) return refuse(Refusal::scope_refused);
  return std::move(*scope);
}

bool permits(const CredentialTerms* terms, Access access) {
  if (!terms) return true;
  const std::string_view wanted = access == Access::read ? "read" : "write";
  return contains(words_of(terms->scope), wanted);
}

bool is_client_id(std::string_view text) {
  return !text.empty() && text.size() <= 100 &&
         std::ranges::all_of(text, [](char c) { return is_printable(c) && c != ':'; });
}

bool is_client_secret(std::string_view text) {
  return text.size() >= 32 && text.size() <= 200 && std::ranges::all_of(text, is_printable);
}

Secret<> new_client_secret(Random& random) { return Secret<>(to_base64url(random.bytes<32>())); }

bool is_redirect_uri(std::string_view text) {
  if (text.size() > 2'000 || !std::ranges::all_of(text, is_printable)) return false;
  if (text.find_first_of("#\\\"<>^`{|}") != std::string_view::npos) return false;
  const std::optional<Uri> uri = taken_apart(text);
  if (!uri) return false;
  if (uri->scheme == "https") return uri->authority && is_authority(*uri->authority);
  if (uri->scheme == "http")
    return uri->authority && is_authority(*uri->authority) && is_on_this_machine(*uri->authority);
  const bool leads_somewhere = uri->authority ? !uri->authority->contains('@') : !uri->rest.empty();
  return is_own_scheme(uri->scheme) && leads_somewhere;
}

bool is_same_redirect(std::string_view registered, std::string_view asked) {
  if (registered == asked) return true;
  const std::optional<Uri> ours = taken_apart(registered), theirs = taken_apart(asked);
  if (!ours || !theirs || ours->scheme != "http" || theirs->scheme != "http" || ours->rest != theirs->rest)
    return false;
  if (!ours->authority || !theirs->authority || !is_authority(*theirs->authority)) return false;
  const auto our_host = loopback_literal(*ours->authority), their_host = loopback_literal(*theirs->authority);
  return our_host && our_host == their_host;
}

const std::string* find_redirect_uri(const Client& client, std::string_view asked) {
  if (asked.empty()) return client.redirect_uris.size() == 1 ? &client.redirect_uris.front() : nullptr;
  const auto found =
      std::ranges::find_if(client.redirect_uris, [&](const std::string& own) { return is_same_redirect(own, asked); });
  return found == client.redirect_uris.end() ? nullptr : &*found;
}

}  // namespace propusk::core
