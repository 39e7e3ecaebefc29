// A hard link and not a rename puts the file in place: it fails where a file is already, and a lost key is lost tokens.
#include "platform/jose/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/encoding.hpp"
#include "base/outage.hpp"
#include "platform/descriptor.hpp"

namespace propusk::platform {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, std::string_view what) {
  throw Outage("key file", fmt::format("{} {}", path.string(), what));
}
[[noreturn]] void cannot(const fs::path& path, std::string_view what, std::string_view advice) {
  refuse(path, fmt::format("cannot be {} ({}): {}", what, std::generic_category().message(errno), advice));
}

void check_guarded(const fs::path& path, int file, uid_t owner) {
  struct stat found{};
  if (::fstat(file, &found) != 0) cannot(path, "examined", "give it to the user that runs propusk");
  if (!S_ISREG(found.st_mode)) refuse(path, "is not a regular file: move it away and put the key file there");
  if (found.st_uid != owner && found.st_uid != 0)
    refuse(path, fmt::format("belongs to user {}: give it to the user that runs propusk (chown)", found.st_uid));
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    refuse(path, fmt::format("may be read or changed by others than its owner (mode {:04o}): chmod 600 {}",
                             found.st_mode & 07777U, path.string()));
}

/// The file's text, cut one byte after the length that it should have.
Secret<> text_of(const fs::path& path, int file) {
  std::string text(2 * sealing_key_size + 2, '\0');
  ssize_t got = 0;
  do {
    got = ::read(file, text.data(), text.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) cannot(path, "read", "look at its disk");
  text.resize(static_cast<std::size_t>(got));
  return Secret<>(std::move(text));
}

std::array<std::byte, sealing_key_size> first_bytes(const Secret<std::vector<std::byte>>& bytes) {
  std::array<std::byte, sealing_key_size> out;
  std::ranges::copy_n(bytes.reveal().begin(), sealing_key_size, out.begin());
  return out;
}

void write(const fs::path& path, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot(path, "written", "make room on its disk");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync(const fs::path& path, int file) {
  if (file < 0 || ::fsync(file) != 0) cannot(path, "made durable", "look at its disk");
}

void sync_directory(const fs::path& directory) {
  const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  sync(directory, file.number);
}

/// A file that goes with this value.
struct Unfinished {
  ~Unfinished() { ::unlink(path.c_str()); }
  fs::path path;
};

/// Leaves alone what is at `path` already.
void make_key(const fs::path& path, const SealingKey& key, Random& random) {
  const fs::path name = path.string() + '.' + to_hex(random.bytes<8>());
  const Descriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.number < 0) cannot(path, "made", "give its directory to the user that runs propusk");
  const Unfinished unfinished{name};
  write(path, file.number, Secret<>(to_hex(key.reveal())).reveal());
  write(path, file.number, "\n");
  sync(path, file.number);
  if (::link(name.c_str(), path.c_str()) != 0 && errno != EEXIST)
    cannot(path, "made", "its directory must be writable and its file system must know hard links");
}
}  // namespace

std::optional<SealingKey> read_key_file(const fs::path& path, uid_t owner) {
  // Without O_NONBLOCK a FIFO in its place would be waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (file.number < 0 && errno == ENOENT) return std::nullopt;
  if (file.number < 0 && errno == ELOOP) refuse(path, "is a symbolic link: put the key file itself there");
  if (file.number < 0) cannot(path, "opened", "give it to the user that runs propusk (chown, chmod 600)");
  check_guarded(path, file.number, owner);
  const Secret<> text = text_of(path, file.number);
  const std::string_view digits(text.reveal());
  auto bytes = digits.ends_with('\n') ? from_hex(digits.substr(0, digits.size() - 1)) : std::nullopt;
  if (!bytes || bytes->size() != sealing_key_size)
    refuse(path, "holds something else than 64 hex digits and a line feed: put back the right file from a backup");
  return SealingKey(first_bytes(Secret<std::vector<std::byte>>(std::move(*bytes))));
}

void put_key_file(const fs::path& path, const SealingKey& key, Random& random) {
  const fs::path directory = fs::absolute(path).parent_path();
  const bool is_new = ::mkdir(directory.c_str(), S_IRWXU) == 0;
  if (!is_new && errno != EEXIST) cannot(directory, "made", "make it for the user that runs propusk (mode 0700)");
  make_key(path, key, random);
  sync_directory(directory);
  if (is_new) sync_directory(directory.parent_path());
}

SealingKey open_key_file(const fs::path& path, Random& random) {
  if (auto key = read_key_file(path, ::geteuid())) return std::move(*key);
  put_key_file(path, SealingKey(random.bytes<sealing_key_size>()), random);
  auto key = read_key_file(path, ::geteuid());
  if (!key) refuse(path, "went away while it was being made: start again");
  return std::move(*key);
}

}  // namespace propusk::platform
