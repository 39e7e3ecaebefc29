// Key administration: what an operator may see of signing keys and do to them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "core/admin/administration.hpp"
#include "core/keys/signing_key.hpp"

namespace propusk::core {

enum class KeyStage : std::uint8_t {
  next,      ///< published, signs later
  signing,   ///< signs what is signed now
  retiring,  ///< signs no more and is believed until it retires
};
std::string_view key_stage_name(KeyStage stage);

/// A signing key without its key.
struct ShownKey {
  std::string kid;
  SigningAlgorithm algorithm{};
  Instant created_at{};
  Instant signs_from{};
  std::optional<Instant> retires_at;
  KeyStage stage{};
};

/// The keys whose tokens are believed, those that sign last first.
Task<std::vector<ShownKey>> show_keys(Operator by, AdministrationDeps deps);

/// Makes the next key (rotate_keys): it signs after the lead. With `is_urgent`, and where no key signs, it signs at
/// once; urgently, no older key is believed any more. The ring of this process knows it.
Task<Result<ShownKey>> make_next_key(bool is_urgent, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
