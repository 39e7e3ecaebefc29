// Holds docs/reference/refusals.md against the code: each refusal's row says what the dialect really sends.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "core/refusal.hpp"
#include "dialects/djoser/wire.hpp"
#include "dialects/envelope/wire.hpp"
#include "dialects/mobile/wire.hpp"
#include "dialects/oauth/wire.hpp"
#include "web/handlers.hpp"

namespace propusk::testing {
namespace {

std::string djoser_cell(core::Refusal refusal) {
  constexpr const char* places[] = {"username", "email", "current_password",
                                    "uid",      "token", "detail"};  // by the order of djoser::Place
  const djoser::WireError error = djoser::to_wire(refusal);
  return std::to_string(error.status) + " `" + places[static_cast<std::size_t>(error.place)] + "`";
}

std::string envelope_cell(core::Refusal refusal) {
  const envelope::WireError error = envelope::to_wire(refusal);
  return std::to_string(error.status) + " `" + std::to_string(error.code) + "`";
}

/// A status that a setting decides is named by the setting.
std::string mobile_cell(core::Refusal refusal) {
  const mobile::WireError usual = mobile::to_wire(refusal, {.create_failure_status = 200, .cookie_domain = ""});
  const mobile::WireError changed = mobile::to_wire(refusal, {.create_failure_status = 503, .cookie_domain = ""});
  const std::string status =
      usual.status == changed.status ? std::to_string(usual.status) : "`create_failure_status` (setting)";
  return status + (usual.body.empty() ? "" : " `" + std::string(usual.body) + "`");
}

std::string oauth_cell(core::Refusal refusal) {
  const oauth::WireError error = oauth::to_wire(refusal);
  return std::to_string(error.status) + " `" + std::string(error.error) + "`";
}

/// The row that begins with this refusal's name; "" if there is none.
std::string row_of(core::Refusal refusal, const std::string& page) {
  const std::string beginning = "| `" + std::string(core::refusal_name(refusal)) + "` |";
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(beginning)) return line;
  return "";
}

TEST(RefusalsReference, SaysWhatEveryRefusalLooksLikeOnTheWire) {
  std::ifstream file(PROPUSK_SOURCE_DIR "/docs/reference/refusals.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  for (std::size_t i = 0; i < core::refusal_count; ++i) {
    const auto refusal = static_cast<core::Refusal>(i);
    const std::string row = row_of(refusal, page), cells = "| " + djoser_cell(refusal) + " | " +
                                                           envelope_cell(refusal) + " | " + mobile_cell(refusal) +
                                                           " | " + oauth_cell(refusal) + " | " +
                                                           std::to_string(web::to_page(refusal).status) + " |";
    EXPECT_TRUE(row.ends_with(cells)) << "run tools/generate_reference.sh: the row of " << core::refusal_name(refusal)
                                      << "\n  must end with " << cells << "\n  but is       " << row;
  }
}

}  // namespace
}  // namespace propusk::testing
