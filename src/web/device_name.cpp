// Browsers name those before them too, so the more particular mark comes first.
#include "web/device_name.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace propusk::web {
namespace {
struct Mark {
  std::string_view token, name;
};
constexpr Mark browsers[] = {{"YaBrowser/", "Yandex Browser"},
                             {"Edg", "Edge"},
                             {"OPR/", "Opera"},
                             {"SamsungBrowser/", "Samsung Internet"},
                             {"Vivaldi/", "Vivaldi"},
                             {"FxiOS/", "Firefox"},
                             {"CriOS/", "Chrome"},
                             {"Firefox/", "Firefox"},
                             {"Chromium/", "Chromium"},
                             {"Chrome/", "Chrome"},
                             {"Safari/", "Safari"}};
constexpr Mark systems[] = {{"iPhone", "iPhone"},  {"iPad", "iPad"},     {"Android", "Android"}, {"Windows", "Windows"},
                            {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}};

std::string_view find(std::string_view user_agent, const auto& marks) {
  const auto found = std::ranges::find_if(marks, [&](const Mark& mark) { return user_agent.contains(mark.token); });
  return found == std::end(marks) ? std::string_view() : found->name;
}
}  // namespace

std::string device_name(std::string_view user_agent) {
  constexpr std::size_t longest = 40;  // characters; a line of the narrowest page
  const std::string_view browser = find(user_agent, browsers), system = find(user_agent, systems);
  if (!browser.empty()) {
    std::string name(browser);
    if (!system.empty()) name.append(", ").append(system);
    return name;
  }
  // Every browser begins with this, so alone it names none.
  if (user_agent.starts_with("Mozilla/")) return std::string(system);
  std::string product(user_agent.substr(0, user_agent.find_first_of(" (;")));
  std::ranges::replace(product, '/', ' ');
  return filtered(product, [](char32_t) { return true; }, longest);
}

}  // namespace propusk::web
