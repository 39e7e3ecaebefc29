// In SQL the queue is `settled_at IS NULL`, spelled as its partial indexes spell it (0002_mail.sql).
#include "stores/sql/outbox.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <limits>
#include <tuple>

#include "stores/sql/columns.hpp"

namespace propusk::sql {
namespace {
constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();

constexpr std::size_t kinds_length = [] {
  std::size_t length = 1;
  for (const core::MailKindRow& row : core::mail_kinds) length += row.name.size() + 1;
  return length;
}();
constexpr std::array kinds_text = [] {
  std::array<char, kinds_length> text{' '};
  auto out = text.begin() + 1;
  for (const core::MailKindRow& row : core::mail_kinds) {
    out = std::ranges::copy(row.name, out).out;
    *out++ = ' ';
  }
  return text;
}();
/// " recovery email_change … ": the registry as one parameter, for `$n LIKE '% ' || kind || ' %'`. Filtering in SQL,
/// not after its LIMIT, keeps mails of a newer version from standing in the way of those that we can send.
constexpr std::string_view known_kinds(kinds_text.data(), kinds_text.size());

Language language_or_default(std::string_view name) { return language(name).value_or(languages.front()); }

std::optional<core::Mail> mail(const Statement& row) {
  const auto kind = core::mail_kind(row.text(1));
  const auto state = core::mail_state(row.text(2));
  if (!kind || !state) return std::nullopt;
  return core::Mail{
      .id = core::MailId{row.integer(0)},
      .kind = *kind,
      .state = *state,
      .recipient = std::string(row.text(3)),
      .recipient_key = std::string(row.text(4)),
      .domain = std::string(row.text(5)),
      .language = language_or_default(row.text(6)),
      .account = optional_account_id(row, 7),
      .epoch = row.integer(8),
      .facts = {.client = std::string(row.text(9)),
                .device = std::string(row.text(10)),
                .other_email = std::string(row.text(11)),
                .provider = std::string(row.text(19))},
      .created_at = instant(row, 12),
      .next_attempt_at = instant(row, 13),
      .expires_at = instant(row, 14),
      .attempts = row.integer(15),
      .leased_until = optional_instant(row, 16),
      .settled_at = optional_instant(row, 17),
      .last_answer = std::string(row.text(18)),
  };
}

std::vector<core::Mail> all(Rows rows) {
  std::vector<core::Mail> mails;
  while (rows.next())
    if (auto known = mail(rows.row())) mails.push_back(std::move(*known));
  return mails;
}
}  // namespace

bool Outbox::add_request(const core::MailRequest& request) {
  // In SQLite two scalar reads, each one seek; min and max in one SELECT would read the table.
  return connection_.run(Sql("INSERT INTO mail_requests (id, kind, email, language, created_at) "
                             "SELECT coalesce((SELECT max(id) FROM mail_requests), 0) + 1, $1, $2, $3, $4 "
                             "WHERE coalesce((SELECT max(id) FROM mail_requests) - (SELECT min(id) FROM mail_requests) "
                             "+ 1, 0) < $5",
                             "INSERT INTO mail_requests (id, kind, email, language, created_at) "
                             "SELECT id, $1, $2, $3, $4 FROM (SELECT nextval('mail_requests_ids') AS id) AS next "
                             "WHERE id - coalesce((SELECT min(id) FROM mail_requests), id) < $5"),
                         {core::row_of(request.kind).name, request.email, language_name(request.language),
                          value(request.created_at), requests_limit_}) > 0;
}

std::vector<core::MailRequest> Outbox::oldest_requests(std::size_t limit) const {
  std::vector<core::MailRequest> requests;
  auto rows = connection_.query(
      "SELECT id, kind, email, language, created_at FROM mail_requests WHERE $1 LIKE '% ' || kind || ' %' "
      "ORDER BY id LIMIT $2",
      {known_kinds, static_cast<std::int64_t>(limit)});
  while (rows.next()) {
    const Statement& row = rows.row();
    if (const auto kind = core::mail_kind(row.text(1)))
      requests.push_back({.id = row.integer(0),
                          .kind = *kind,
                          .email = std::string(row.text(2)),
                          .language = language_or_default(row.text(3)),
                          .created_at = instant(row, 4)});
  }
  return requests;
}

void Outbox::erase_request(std::int64_t id) { connection_.run("DELETE FROM mail_requests WHERE id = $1", {id}); }

void Outbox::insert(const core::Mail& mail) {
  connection_.run(
      "INSERT INTO mails (id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
      "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer, "
      "provider) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
      {value(mail.id),
       core::row_of(mail.kind).name,
       core::mail_state_name(mail.state),
       mail.recipient,
       mail.recipient_key,
       mail.domain,
       language_name(mail.language),
       value(mail.account),
       mail.epoch,
       mail.facts.client,
       mail.facts.device,
       mail.facts.other_email,
       value(mail.created_at),
       value(mail.next_attempt_at),
       value(mail.expires_at),
       mail.attempts,
       value(mail.leased_until),
       value(mail.settled_at),
       mail.last_answer,
       mail.facts.provider});
}

std::optional<core::Mail> Outbox::find(core::MailId id) const {
  auto rows = connection_.query(
      "SELECT id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
      "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer, provider "
      "FROM mails WHERE id = $1",
      {value(id)});
  if (!rows.next()) return std::nullopt;
  return mail(rows.row());
}

std::int64_t Outbox::count_since(std::string_view recipient_key, Instant since,
                                 std::optional<core::MailKind> kind) const {
  auto rows = connection_.query(
      "SELECT count(*) FROM mails WHERE recipient_key = $1 AND created_at >= $2 AND (state <> 'cancelled' OR attempts "
      "> 0) "
      "AND ($3 = '' OR kind = $3)",
      {recipient_key, value(since), kind ? core::row_of(*kind).name : std::string_view()});
  return rows.next() ? rows.row().integer(0) : 0;
}

std::vector<core::Mail> Outbox::list(std::optional<core::MailState> state, std::optional<core::MailId> before,
                                     std::size_t limit) const {
  if (!state) {  // one index serves both: the newest of all are among the newest of each
    using enum core::MailState;
    std::vector<core::Mail> mails;
    for (const core::MailState each : {queued, sent, dead, expired, cancelled})
      std::ranges::move(list(each, before, limit), std::back_inserter(mails));
    std::ranges::sort(mails, std::greater(),
                      [](const core::Mail& mail) { return std::tuple(mail.created_at, mail.id); });
    mails.resize(std::min(mails.size(), limit));
    return mails;
  }
  std::int64_t created_at = latest, id = latest;
  if (before) {
    auto rows = connection_.query("SELECT created_at FROM mails WHERE id = $1", {value(*before)});
    if (!rows.next()) return {};
    created_at = rows.row().integer(0);
    id = static_cast<std::int64_t>(*before);
  }
  return all(connection_.query(
      "SELECT id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
      "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer, provider "
      "FROM mails WHERE state = $1 AND (created_at, id) < ($2, $3) AND $4 LIKE '% ' || kind || ' %' "
      "ORDER BY created_at DESC, id DESC LIMIT $5",
      {core::mail_state_name(*state), created_at, id, known_kinds, static_cast<std::int64_t>(limit)}));
}

Outbox::Depth Outbox::depth(Instant now) const {
  auto rows = connection_.query(
      "SELECT (SELECT count(*) FROM mails WHERE settled_at IS NULL), "
      "(SELECT count(*) FROM mails WHERE settled_at IS NULL AND next_attempt_at <= $1), "
      "(SELECT count(*) FROM mails WHERE state = 'dead')",
      {value(now)});
  if (!rows.next()) return {};
  return {.queued = rows.row().integer(0), .due = rows.row().integer(1), .dead = rows.row().integer(2)};
}

// A loose index scan: from one domain to the next by a seek, and a seek for its earliest mail. The recursion yields in
// byte order and stops at the LIMIT; an ORDER BY would make both databases walk all domains first.
std::vector<std::string> Outbox::due_domains(std::string_view after, Instant now, std::size_t limit) const {
  std::vector<std::string> domains;
  auto rows = connection_.query(
      "WITH RECURSIVE waiting(domain) AS ("
      "SELECT min(domain) FROM mails WHERE settled_at IS NULL AND domain > $1 "
      "UNION ALL "
      "SELECT (SELECT min(domain) FROM mails WHERE settled_at IS NULL AND domain > waiting.domain) "
      "FROM waiting WHERE waiting.domain IS NOT NULL) "
      "SELECT domain FROM waiting WHERE domain IS NOT NULL AND EXISTS (SELECT 1 FROM mails WHERE settled_at IS NULL "
      "AND mails.domain = waiting.domain AND next_attempt_at <= $2 AND $3 LIKE '% ' || kind || ' %') LIMIT $4",
      {after, value(now), known_kinds, static_cast<std::int64_t>(limit)});
  while (rows.next()) domains.emplace_back(rows.row().text(0));
  return domains;
}

// The UPDATE repeats what was read, so that of two claims one gets the mail however the database isolates them.
// PostgreSQL leaves out what another node is just claiming, lest they wait for each other.
std::vector<core::Mail> Outbox::claim(std::string_view domain, Instant now, Instant leased_until, std::size_t limit) {
  auto due = all(connection_.query(
      Sql("SELECT id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
          "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer, "
          "provider FROM mails WHERE settled_at IS NULL AND domain = $1 AND next_attempt_at <= $2 "
          "AND $3 LIKE '% ' || kind || ' %' ORDER BY next_attempt_at, id LIMIT $4",
          "SELECT id, kind, state, recipient, recipient_key, domain, language, account, epoch, client, device, "
          "other_email, created_at, next_attempt_at, expires_at, attempts, leased_until, settled_at, last_answer, "
          "provider FROM mails WHERE settled_at IS NULL AND domain = $1 AND next_attempt_at <= $2 "
          "AND $3 LIKE '% ' || kind || ' %' ORDER BY next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED"),
      {domain, value(now), known_kinds, static_cast<std::int64_t>(limit)}));
  std::erase_if(due, [&](core::Mail& mail) {
    const auto leased = connection_.run(
        "UPDATE mails SET attempts = attempts + 1, leased_until = $1, next_attempt_at = $1, "
        "leased_by = $4 WHERE id = $2 AND settled_at IS NULL AND attempts = $3",
        {value(leased_until), value(mail.id), mail.attempts, node_});
    ++mail.attempts;
    mail.leased_until = mail.next_attempt_at = leased_until;
    return leased == 0;
  });
  return due;
}

std::optional<Instant> Outbox::next_due() const {
  auto rows = connection_.query(
      "SELECT next_attempt_at FROM mails WHERE settled_at IS NULL AND $1 LIKE '% ' || kind || ' %' "
      "ORDER BY next_attempt_at LIMIT 1",
      {known_kinds});
  if (!rows.next()) return std::nullopt;
  return instant(rows.row(), 0);
}

bool Outbox::settle(core::MailId id, std::int64_t attempt, core::MailState state, std::string_view answer, Instant at) {
  require(state != core::MailState::queued, "a settled mail leaves the queue");
  return connection_.run(
             "UPDATE mails SET state = $1, last_answer = $2, settled_at = $3, leased_until = NULL "
             "WHERE id = $4 AND attempts = $5 AND (settled_at IS NULL OR (state = 'cancelled' AND $1 = 'sent'))",
             {core::mail_state_name(state), answer, value(at), value(id), attempt}) > 0;
}

bool Outbox::postpone(core::MailId id, std::int64_t attempt, Instant next_attempt_at, std::string_view answer) {
  return connection_.run(
             "UPDATE mails SET next_attempt_at = $1, last_answer = $2, leased_until = NULL "
             "WHERE id = $3 AND settled_at IS NULL AND attempts = $4",
             {value(next_attempt_at), answer, value(id), attempt}) > 0;
}

bool Outbox::requeue(core::MailId id, Instant at, Instant expires_at) {
  return connection_.run(
             "UPDATE mails SET state = 'queued', next_attempt_at = $1, expires_at = $2, settled_at = NULL "
             "WHERE id = $3 AND state IN ('dead', 'expired', 'cancelled')",
             {value(at), value(expires_at), value(id)}) > 0;
}

bool Outbox::cancel(core::MailId id, Instant at) {
  return connection_.run(
             "UPDATE mails SET state = 'cancelled', settled_at = $1, leased_until = NULL "
             "WHERE id = $2 AND state IN ('queued', 'dead')",
             {value(at), value(id)}) > 0;
}

void Outbox::cancel_all_to(std::string_view recipient_key, core::MailKind kind, Instant at) {
  connection_.run(
      "UPDATE mails SET state = 'cancelled', settled_at = $1, leased_until = NULL "
      "WHERE recipient_key = $2 AND kind = $3 AND settled_at IS NULL",
      {value(at), recipient_key, core::row_of(kind).name});
}

void Outbox::cancel_all_of(core::AccountId account, core::MailKind kind, Instant at) {
  connection_.run(
      "UPDATE mails SET state = 'cancelled', settled_at = $1, leased_until = NULL "
      "WHERE account = $2 AND kind = $3 AND settled_at IS NULL",
      {value(at), value(account), core::row_of(kind).name});
}

void Outbox::cancel_all_since(core::AccountId account, core::MailKind kind, Instant since, Instant at) {
  connection_.run(
      "UPDATE mails SET state = 'cancelled', settled_at = $1, leased_until = NULL "
      "WHERE account = $2 AND kind = $3 AND created_at >= $4 AND settled_at IS NULL",
      {value(at), value(account), core::row_of(kind).name, value(since)});
}

// Due since their cause: nobody knows any more when their attempt began.
void Outbox::release_leases() {
  connection_.run(
      "UPDATE mails SET next_attempt_at = created_at, leased_until = NULL "
      "WHERE settled_at IS NULL AND leased_until IS NOT NULL AND leased_by = $1",
      {node_});
}

std::size_t Outbox::erase_settled(Instant at, std::size_t limit) {
  return connection_.run(
      "DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE settled_at < $1 ORDER BY settled_at LIMIT $2)",
      {value(at), static_cast<std::int64_t>(limit)});
}

}  // namespace propusk::sql
