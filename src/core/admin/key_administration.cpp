// Tells the stages of keys by the same order in which a ring signs with them.
#include "core/admin/key_administration.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "base/result.hpp"

namespace propusk::core {
namespace {
ShownKey shown(SigningKey key, KeyStage stage) {
  return {.kid = std::move(key.kid),
          .algorithm = key.algorithm,
          .created_at = key.created_at,
          .signs_from = key.signs_from,
          .retires_at = key.retires_at,
          .stage = stage};
}
}  // namespace

std::string_view key_stage_name(KeyStage stage) {
  switch (stage) {
    case KeyStage::next: return "next";
    case KeyStage::signing: return "signing";
    case KeyStage::retiring: return "retiring";
  }
  return "";
}

Task<std::vector<ShownKey>> show_keys(Operator by, AdministrationDeps deps) {
  std::vector<SigningKey> keys = co_await list_keys(by.deadline, deps.keys);
  const Instant now = deps.clock.now();
  std::erase_if(keys, [now](const SigningKey& key) { return is_retired(key, now); });
  std::ranges::sort(keys, signs_before);
  std::vector<ShownKey> all;
  KeyStage stage = KeyStage::next;
  for (SigningKey& key : keys) {
    if (stage == KeyStage::signing) stage = KeyStage::retiring;
    if (stage == KeyStage::next && key.signs_from <= now) stage = KeyStage::signing;
    all.push_back(shown(std::move(key), stage));
  }
  co_return all;
}

Task<Result<ShownKey>> make_next_key(bool is_urgent, Operator by, AdministrationDeps deps) {
  const std::vector<ShownKey> before = co_await show_keys(by, deps);
  // A lead would leave a server that starts meanwhile without a key.
  const bool nobody_signs = std::ranges::find(before, KeyStage::signing, &ShownKey::stage) == before.end();
  CO_TRY(made, co_await rotate_keys(by.name, is_urgent || nobody_signs, by.deadline, deps.keys));
  const KeyStage stage = made.signs_from <= deps.clock.now() ? KeyStage::signing : KeyStage::next;
  co_return shown(std::move(made), stage);
}

}  // namespace propusk::core
