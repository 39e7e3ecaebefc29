// Lists go as array literals, "{1,2}": the functions of 0006_nodes.postgres.sql take them apart.
#include "stores/postgres/buckets.hpp"

#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <tuple>

#include "base/outage.hpp"
#include "stores/sql/columns.hpp"

namespace propusk::postgres {
namespace {
template <class Number>
std::string list_of(const std::vector<core::BucketStep>& steps, Number number) {
  std::string out = "{";
  for (const core::BucketStep& step : steps) out.append(out.size() > 1 ? "," : "").append(std::to_string(number(step)));
  return out + "}";
}
std::string buckets_of(const std::vector<core::BucketStep>& steps) {
  return list_of(steps, [](const core::BucketStep& step) { return std::bit_cast<std::int64_t>(step.bucket); });
}
std::string refills_of(const std::vector<core::BucketStep>& steps) {
  return list_of(steps, [](const core::BucketStep& step) { return step.allowance.refill.count(); });
}
}  // namespace

Task<microseconds> Buckets::take(std::vector<core::BucketStep> steps, Instant now, Deadline deadline) {
  const auto wait = std::make_shared<microseconds>(0);
  co_await run_(
      [wait, now, buckets = buckets_of(steps), refills = refills_of(steps),
       bursts = list_of(steps, [](const core::BucketStep& step) { return std::int64_t{step.allowance.burst}; }),
       seeds = list_of(steps, [](const core::BucketStep& step) { return stored(step.seeded); })](
          sql::Connection& connection) {
        auto rows = connection.query(
            "SELECT take_tokens($1::text::bigint[], $2::text::bigint[], $3::text::bigint[], $4::text::bigint[], $5)",
            {buckets, bursts, refills, seeds, sql::value(now)});
        if (rows.next()) *wait = microseconds{rows.row().integer(0)};
      },
      deadline);
  co_return *wait;
}

void Buckets::give_back(std::vector<core::BucketStep> steps) noexcept {
  post([buckets = buckets_of(steps), refills = refills_of(steps)](sql::Connection& connection) {
    auto rows = connection.query("SELECT give_tokens_back($1::text::bigint[], $2::text::bigint[])", {buckets, refills});
    std::ignore = rows.next();
  });
}

void Buckets::forgive(std::uint64_t bucket) noexcept {
  post([bucket = std::bit_cast<std::int64_t>(bucket)](sql::Connection& connection) {
    connection.run("DELETE FROM limit_buckets WHERE bucket = $1", {bucket});
  });
}

void Buckets::post(std::function<void(sql::Connection&)> statement) noexcept {
  try {
    auto job = std::make_shared<Job>();
    job->statement = std::move(statement);
    queue_.push(std::move(job));
  } catch (const Outage&) {  // the limit is stricter for a while
  }
}

Buckets::Seed shared_seed(sql::Connection& connection, const Buckets::Seed& drawn) {
  connection.run("INSERT INTO shared_seeds (name, seed) VALUES ('limits', $1) ON CONFLICT (name) DO NOTHING",
                 {std::span<const std::byte>(drawn)});
  auto rows = connection.query("SELECT seed FROM shared_seeds WHERE name = 'limits'", {});
  Buckets::Seed seed{};
  if (!rows.next() || rows.row().bytes(0).size() != seed.size())
    throw Outage("database", "the seed of the limits is missing");
  std::memcpy(seed.data(), rows.row().bytes(0).data(), seed.size());
  return seed;
}

}  // namespace propusk::postgres
