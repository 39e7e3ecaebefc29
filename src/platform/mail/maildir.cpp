// The file is whole and on the disk before its name appears in new/, and so is the name before anybody is told.
#include "platform/mail/maildir.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/outage.hpp"
#include "platform/descriptor.hpp"

namespace propusk::platform {
namespace {
void make_directory(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    throw Outage("maildir", fmt::format("{} cannot be made: {}", path.string(), std::strerror(errno)));
}

/// Unix lines, as maildirs have them.
std::string with_line_feeds(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    if (bytes[at] != '\r' || at + 1 == bytes.size() || bytes[at + 1] != '\n') out += bytes[at];
  return out;
}
}  // namespace

MaildirCalls system_maildir_calls() { return {.write = ::write, .fsync = ::fsync, .rename = std::rename}; }

Maildir::Maildir(const std::filesystem::path& directory, MaildirCalls calls) : directory_(directory), calls_(calls) {
  make_directory(directory);
  for (const char* name : {"tmp", "new", "cur"}) make_directory(directory / name);
  if (!sync_directory(directory)) throw Outage("maildir", fmt::format("{} cannot be synced", directory.string()));
}

Task<core::Delivery> Maildir::send(const OutgoingMail& mail, Deadline) { co_return store(mail); }

core::Delivery Maildir::store(const OutgoingMail& mail) const {
  const std::string name =
      fmt::format("{}.{}.propusk", std::chrono::floor<seconds>(mail.created_at).time_since_epoch().count(), mail.id);
  const auto unfinished = directory_ / "tmp" / name, finished = directory_ / "new" / name;
  errno = 0;
  if (write_durably(unfinished, with_line_feeds(mail.bytes)) &&
      calls_.rename(unfinished.c_str(), finished.c_str()) == 0 && sync_directory(directory_ / "new"))
    return {core::Delivery::Outcome::accepted, "new/" + name};
  core::Delivery failure{core::Delivery::Outcome::delayed, fmt::format("maildir: {}", std::strerror(errno))};
  ::unlink(unfinished.c_str());
  return failure;
}

bool Maildir::write_durably(const std::filesystem::path& file, std::string_view bytes) const {
  const Descriptor open(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (open.number < 0) return false;
  while (!bytes.empty()) {
    const ssize_t written = calls_.write(open.number, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return calls_.fsync(open.number) == 0;
}

bool Maildir::sync_directory(const std::filesystem::path& directory) const {
  const Descriptor open(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return open.number >= 0 && calls_.fsync(open.number) == 0;
}

}  // namespace propusk::platform
