// Who may do what with a file, asked for the user that runs the server, which need not be the one who asks.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace propusk::cli::doctor {

/// The owner of the data directory: by it the server makes its files. Who asks, while there is none.
uid_t server_user(const std::filesystem::path& data_directory);
/// Why `user` cannot read this file; nothing if nothing speaks against it. The groups of another user than the one who
/// asks are those that this machine knows; of a user without a name none are known, and any may be theirs.
std::optional<std::string> why_unreadable(const std::filesystem::path& file, uid_t user);
/// Whether every user of this machine may read or change it. False for what is not there.
bool is_open_to_all(const std::filesystem::path& file);

}  // namespace propusk::cli::doctor
