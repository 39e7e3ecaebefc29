// Credential administration: what an operator may do to sessions and tokens. Every ending leaves an audit event in its
// transaction.
#pragma once
#include <vector>

#include "base/task.hpp"
#include "core/admin/administration.hpp"
#include "core/sessions/credential.hpp"

namespace propusk::core {

/// Newest first, only live ones of one family. Refuses account_unknown.
Task<Result<std::vector<Credential>>> list_credentials(AccountId account, CredentialFamily family, Operator by,
                                                       AdministrationDeps deps);
/// Ends one, and with it what was derived from it: the access JWTs of a sign-in. Refuses not_signed_in if there is no
/// such credential.
Task<Result<void>> revoke_credential(Digest digest, Operator by, AdministrationDeps deps);
/// Ends every token of an account and returns how many were live; without one nothing is written. Refuses
/// account_unknown.
Task<Result<std::size_t>> revoke_tokens(AccountId account, Operator by, AdministrationDeps deps);
/// Ends every session and token of an account; mailed links that are out end with them. Refuses account_unknown.
Task<Result<void>> sign_out_everywhere(AccountId account, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
