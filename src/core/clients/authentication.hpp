// Client authentication: which registered client asks (RFC 6749 section 2.3), from memory, in constant time.
#pragma once
#include <string>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/clients/client.hpp"
#include "core/clients/directory.hpp"
#include "core/store.hpp"

namespace propusk::core {

struct ClientDeps {
  Store& store;
  ClientDirectory& directory;
};

/// Reads all clients into memory, unless one changes meanwhile: then the next caller tries again.
Task<void> load_clients(Deadline deadline, ClientDeps deps);

/// What a client shows of itself.
struct ClientPresented {
  std::string id;
  Secret<> secret;  ///< "" if none was shown
};

/// Whether a secret is the client's own; a public client shows none.
bool is_secret_of(const Client& client, const Secret<>& secret);

/// An active client by its id, from memory; the store is read when memory is not complete. Refuses client_unknown.
Task<Result<SharedClient>> find_client(std::string id, const Caller& caller, ClientDeps deps);

/// The client that shows itself. Refuses client_unknown (also disabled ones) and client_refused: dialects tell both
/// alike.
Task<Result<SharedClient>> authenticate_client(ClientPresented presented, const Caller& caller, ClientDeps deps);

}  // namespace propusk::core
