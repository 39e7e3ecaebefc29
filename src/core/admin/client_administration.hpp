// Client administration: operators register clients, look at them, and end them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/admin/administration.hpp"
#include "core/clients/client.hpp"

namespace propusk::core {

/// What an operator asks for.
struct NewClient {
  std::string id;    ///< "": 40 letters and digits are drawn
  std::string name;  ///< 1 to 255 characters
  ClientKind kind{};
  std::optional<Secret<>> secret{};  ///< of a confidential client; nothing: one is drawn
  std::vector<ClientGrant> grants;
  std::vector<std::string> scopes;
  std::vector<std::string> backends;
  std::vector<std::string> redirect_uris;
  std::vector<std::string> origins;
  bool skips_consent = false;
  bool introspects = false;
};
/// What is wrong with it, as a sentence for the operator; "" if nothing.
std::string problem_of(const NewClient& wanted);

/// A client with the secret that nobody can read again.
struct ClientMade {
  Client client;
  Secret<> secret;  ///< "" of a public client
};

/// Refuses client_malformed (problem_of() says why) and client_taken.
Task<Result<ClientMade>> create_client(NewClient wanted, Operator by, AdministrationDeps deps);
Task<std::vector<Client>> list_clients(Operator by, AdministrationDeps deps);            ///< by id
Task<Result<Client>> show_client(std::string id, Operator by, AdministrationDeps deps);  ///< refuses client_unknown
/// The secret before works no more; tokens live on. Refuses client_unknown, and client_malformed for a public client.
Task<Result<ClientMade>> rotate_client_secret(std::string id, Operator by, AdministrationDeps deps);
/// Everything that the client got ends at once, and does not come back. Refuses client_unknown.
Task<Result<Client>> disable_client(std::string id, Operator by, AdministrationDeps deps);
Task<Result<Client>> enable_client(std::string id, Operator by, AdministrationDeps deps);
/// The same, for ever. Refuses client_unknown.
Task<Result<Client>> delete_client(std::string id, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
