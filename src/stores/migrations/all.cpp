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
constexpr std::array known{Migration{"0001_accounts", Sql(accounts_0001)}, Migration{"0002_mail", Sql(mail_0002)},
                           Migration{"0003_tokens", Sql(tokens_0003)}};
}  // namespace

std::span<const Migration> all_migrations() { return known; }

}  // namespace propusk::sql
