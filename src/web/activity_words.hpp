// What happened to an account, in the words of its owner.
#pragma once
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "core/audit/audit.hpp"

namespace propusk::web {

std::string_view activity_words(core::AuditAction action, Language language);
/// The same with how often, where many are one event.
std::string told(const core::AuditEvent& event, Language language);
/// Who it was: an address, the operators, or the server itself.
std::string doer(const core::AuditEvent& event, Language language);

}  // namespace propusk::web
