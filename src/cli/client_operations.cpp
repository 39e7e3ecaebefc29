// Clients as operators see them; a secret is said once, by the verb that made it.
#include "cli/client_operations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cli/wiping_storage.hpp"
#include "config/settings.hpp"
#include "core/admin/client_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;
using core::Client;
using core::ClientGrant;

json::array written(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::object written(const Client& client) {
  json::array grants;
  for (const ClientGrant grant : client.grants) grants.emplace_back(core::row_of(grant).name);
  return {
      {"id", client.id},
      {"name", client.name},
      {"kind", core::client_kind_name(client.kind)},
      {"state", core::client_state_name(client.state)},
      {"grants", std::move(grants)},
      {"scopes", written(client.scopes)},
      {"backends", written(client.backends)},
      {"redirect_uris", written(client.redirect_uris)},
      {"origins", written(client.origins)},
      {"skips_consent", client.skips_consent},
      {"introspects", client.introspects},
      {"created_at", time_text(client.created_at)},
      {"secret_changed_at", client.secret ? json::value(time_text(client.secret_changed_at)) : json::value(nullptr)}};
}

json::object written(const core::ClientMade& made) {
  json::object out(written(made.client), wiping_storage());
  if (!made.secret.reveal().empty()) out["secret"] = made.secret.reveal();
  return out;
}

std::string grant_names() {
  std::string names;
  for (const core::ClientGrantRow& row : core::client_grants) names.append(names.empty() ? "" : ", ").append(row.name);
  return names;
}

/// The grants that are named; else those that most clients of the kind are there for.
std::expected<std::vector<ClientGrant>, OperationFailure> grants_of(const json::object& request,
                                                                    core::ClientKind kind) {
  std::vector<ClientGrant> grants;
  for (const std::string& name : texts_of(request, "grants")) {
    const auto grant = core::client_grant(name);
    if (!grant)
      return std::unexpected(
          OperationFailure("malformed", "there is no grant " + name + ": write one of " + grant_names()));
    grants.push_back(*grant);
  }
  if (!grants.empty()) return grants;
  const bool is_public = kind == core::ClientKind::open;
  return std::vector{is_public ? ClientGrant::authorization_code : ClientGrant::convert_token,
                     ClientGrant::refresh_token};
}

/// The client that a request asks for; whether there can be one like that, the core says.
std::expected<core::NewClient, OperationFailure> client_in(const json::object& request) {
  core::NewClient wanted;
  wanted.id = text_of(request, "id");
  wanted.name = text_of(request, "name");
  wanted.kind = flag_of(request, "public") ? core::ClientKind::open : core::ClientKind::confidential;
  if (request.contains("secret")) wanted.secret = Secret<>(text_of(request, "secret"));
  TRY(grants, grants_of(request, wanted.kind));
  wanted.grants = std::move(grants);
  wanted.scopes = texts_of(request, "scopes");
  if (wanted.scopes.empty()) wanted.scopes = {"read", "write"};  // what drf-social-oauth2 sets up (CONTRACTS.md §3.2)
  wanted.backends = texts_of(request, "backends");
  for (const std::string& backend : wanted.backends)
    if (std::ranges::find(config::provider_names, backend) == config::provider_names.end())
      return std::unexpected(OperationFailure(
          "malformed",
          fmt::format("there is no backend {}: write one of {}", backend, fmt::join(config::provider_names, ", "))));
  wanted.redirect_uris = texts_of(request, "redirect_uris");
  wanted.origins = texts_of(request, "origins");
  wanted.skips_consent = flag_of(request, "skip_consent");
  wanted.introspects = flag_of(request, "introspect");
  return wanted;
}

using ClientVerb = Task<core::Result<Client>> (*)(std::string, core::Operator, core::AdministrationDeps);

Task<OperationOutcome> on_one(ClientVerb verb, const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(client, co_await verb(text_of(operation.request, "identifier"), operation.by, deps));
  co_return OperationResult{written(client)};
}
}  // namespace

Task<OperationOutcome> client_create(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(wanted, client_in(operation.request));
  const std::string problem = core::problem_of(wanted);
  const core::Result<core::ClientMade> made = co_await core::create_client(std::move(wanted), operation.by, deps);
  if (made) co_return OperationResult{written(*made)};
  if (made.error().why == core::Refusal::client_malformed)
    co_return std::unexpected(OperationFailure(made.error(), problem));
  co_return std::unexpected(OperationFailure(made.error()));
}

Task<OperationOutcome> client_list(const Operation& operation, core::AdministrationDeps deps) {
  json::array list;
  for (const Client& client : co_await core::list_clients(operation.by, deps)) list.push_back(written(client));
  co_return OperationResult{{{"clients", std::move(list)}}};
}

Task<OperationOutcome> client_show(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(core::show_client, operation, deps);
}

Task<OperationOutcome> client_rotate_secret(const Operation& operation, core::AdministrationDeps deps) {
  const auto made = co_await core::rotate_client_secret(text_of(operation.request, "identifier"), operation.by, deps);
  if (made) co_return OperationResult{written(*made)};
  if (made.error().why == core::Refusal::client_malformed)
    co_return std::unexpected(OperationFailure(made.error(), "a public client has no secret"));
  co_return std::unexpected(OperationFailure(made.error()));
}

Task<OperationOutcome> client_disable(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(core::disable_client, operation, deps);
}

Task<OperationOutcome> client_enable(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(core::enable_client, operation, deps);
}

Task<OperationOutcome> client_delete(const Operation& operation, core::AdministrationDeps deps) {
  return on_one(core::delete_client, operation, deps);
}

}  // namespace propusk::cli
