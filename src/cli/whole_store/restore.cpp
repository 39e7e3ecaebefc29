// A restored store knows nothing of the endings since its backup. What it says about that is half of what this does.
#include "cli/whole_store/restore.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "cli/operation_answer.hpp"
#include "cli/operations.hpp"
#include "cli/password_input.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/jose/key_ring.hpp"
#include "stores/copy/restore.hpp"
#include "stores/copy/unfinished.hpp"
#include "stores/migrations/all.hpp"
#include "stores/sql/transaction.hpp"

namespace propusk::cli::whole_store {
namespace {

/// Removes at its end what a backup of an older version was brought up to date in.
struct Scratch {
  ~Scratch() {
    for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((file.string() + suffix).c_str());
  }
  std::filesystem::path file;
};

/// Nothing if the store may be replaced.
std::optional<Stop> worth_keeping(copy::Side& into, const copy::Place& store, const Work& work) {
  const copy::Worth worth = copy::worth_of(into);
  if (worth.accounts == 0 && worth.clients == 0) return std::nullopt;
  const std::string there =
      fmt::format("{} holds {} accounts and {} clients", shown(store), worth.accounts, worth.clients);
  if (!work.command.store.replace)
    return Stop{refused, there + ": name an empty store, or give --replace to erase them"};
  if (work.command.yes ||
      confirms(work.input, work.err, there + ", which are erased for ever. Type erase to go on:", "erase"))
    return std::nullopt;
  return Stop{refused, "nothing was restored: confirm, or give --yes"};
}

/// Nothing if the operator knows what will live again.
std::optional<Stop> kept_unknowingly(const copy::Archive& archive, const Work& work) {
  if (!work.command.store.keep_credentials) return std::nullopt;
  fmt::print(work.err,
             "propusk: WARNING: sessions, tokens, links and consents will be as they were at {}: what was ended since "
             "is alive again, and mails sent since may be sent once more.\n",
             time_text(archive.facts().made_at));
  if (work.command.yes || confirms(work.input, work.err, "Type keep to go on:", "keep")) return std::nullopt;
  return Stop{refused, "nothing was restored: confirm, or give --yes"};
}

/// The key that the backup holds; nothing if it holds none.
std::optional<platform::SealingKey> key_in(const copy::Archive& archive) {
  const auto& kept = archive.facts().sealing_key;
  std::array<std::byte, platform::sealing_key_size> bytes{};
  if (!kept || kept->reveal().size() != bytes.size()) return std::nullopt;
  std::ranges::copy(std::as_bytes(std::span(kept->reveal())), bytes.begin());
  return platform::SealingKey(bytes);
}

bool opens(const platform::SealingKey& key, const std::vector<core::SigningKey>& keys, const Work& work) {
  try {
    platform::JoseKeyRing(key, work.random).take(keys);
    return true;
  } catch (const Outage&) {
    return false;
  }
}

/// Puts the backup's sealing key into the data directory where kept signing keys need it; or why no server would start
/// with them.
std::optional<Stop> unfit_sealing_key(const copy::Archive& archive, copy::Side& from, const Work& work) {
  if (!work.command.store.keep_credentials) return std::nullopt;
  const auto file = sealing_key_file(work);
  const auto here = platform::read_key_file(file, ::geteuid()), brought = key_in(archive);
  const std::vector<core::SigningKey> keys = sql::Transaction(from.connection()).keys().list();
  const auto& used = here ? here : brought;
  if (!keys.empty() && (!used || !opens(*used, keys, work)))
    return Stop{refused, fmt::format("the signing keys in the backup do not open without the sealing key of that time: "
                                     "put it into {}, or restore without --keep-credentials",
                                     file.string())};
  if (!here && brought) platform::put_key_file(file, *brought, work.random);
  return std::nullopt;
}

core::AuditEvent event_of(const copy::Archive& archive, const Work& work) {
  return {.id = core::new_audit_id(work.random),
          .at = work.clock.now(),
          .action = core::AuditAction::store_restored,
          .account = {},
          .actor = operator_name(::getuid()),
          .detail = fmt::format("of={} credentials={}", time_text(archive.facts().made_at),
                                work.command.store.keep_credentials ? "kept" : "ended")};
}

void say_what_ended(const copy::RestoreReport& report, const Work& work) {
  std::string ended;
  for (const copy::TableCopied& table : report.tables)
    if (table.found > 0) ended += fmt::format("{}{} of {}", ended.empty() ? "" : ", ", table.found, table.table);
  fmt::print(work.err,
             "propusk: ended: every session, token, mailed link, consent and signing key of before ({}), and {} mails "
             "that waited. Everybody signs in again.\n",
             ended.empty() ? "the backup held none" : ended, report.cancelled_mails);
}

void say_the_rest(const copy::Archive& archive, const Work& work) {
  fmt::print(work.err,
             "propusk: passwords, addresses, disabled and deleted accounts, secrets of clients and connections to "
             "providers are as they were at {}: what was changed since must be changed again.\n",
             time_text(archive.facts().made_at));
}

std::expected<void, Stop> restore_rows(const Work& work) {
  const auto store = place_of(work.settings.store.url, work);
  if (!store) return std::unexpected(store.error());
  copy::Archive archive(work.command.store.file);
  const auto directory = take_directory(work);
  if (!directory) return std::unexpected(directory.error());
  const auto home = take_home(*store, work);
  if (!home) return std::unexpected(home.error());
  const auto into = store->open(copy::File::written, work.clock);
  if (auto stop = take_database(*into, *store)) return std::unexpected(std::move(*stop));
  into->be_patient();
  copy::require_finished(into->connection(), shown(*store));
  sql::migrate(into->connection(), sql::all_migrations(), work.clock.now());
  if (auto stop = worth_keeping(*into, *store, work)) return std::unexpected(std::move(*stop));
  if (auto stop = kept_unknowingly(archive, work)) return std::unexpected(std::move(*stop));
  const Scratch scratch{directory->path() / "restore.part"};
  const auto from = archive.rows(scratch.file, work.clock.now());
  if (auto stop = unfit_sealing_key(archive, *from, work)) return std::unexpected(std::move(*stop));
  const copy::RestoreReport report =
      copy::restore(archive, *from, *into,
                    {.keeps_credentials = work.command.store.keep_credentials, .event = event_of(archive, work)},
                    progress_lines(work, "restored"));
  print_tables(work, report.tables, true, "ended");
  if (!work.command.store.keep_credentials) say_what_ended(report, work);
  say_the_rest(archive, work);
  return {};
}
}  // namespace

int restore(const Work& work) {
  return reported(work, [&work] { return restore_rows(work); });
}

}  // namespace propusk::cli::whole_store
