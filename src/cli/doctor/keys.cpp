// The sealing key against what it sealed.
#include <optional>
#include <utility>

#include "base/outage.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/file_access.hpp"
#include "platform/jose/key_file.hpp"
#include "platform/jose/key_ring.hpp"

namespace propusk::cli::doctor {
namespace {

constexpr const char* put_it_back =
    "put back the key file from a backup or from another node; if it is lost, `propusk key rotate --urgent` makes a "
    "new "
    "key and ends every JWT";

/// Causes of the key file are written as findings are: what is wrong, a colon, what to do.
Finding finding_of(const Outage& outage) {
  const std::string& cause = outage.cause();
  const auto colon = cause.rfind(": ");
  return colon == std::string::npos ? error(cause, put_it_back)
                                    : error(cause.substr(0, colon), cause.substr(colon + 2));
}

}  // namespace

Findings keys(const Ward& ward) {
  const auto& rows = ward.store.signing_keys;
  const auto file = ward.installation.data_directory / "keys" / "sealing.key";
  std::optional<platform::SealingKey> key;
  try {
    key = platform::read_key_file(file, server_user(ward.installation.data_directory));
  } catch (const Outage& outage) {
    return {finding_of(outage)};
  }
  if (!rows) return {};  // what is wrong with the database is said already
  if (!key && rows->empty()) return {fine(file.string() + " will be made at the first start")};
  if (!key)
    return {error(file.string() + " is lost, and the signing keys in the database are sealed with it", put_it_back)};
  try {
    platform::JoseKeyRing(std::move(*key), ward.random).take(*rows);
  } catch (const Outage&) {
    return {error(file.string() + " is not the key that sealed the signing keys in the database", put_it_back)};
  }
  return {fine(file.string() + " opens every signing key in the database")};
}

}  // namespace propusk::cli::doctor
