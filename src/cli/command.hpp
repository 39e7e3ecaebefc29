// Command: a command line, understood.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace propusk::cli {

/// What to do; one enumerator per leaf of the command tree.
enum class Verb : std::uint8_t {
  serve,
  account_create,
  account_list,
  account_show,
  account_disable,
  account_enable,
  account_activate,
  account_set_email,
  account_set_password,
  account_sign_out,
  account_delete,
  session_list,
  session_revoke,
  token_list,
  token_revoke,
  key_list,
  key_rotate,
  audit_list,
  mail_list,
  mail_show,
  mail_retry,
  mail_drop,
  mail_test,
  config_print,
  config_reference,
  version,
};

struct Command {
  Verb verb = Verb::serve;
  std::filesystem::path data_directory;
  bool json = false;
  bool dev = false;       ///< serve --dev
  bool yes = false;       ///< account delete, key rotate --urgent: do not ask
  bool pending = false;   ///< account create --pending
  bool verified = false;  ///< account set-email --verified, account activate --verify-email
  bool all = false;       ///< token revoke --all
  bool urgent = false;    ///< key rotate --urgent
  std::optional<std::filesystem::path> config_file;
  std::vector<config::Flag> flags;
  std::string identifier;    ///< id, username or e-mail; the new username for account_create; a mail's id; an address
  std::string email;         ///< account create --email; account set-email
  std::string credential;    ///< session revoke, token revoke: the id or a prefix of it
  std::string state;         ///< account list --state, mail list --state
  std::int64_t limit = 100;  ///< audit list --limit, mail list --limit
};

/// Exit codes of every command.
enum ExitCode : int {
  done = 0,         ///< done
  refused = 1,      ///< refused or failed; the message says why
  usage = 2,        ///< the command line or the configuration is wrong; nothing was tried
  unreachable = 3,  ///< the data directory, the store or the server could not be reached; try again later
};

}  // namespace propusk::cli
