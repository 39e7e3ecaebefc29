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
  social_list,
  social_disconnect,
  key_list,
  key_rotate,
  client_create,
  client_list,
  client_show,
  client_rotate_secret,
  client_disable,
  client_enable,
  client_delete,
  audit_list,
  mail_list,
  mail_show,
  mail_retry,
  mail_drop,
  mail_test,
  config_print,
  config_reference,
  doctor,
  store_move,
  backup,
  restore,
  version,
};

/// client create: what is said of the new client beside its name.
struct NewClientWords {
  std::string id;
  bool is_public = false;
  bool asks_secret = false;  ///< the secret comes from the terminal or standard input
  std::vector<std::string> grants, scopes, backends, redirect_uris, origins;
  bool skips_consent = false;
  bool introspects = false;
};

/// store move, backup, restore.
struct WholeStoreWords {
  std::string from, to;           ///< store move: URLs; no --from is the configured store
  std::filesystem::path file;     ///< of the backup
  bool with_sealing_key = false;  ///< backup
  bool verify = false;            ///< backup: an existing one is looked at
  bool keep_credentials = false;  ///< restore
  bool replace = false;           ///< restore: into a store that is not empty
};

struct Command {
  Verb verb = Verb::serve;
  std::filesystem::path data_directory;
  bool json = false;
  bool dev = false;       ///< serve --dev
  bool yes = false;       ///< wherever a command asks: do not
  bool pending = false;   ///< account create --pending
  bool verified = false;  ///< account set-email --verified, account activate --verify-email
  bool all = false;       ///< token revoke --all
  bool urgent = false;    ///< key rotate --urgent
  std::optional<std::filesystem::path> config_file;
  std::vector<config::Flag> flags;
  /// Id, username or e-mail; the new username for account_create; a mail's id; an address; a client's id, or its name
  /// for client_create.
  std::string identifier;
  std::string email;              ///< account create --email; account set-email
  std::string credential;         ///< session revoke, token revoke: the id or a prefix of it
  std::string provider, subject;  ///< social disconnect
  NewClientWords client;
  WholeStoreWords store;
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
