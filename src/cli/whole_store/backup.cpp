// No lock is taken: the database gives a snapshot, and the server goes on.
#include "cli/whole_store/backup.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include <ostream>
#include <string_view>

#include "base/version.hpp"
#include "cli/operation_answer.hpp"
#include "platform/jose/key_file.hpp"

namespace propusk::cli::whole_store {
namespace {

std::expected<copy::ArchiveFacts, Stop> facts(const Work& work) {
  copy::ArchiveFacts facts{.made_at = work.clock.now(), .version = std::string(version)};
  if (!work.command.store.with_sealing_key) return facts;
  const auto key = platform::read_key_file(sealing_key_file(work), ::geteuid());
  if (!key) return std::unexpected(Stop{refused, "there is no sealing key " + sealing_key_file(work).string()});
  const auto& bytes = key->reveal();
  facts.sealing_key.emplace(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return facts;
}

std::expected<void, Stop> make_backup(const Work& work) {
  const auto store = place_of(work.settings.store.url, work);
  if (!store) return std::unexpected(store.error());
  if (auto stop = not_ours(work.command.data_directory)) return std::unexpected(std::move(*stop));
  std::error_code ignored;
  if (store->url.empty() && !std::filesystem::exists(store->file, ignored))
    return std::unexpected(Stop{unreachable, "there is no store " + shown(*store)});
  const auto about = facts(work);
  if (!about) return std::unexpected(about.error());
  print_tables(work,
               copy::make_archive(*store, work.command.store.file, *about, work.clock, progress_lines(work, "read")),
               false, "");
  fmt::print(work.err, "propusk: {} holds all of {} as of {}, {} the sealing key: {}.\n",
             work.command.store.file.string(), shown(*store), time_text(about->made_at),
             about->sealing_key ? "with" : "without",
             about->sealing_key ? "whoever reads it can sign as the server"
                                : fmt::format("keep a copy of {} in another place", sealing_key_file(work).string()));
  return {};
}

std::expected<void, Stop> look_at_backup(const Work& work) {
  copy::Archive archive(work.command.store.file);
  print_tables(work, archive.verify(progress_lines(work, "read")), false, "");
  fmt::print(work.err, "propusk: {} {}: made {} by propusk {}, {} the sealing key.\n", work.command.store.file.string(),
             archive.knows_contents() ? "is whole"
                                      : "has all its rows, and what is in them was not checked, because its schema is "
                                        "an older one (that version can)",
             time_text(archive.facts().made_at), archive.facts().version,
             archive.facts().sealing_key ? "with" : "without");
  return {};
}
}  // namespace

int back_up(const Work& work) {
  return reported(work, [&work] { return make_backup(work); });
}
int verify_backup(const Work& work) {
  return reported(work, [&work] { return look_at_backup(work); });
}

}  // namespace propusk::cli::whole_store
