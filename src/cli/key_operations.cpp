// Signing keys as operators see them: names and times, never what is in them.
#include "cli/key_operations.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "core/admin/key_administration.hpp"

namespace propusk::cli {
namespace {
namespace json = boost::json;

json::object written(const core::ShownKey& key) {
  return {{"kid", key.kid},
          {"algorithm", core::signing_algorithm_name(key.algorithm)},
          {"state", core::key_stage_name(key.stage)},
          {"created_at", time_text(key.created_at)},
          {"signs_from", time_text(key.signs_from)},
          {"retires_at", time_text(key.retires_at)}};
}
}  // namespace

Task<OperationOutcome> key_list(const Operation& operation, core::AdministrationDeps deps) {
  json::array list;
  for (const core::ShownKey& key : co_await core::show_keys(operation.by, deps)) list.push_back(written(key));
  co_return OperationResult{{{"keys", std::move(list)}}};
}

Task<OperationOutcome> key_rotate(const Operation& operation, core::AdministrationDeps deps) {
  CO_TRY(key, co_await core::make_next_key(flag_of(operation.request, "urgent"), operation.by, deps));
  co_return OperationResult{written(key)};
}

}  // namespace propusk::cli
