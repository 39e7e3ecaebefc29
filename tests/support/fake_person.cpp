// Names are parsed, so that a test needs no registration to ask about anybody.
#include "tests/support/fake_person.hpp"

#include <algorithm>

namespace propusk::testing {
namespace {
bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
}  // namespace

std::optional<FakeToken> token_by_name(std::string_view name, const std::string& own_client,
                                       const std::string& domain) {
  for (const std::string_view kind : {"good", "theirs", "noemail"}) {
    if (!name.starts_with(kind) || !is_number(name.substr(kind.size()))) continue;
    const std::string number(name.substr(kind.size()));
    FakePerson person{
        .id = number, .username = "good" + number, .email = "", .first_name = "Anna", .last_name = "Ivanova"};
    if (kind != "noemail") person.email = person.username + "@" + domain;
    return FakeToken{.person = std::move(person), .client = kind == "theirs" ? "somebody-elses-app" : own_client};
  }
  return std::nullopt;
}

std::optional<UpstreamAnswer> misbehaviour(std::string_view name) {
  if (name == "down") return UpstreamAnswer{.status = 503, .body = "upstream-secret: try later"};
  if (name == "garbage") return UpstreamAnswer{.body = "<html>upstream-secret</html>"};
  if (name == "nosubject") return json_answer("{}");
  if (name == "huge") return json_answer(R"({"sub":"1","id":"1","filler":")" + std::string(70'000, 'x') + "\"}");
  if (name == "slow") return UpstreamAnswer{.body = "{}", .delay = std::chrono::seconds{10}};
  if (name == "redirect")
    return UpstreamAnswer{.status = 302, .headers = {{"Location", "http://169.254.169.254/latest/meta-data/"}}};
  return std::nullopt;
}

}  // namespace propusk::testing
