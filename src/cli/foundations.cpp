// Opens the store and starts the hashing pool as the settings say.
#include "cli/foundations.hpp"

#include <utility>

#include "platform/scheduling.hpp"

namespace propusk::cli {
namespace {
stores::OpenOptions store_options(const config::Settings& settings, const std::filesystem::path& directory,
                                  platform::Log& log) {
  stores::OpenOptions options;
  options.directory = directory;
  options.file = std::filesystem::absolute(settings.store.file(directory));
  options.start_thread = [](const char* name, std::function<void()> body) {
    return std::thread([name, body = std::move(body)] {
      platform::name_thread(name);
      body();
    });
  };
  options.log = [&log](stores::LogLevel level, std::string_view line) {
    switch (level) {
      case stores::LogLevel::info: return log.info("store", line);
      case stores::LogLevel::warning: return log.warning("store", line);
      case stores::LogLevel::error: return log.error("store", line);
    }
  };
  return options;
}

platform::HashingPoolSettings hashing_settings(const config::Settings& settings) {
  return {.cost = {.memory_kib = static_cast<std::uint32_t>(settings.passwords.argon2_memory_kib),
                   .passes = static_cast<std::uint32_t>(settings.passwords.argon2_passes)}};
}
}  // namespace

Foundations::Foundations(const config::Settings& settings, stores::DataDirectory owned, platform::Log& log,
                         const Clock& c, Random& r)
    : clock(c),
      random(r),
      directory(std::move(owned)),
      policy{.min_length = settings.passwords.min_length},
      live(settings.sessions.cache_entries),
      store(stores::open(store_options(settings, directory.path(), log), live, clock)),
      hasher(hashing_settings(settings), random, clock) {
  if (!hasher.arena_in_use())
    log.warning("hashing.plain",
                "the hashing arena is not in effect: passwords are hashed by plain libsodium, 2 to 3 times slower");
}

Foundations::~Foundations() = default;

}  // namespace propusk::cli
