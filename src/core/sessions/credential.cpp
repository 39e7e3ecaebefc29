// Looks kinds up in the registry.
#include "core/sessions/credential.hpp"

#include "base/encoding.hpp"

namespace propusk::core {

std::optional<CredentialKind> credential_kind(std::string_view name) {
  for (const CredentialKindRow& row : credential_kinds)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

std::string credential_id(const Credential& credential) {
  constexpr std::size_t id_digits = 16;
  return to_hex(credential.digest.bytes).substr(0, id_digits);
}

}  // namespace propusk::core
