// The .sql files are embedded at compile time, so that the one binary is all there is to install.
#include "stores/migrations/all.hpp"

#include <array>

namespace propusk::sql {
namespace {
constexpr char accounts_0001[] = {
#embed "0001_accounts.sql"
    , '\0'};
constexpr char mail_0002[] = {
#embed "0002_mail.sql"
    , '\0'};
constexpr char tokens_0003[] = {
#embed "0003_tokens.sql"
    , '\0'};
constexpr char clients_0004[] = {
#embed "0004_clients.sql"
    , '\0'};
constexpr char social_0005[] = {
#embed "0005_social.sql"
    , '\0'};
constexpr char nodes_0006_sqlite[] = {
#embed "0006_nodes.sql"
    , '\0'};
constexpr char nodes_0006_postgres[] = {
#embed "0006_nodes.postgres.sql"
    , '\0'};
constexpr std::array known{Migration{"0001_accounts", Sql(accounts_0001)},
                           Migration{"0002_mail", Sql(mail_0002)},
                           Migration{"0003_tokens", Sql(tokens_0003)},
                           Migration{"0004_clients", Sql(clients_0004)},
                           Migration{"0005_social", Sql(social_0005)},
                           Migration{"0006_nodes", Sql(nodes_0006_sqlite, nodes_0006_postgres)}};
}  // namespace

std::span<const Migration> all_migrations() { return known; }

}  // namespace propusk::sql
