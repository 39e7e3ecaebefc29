// The only place where a client's secret is compared.
#include "core/clients/authentication.hpp"

#include <utility>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace propusk::core {

Task<void> load_clients(Deadline deadline, ClientDeps deps) {
  const std::uint64_t ticket = deps.directory.ticket();
  std::vector<Client> clients =
      co_await deps.store.read([](const Transaction& transaction) { return transaction.clients().list(); }, deadline);
  deps.directory.load(ticket, std::move(clients));
}

namespace {
Task<SharedClient> find_in_store(std::string id, Deadline deadline, Store& store) {
  std::optional<Client> client =
      co_await store.read([id](const Transaction& transaction) { return transaction.clients().find(id); }, deadline);
  co_return client ? std::make_shared<const Client>(*std::move(client)) : nullptr;
}
}  // namespace

Task<Result<SharedClient>> find_client(std::string id, const Caller& caller, ClientDeps deps) {
  bool was_complete = deps.directory.is_complete();  // asked before the look, lest somebody loads between the two
  SharedClient client = deps.directory.find(id);
  while (!client && !was_complete) {
    if (deps.directory.is_doubted()) {
      client = co_await find_in_store(id, caller.deadline, deps.store);
      break;
    }
    co_await load_clients(caller.deadline, deps);
    was_complete = deps.directory.is_complete();
    client = deps.directory.find(id);
  }
  if (!client || client->state != ClientState::active) co_return refuse(Refusal::client_unknown);
  co_return client;
}

bool is_secret_of(const Client& client, const Secret<>& secret) {
  if (client.kind == ClientKind::open) return secret.reveal().empty();
  return client.secret && is_same(*client.secret, sha256(secret.reveal()));
}

Task<Result<SharedClient>> authenticate_client(ClientPresented presented, const Caller& caller, ClientDeps deps) {
  CO_TRY(client, co_await find_client(std::move(presented.id), caller, deps));
  if (!is_secret_of(*client, presented.secret)) co_return refuse(Refusal::client_refused);
  co_return client;
}

}  // namespace propusk::core
