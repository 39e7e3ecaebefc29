// The same foundations as the server's, on an io_context of its own, for one request at a time.
#include "cli/direct.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <memory>

#include "base/outage.hpp"
#include "cli/foundations.hpp"
#include "cli/operations.hpp"
#include "platform/os_random.hpp"
#include "platform/system_clock.hpp"

namespace propusk::cli {
namespace {
constexpr seconds patience{60};

struct DirectStore {
  DirectStore(const config::Settings& with, stores::DataDirectory directory)
      : settings(with), foundations(settings, std::move(directory), {log, clock, random, context}) {}
  const config::Settings settings;
  platform::SystemClock clock;
  platform::OsRandom random;
  platform::Log log{{.level = platform::LogLevel::warning, .file = {}}, clock};
  boost::asio::io_context context{1};  // outlives the foundations, which complete waiters on it
  Foundations foundations;
};
}  // namespace

std::expected<Ask, NotOpened> open_directly(const DirectOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // a mail server that hangs up is an error of send(), as in serve()
  std::error_code ignored;
  if (!options.may_create && !std::filesystem::exists(options.data_directory, ignored))
    return std::unexpected(NotOpened{.why = "there is no data directory " + options.data_directory.string() +
                                            "; name the server's with --data, or create an account first"});
  auto directory = stores::DataDirectory::take(options.data_directory);
  if (!directory)
    return std::unexpected(NotOpened{.is_taken = directory.error().why == stores::DirectoryRefused::Why::held,
                                     .why = directory.error().sentence});
  config::Settings settings = options.settings;
  settings.sessions.cache_entries = 1;  // nobody is checked here
  settings.store.connections = 2;       // one request at a time
  try {
    auto direct = std::make_shared<DirectStore>(settings, std::move(*directory));
    return [direct](boost::json::object request) {
      core::Operator by{.name = operator_name(::getuid()), .deadline = direct->clock.monotonic() + patience};
      return perform_now(direct->context, {.request = std::move(request), .by = std::move(by)},
                         direct->foundations.administration());
    };
  } catch (const Outage& outage) {
    return std::unexpected(NotOpened{.why = outage.what()});
  }
}

}  // namespace propusk::cli
