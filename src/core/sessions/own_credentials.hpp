// Own credentials: what is open of an account, listed and ended by its owner.
#pragma once
#include <string>
#include <vector>

#include "core/sessions/bearer.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {

/// Live credentials of the bearer's account, newest first; those that were issued under another are not shown beside
/// it. Refuses not_signed_in, account_disabled.
Task<Result<std::vector<Credential>>> list_own_credentials(Bearer bearer, const Caller& caller, SessionDeps deps);
/// Ends one, by its credential_id(), with what was issued under it. Returns how many ended: 0 if there is none. Refuses
/// as above, and limited.
Task<Result<std::size_t>> end_own_credential(Bearer bearer, std::string id, const Caller& caller, SessionDeps deps);
/// Ends all but the one that asks. Returns how many ended.
Task<Result<std::size_t>> end_other_credentials(Bearer bearer, const Caller& caller, SessionDeps deps);

}  // namespace propusk::core
