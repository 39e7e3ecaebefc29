// The model: a sync makes everything before it durable; nothing else is promised, not even the order of writes.
#include "stores/sqlite/testing/power_cut_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>

namespace propusk::sqlite::testing {

/// SQLite's C callbacks. A file is this struct with the real file behind it in the same allocation.
struct PowerCutCalls {
  struct File {
    sqlite3_file base;
    PowerCutVfs* disk;
    PowerCutVfs::Content* content;  ///< null: a file that passes through
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static sqlite3_file* real(sqlite3_file* file) { return of(file)->real(); }
  static PowerCutVfs& disk(sqlite3_vfs* vfs) { return *static_cast<PowerCutVfs*>(vfs->pAppData); }

  static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    if (auto* content = of(file)->content) {
      const std::string_view view(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
      if (const int code = of(file)->disk->written(*content, static_cast<std::uint64_t>(offset), view);
          code != SQLITE_OK)
        return code;
    }
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (auto* content = of(file)->content)
      if (const int code = of(file)->disk->truncated(*content, static_cast<std::uint64_t>(size)); code != SQLITE_OK)
        return code;
    return real(file)->pMethods->xTruncate(real(file), size);
  }
  /// The real sync is left out: this disk's promise is kept in RAM.
  static int sync(sqlite3_file* file, int) {
    return of(file)->content ? of(file)->disk->synced(*of(file)->content) : SQLITE_OK;
  }
  static int close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
  static int read(sqlite3_file* file, void* out, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), out, count, offset);
  }
  static int size(sqlite3_file* file, sqlite3_int64* out) { return real(file)->pMethods->xFileSize(real(file), out); }
  static int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
  static int unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
  static int reserved(sqlite3_file* file, int* out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
  }
  static int control(sqlite3_file* file, int what, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), what, argument);
  }
  static int sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
  static int device(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
  }
  static void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
  static int shm_unmap(sqlite3_file* file, int erase) { return real(file)->pMethods->xShmUnmap(real(file), erase); }

  static constexpr sqlite3_io_methods methods{.iVersion = 2,
                                              .xClose = close,
                                              .xRead = read,
                                              .xWrite = write,
                                              .xTruncate = truncate,
                                              .xSync = sync,
                                              .xFileSize = size,
                                              .xLock = lock,
                                              .xUnlock = unlock,
                                              .xCheckReservedLock = reserved,
                                              .xFileControl = control,
                                              .xSectorSize = sector,
                                              .xDeviceCharacteristics = device,
                                              .xShmMap = shm_map,
                                              .xShmLock = shm_lock,
                                              .xShmBarrier = shm_barrier,
                                              .xShmUnmap = shm_unmap,
                                              .xFetch = nullptr,
                                              .xUnfetch = nullptr};

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* out, int flags, int* out_flags) {
    auto* file = new (out) File{{nullptr}, &disk(vfs), nullptr};
    const int code = disk(vfs).real_->xOpen(disk(vfs).real_, path, file->real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    if (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL))
      file->content = &disk(vfs).opened(path);
    file->base.pMethods = &methods;
    return SQLITE_OK;
  }
  static int erase(sqlite3_vfs* vfs, const char* path, int sync_directory) {
    if (disk(vfs).is_cut()) return SQLITE_IOERR_DELETE;
    disk(vfs).erased(path);
    return disk(vfs).real_->xDelete(disk(vfs).real_, path, sync_directory);
  }
};

PowerCutVfs::PowerCutVfs(std::uint64_t seed)
    : name_("power-cut-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))),
      real_(sqlite3_vfs_find(nullptr)),
      vfs_(*real_),
      chance_(seed) {
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(PowerCutCalls::File)) + real_->szOsFile;
  vfs_.xOpen = &PowerCutCalls::open;
  vfs_.xDelete = &PowerCutCalls::erase;
  sqlite3_vfs_register(&vfs_, 0);
}
PowerCutVfs::~PowerCutVfs() { sqlite3_vfs_unregister(&vfs_); }

