// Connections to providers as operators see them.
#include "cli/social_operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "cli/account_operations.hpp"
#include "core/admin/social_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;

json::object written(const core::SocialLink& link) {
  return {{"provider", link.provider},         {"subject", link.subject}, {"display", link.display},
          {"imported", link.is_imported},      {"mailbox", link.mailbox}, {"created_at", time_text(link.created_at)},
          {"used_at", time_text(link.used_at)}};
}
}  // namespace

Task<OperationOutcome> social_list(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const std::vector<core::SocialLink> links = co_await core::list_social_links(account.id, operation.by, deps);
  json::array list;
  for (const core::SocialLink& link : links) list.push_back(written(link));
  co_return OperationResult{{{"connections", std::move(list)}}};
}

Task<OperationOutcome> social_disconnect(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(account, co_await account_of(operation, deps));
  const std::string subject = text_of(operation.request, "subject");
  const core::Result<std::size_t> ended =
      co_await core::disconnect_by_word(account.id, text_of(operation.request, "provider"),
                                        subject.empty() ? std::nullopt : std::optional(subject), operation.by, deps);
  if (ended) co_return OperationResult{{{"username", account.username}, {"ended", static_cast<std::int64_t>(*ended)}}};
  if (ended.error().why == core::Refusal::last_way_in)
    co_return std::unexpected(OperationFailure(
        ended.error(), "it is the only way into the account: give it a password first, with `account set-password`"));
  co_return std::unexpected(OperationFailure(ended.error()));
}

}  // namespace propusk::cli
