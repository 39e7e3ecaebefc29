// Keys are spread, so that no order but that of the keys is right by chance.
#include "stores/copy/testing/filled_store.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "base/encoding.hpp"
#include "stores/migrations/all.hpp"

namespace propusk::copy::testing {
namespace {
/// The bytes of a digest that text stands for.
Digest digest_of(std::string_view text) { return sha256(text); }

void put_account(Side& side, std::int64_t id) {
  const std::string name = "user" + std::to_string(id);
  const sql::Value last_sign_in = id % 2 == 0 ? sql::Value(std::int64_t{-5}) : sql::Value(nullptr);
  const sql::Value pending = id % 3 == 0 ? sql::Value(std::int64_t{99}) : sql::Value(nullptr);
  put(side, "accounts",
      {id,
       name,
       name,
       "",
       "",
       std::int64_t{0},
       "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
       "active",
       id % 7 + 1,
       std::int64_t{INT64_MAX},
       std::int64_t{11},
       last_sign_in,
       std::int64_t{0},
       nullptr,
       std::int64_t{0},
       "ru",
       pending,
       "Анна 'O\\\"\n\t",
       "\\N",
       "",
       "+7 900",
       std::int64_t{1},
       std::int64_t{0}});
  const Digest digest = digest_of(name);
  const std::span<const std::byte> key(digest.bytes);
  put(side, "credentials",
      {key, "browser_session", id, std::int64_t{1}, "203.0.113.7", "curl", std::int64_t{1}, std::int64_t{2},
       std::int64_t{3}, std::int64_t{0}, nullptr, std::int64_t{0}, "",
       id % 2 == 0 ? sql::Value(key) : sql::Value(nullptr)});
}

void put_others(Side& side) {
  const Digest first = digest_of("user1000003"), code = digest_of("code"), link = digest_of("link");
  const std::array<std::byte, 16> successor{};
  const std::int64_t account = 1'000'003;
  put(side, "clients",
      {"app", "Album", "public", nullptr, "refresh_token", "read write", "", "https://a.example/cb", "",
       std::int64_t{0}, std::int64_t{1}, "active", std::int64_t{3}, std::int64_t{10}, std::int64_t{10}});
  put(side, "refresh_chains",
      {std::span<const std::byte>(first.bytes), std::span<const std::byte>(code.bytes), nullptr,
       std::span<const std::byte>(successor), std::int64_t{35}, std::int64_t{5}});
  put(side, "links",
      {std::span<const std::byte>(link.bytes), "recovery", account, std::int64_t{1}, "ann@example.org", std::int64_t{1},
       std::int64_t{2}, nullptr});
  put(side, "authorization_codes",
      {std::span<const std::byte>(code.bytes), "app", std::int64_t{3}, account, std::int64_t{1}, "https://a.example/cb",
       "read", "challenge", std::int64_t{1}, std::int64_t{2}, std::int64_t{3},
       std::span<const std::byte>(first.bytes)});
  put(side, "consents", {account, "app", "read", std::int64_t{50}});
  put(side, "client_tokens",
      {std::span<const std::byte>(link.bytes), "app", std::int64_t{3}, "read", std::int64_t{1}, std::int64_t{2}});
  put(side, "signing_keys",
      {"kid", "ES256", std::span<const std::byte>(successor), std::int64_t{1}, std::int64_t{2}, nullptr});
  for (const char* provider : {"github", "google-oauth2"})
    put(side, "social_links", {provider, "117", account, std::int64_t{0}, "Ann", "", std::int64_t{1}, nullptr});
  for (const std::int64_t id : {5, 6})
    put(side, "mails",
        {id,
         "recovery",
         id == 5 ? "queued" : "sent",
         "ann@example.org",
         "ann@example.org",
         "example.org",
         "en",
         account,
         std::int64_t{1},
         "",
         "",
         "",
         std::int64_t{100},
         std::int64_t{200},
         std::int64_t{9'999},
         std::int64_t{1},
         id == 5 ? sql::Value(std::int64_t{7}) : sql::Value(nullptr),
         id == 5 ? sql::Value(nullptr) : sql::Value(std::int64_t{8}),
         "later",
         "",
         std::int64_t{3}});
  put(side, "mail_requests", {std::int64_t{41}, "recovery", "ann@example.org", "en", std::int64_t{1}});
  for (const std::int64_t id : {2, 1})  // of the same moment
    put(side, "audit_events", {std::int64_t{77}, id, "signed_in", account, "client 203.0.113.7", "dialect=mobile"});
}
}  // namespace

const Table& table(std::string_view name) {
  const auto found = std::ranges::find(tables(), name, &Table::name);
  if (found == tables().end()) throw std::runtime_error("no table " + std::string(name));
  return *found;
}

void put(Side& side, std::string_view name, std::initializer_list<sql::Value> row) {
  if (row.size() != table(name).columns.size()) throw std::runtime_error("not a row of " + std::string(name));
  table(name).insert(side.connection(), {row.begin(), row.size()});
}

void fill(Side& side, int accounts, const Clock& clock) {
  side.be_patient();
  sql::migrate(side.connection(), sql::all_migrations(), clock.now());
  side.connection().begin_write();
  for (int i = accounts; i > 0; --i) put_account(side, 1'000'003LL * i % 2'147'483'647LL);
  put_others(side);
  side.connection().commit();
}

std::int64_t rows_of(Side& side, std::string_view name) { return number(side, table(name).count); }

std::int64_t number(Side& side, sql::Sql question) {
  side.be_patient();
  auto rows = side.connection().query(question, {});
  return rows.next() ? rows.row().integer(0) : -1;
}

}  // namespace propusk::copy::testing
