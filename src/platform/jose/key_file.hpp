// The key file: the one secret outside the database, without which the signing keys in it are noise.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/random.hpp"
#include "platform/jose/sealed.hpp"

namespace propusk::platform {

/// The sealing key in the file `path`: 64 hex digits and a line feed. A missing file is made first (mode 0600, 32 bytes
/// of `random`), durably before the key is returned, and never in place of another: of two processes that make it at
/// once both get the same key. Its directory is made (mode 0700) if it is missing, that directory's own parent is not.
/// Throws Outage, with what to do, when the file cannot be read or made, when others than its owner may touch it, when
/// it is no regular file of ours or root's, or holds anything else.
SealingKey open_key_file(const std::filesystem::path& path, Random& random);
/// The same for the user `owner`, but a missing file stays missing: nothing then.
std::optional<SealingKey> read_key_file(const std::filesystem::path& path, uid_t owner);
/// Makes the file as open_key_file() does, with this key in it; a file that is there already stays as it is.
void put_key_file(const std::filesystem::path& path, const SealingKey& key, Random& random);

}  // namespace propusk::platform
