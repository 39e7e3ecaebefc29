// POST token/logout: ends the presented token, or all of the account.
#include "dialects/djoser/handlers.hpp"
#include "dialects/djoser/wire.hpp"

namespace propusk::djoser {

Task<void> post_token_logout(const Visit& visit) {
  const core::Bearer& bearer = visit.owner();
  const core::SessionDeps& sessions = visit.site.sessions;
  const core::Result<void> ended =
      visit.djoser.settings.ends_all_tokens
          ? co_await core::end_all_tokens(bearer.account, visit.request.caller, sessions)
          : co_await core::end_session(bearer.credential, bearer.kind, visit.request.caller, sessions);
  if (!ended) co_return send_refusal(visit, ended.error());
  send_nothing(visit, 204);
}

}  // namespace propusk::djoser