void PowerCutVfs::cut_after(std::uint64_t operations) {
  std::lock_guard lock(mutex_);
  until_cut_ = operations;
}
void PowerCutVfs::cut_now() {
  std::lock_guard lock(mutex_);
  if (!cut_) take_survivors();
}
void PowerCutVfs::fail_sync_after(std::uint64_t syncs) {
  std::lock_guard lock(mutex_);
  until_failed_sync_ = syncs;
}
void PowerCutVfs::set_capacity(std::optional<std::uint64_t> bytes) {
  std::lock_guard lock(mutex_);
  capacity_ = bytes;
}
std::uint64_t PowerCutVfs::used() const {
  std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [path, content] : files_) sum += content.size;
  return sum;
}

PowerCutVfs::Content& PowerCutVfs::opened(const std::string& path) {
  std::lock_guard lock(mutex_);
  const auto [place, is_new] = files_.try_emplace(path);
  if (is_new) {  // what lies there before the first open counts as synced
    std::ifstream in(path, std::ios::binary);
    place->second.synced.assign(std::istreambuf_iterator<char>(in), {});
    place->second.size = place->second.synced.size();
  }
  return place->second;
}
void PowerCutVfs::erased(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (const auto found = files_.find(path); found != files_.end()) found->second = {};
}

int PowerCutVfs::written(Content& content, std::uint64_t offset, std::string_view bytes) {
  std::lock_guard lock(mutex_);
  if (cut_) return SQLITE_IOERR_WRITE;
  const std::uint64_t size = std::max(content.size, offset + bytes.size());
  if (capacity_) {
    std::uint64_t others = 0;
    for (const auto& [path, file] : files_) others += &file == &content ? 0 : file.size;
    if (size > content.size && others + size > *capacity_) return SQLITE_FULL;
  }
  content.size = size;
  content.unsynced.push_back({offset, std::string(bytes)});
  return cut_at_this_operation() ? SQLITE_IOERR_WRITE : SQLITE_OK;
}
int PowerCutVfs::truncated(Content& content, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  if (cut_) return SQLITE_IOERR_TRUNCATE;
  content.size = size;
  content.unsynced.push_back({size, std::nullopt});
  return cut_at_this_operation() ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
}

namespace {
void put(std::string& content, std::uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  std::memcpy(content.data() + offset, bytes.data(), bytes.size());
}
}  // namespace

int PowerCutVfs::synced(Content& content) {
  std::lock_guard lock(mutex_);
  if (cut_ || cut_at_this_operation()) return SQLITE_IOERR_FSYNC;
  const bool fails = until_failed_sync_ > 0 && --until_failed_sync_ == 0;
  if (!fails)
    for (const auto& write : content.unsynced)
      write.bytes ? put(content.synced, write.offset, *write.bytes) : content.synced.resize(write.offset);
  content.unsynced.clear();
  if (fails) sync_failed_ = true;
  return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

bool PowerCutVfs::cut_at_this_operation() {
  if (until_cut_ > 0 && --until_cut_ == 0) take_survivors();
  return cut_;
}
void PowerCutVfs::take_survivors() {
  for (const auto& [path, content] : files_) survivors_[std::filesystem::path(path).filename()] = survivor(content);
  cut_ = true;
}

std::string PowerCutVfs::survivor(const Content& content) {
  constexpr std::size_t sector = 512;  // what every disk writes as a whole
  std::string result = content.synced;
  for (const auto& write : content.unsynced) {
    const auto fate = chance_() % 3;
    if (fate == 0) continue;
    if (!write.bytes) {
      result.resize(write.offset);
      continue;
    }
    std::string_view bytes = *write.bytes;
    if (fate == 1) bytes = bytes.substr(0, chance_() % (bytes.size() / sector + 1) * sector);
    put(result, write.offset, bytes);
  }
  return result;
}

void PowerCutVfs::write_survivors(const std::filesystem::path& directory) const {
  std::lock_guard lock(mutex_);
  for (const auto& [name, content] : survivors_) std::ofstream(directory / name, std::ios::binary) << content;
}

}  // namespace propusk::sqlite::testing
