// Stored names of kinds and states.
#include "core/outbox/mail.hpp"

#include <array>

#include "base/encoding.hpp"

namespace propusk::core {

std::optional<MailKind> mail_kind(std::string_view name) {
  for (const MailKindRow& row : mail_kinds)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

std::string_view mail_state_name(MailState state) {
  switch (state) {
    case MailState::queued: return "queued";
    case MailState::sent: return "sent";
    case MailState::dead: return "dead";
    case MailState::expired: return "expired";
    case MailState::cancelled: return "cancelled";
  }
  return "";
}

std::optional<MailState> mail_state(std::string_view name) {
  using enum MailState;
  for (MailState state : {queued, sent, dead, expired, cancelled})
    if (mail_state_name(state) == name) return state;
  return std::nullopt;
}

MailId draw_mail_id(Random& random) { return MailId{static_cast<std::int64_t>(random.below(INT64_MAX)) + 1}; }

std::string mail_id_text(MailId id) {
  std::array<std::byte, 8> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::byte>(static_cast<std::uint64_t>(id) >> (8 * (bytes.size() - 1 - i)));
  return to_hex(bytes);
}

std::optional<MailId> mail_id(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 8) return std::nullopt;
  std::uint64_t id = 0;
  for (std::byte byte : *bytes) id = id << 8 | std::to_integer<std::uint64_t>(byte);
  if (id == 0 || id > INT64_MAX) return std::nullopt;
  return MailId{static_cast<std::int64_t>(id)};
}

}  // namespace propusk::core
