// Looks kinds up in the registry.
#include "core/sessions/credential.hpp"

namespace propusk::core {

std::optional<CredentialKind> credential_kind(std::string_view name) {
  for (const CredentialKindRow& row : credential_kinds)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

}  // namespace propusk::core
