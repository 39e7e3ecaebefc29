// POST disconnect-backend: the owner of the token disconnects a provider.
#include "core/social/connections.hpp"

#include "dialects/oauth/handlers.hpp"
#include "dialects/oauth/wire.hpp"

namespace propusk::oauth {
namespace {
Rules rules() {
  return {{.name = "backend", .max_length = 200},
          {.name = "association_id", .is_required = false, .may_be_blank = true}};
}

void send_disconnection_refusal(const Visit& visit, const core::Refused& refused) {
  if (refused.why == core::Refusal::identity_unknown)
    return drf::send_field_error(visit, "backend", "Invalid backend.");
  if (refused.why == core::Refusal::last_way_in)
    return drf::send_field_error(visit, "backend", "This is the only way into the account: set a password first.");
  send_refusal(visit, refused);
}
}  // namespace

Task<void> post_disconnect_backend(const Visit& visit) {
  const std::optional<Form> form = drf::read_good_form(visit, rules());
  if (!form) co_return;
  const core::Result<void> ended = co_await core::disconnect_identity(
      {.bearer = visit.owner(), .provider = form->text("backend")}, visit.request.caller, visit.oauth.social);
  if (!ended) co_return send_disconnection_refusal(visit, ended.error());
  drf::send_nothing(visit, 204);
}

}  // namespace propusk::oauth
