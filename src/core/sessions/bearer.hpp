// Bearer: what a request shows of a signed-in person, for what is done inside a transaction.
#pragma once
#include "base/digest.hpp"
#include "core/sessions/credential.hpp"

namespace propusk::core {

/// Who asks: the account of a live credential, and that credential.
struct Bearer {
  AccountId account{};
  Digest credential;
  CredentialKind kind{};
};
}  // namespace propusk::core
