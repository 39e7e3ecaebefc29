// docs/reference/configuration.md, made from the table of keys.
#include <fmt/format.h>

#include "config/load.hpp"
#include "config/schema.hpp"
#include "config/values.hpp"

namespace propusk::config {
namespace {

constexpr std::string_view introduction =
    R"(<!-- Made by `propusk config reference`; change src/config/schema.cpp instead. -->
# Configuration

No key is required. A value comes from, the later winning over the earlier:

1. the default below;
2. the TOML file named by `--config FILE`: `[server]`, then `listen = "127.0.0.1:8080"`;
3. the environment: `PROPUSK_SERVER__LISTEN=127.0.0.1:8080`, lists with commas;
4. flags: `--set server.listen=127.0.0.1:8080`, and `--listen` for short.

An unknown key is an error that names the nearest one. Every problem is reported at once. `propusk config print` shows
the effective values and where each came from, never a secret. Changes hold from the next start.
Durations are a number and one of `ms`, `s`, `m`, `h`, `d`. Sizes are in bytes unless the name says otherwise.
)";

std::string default_of(const Key& key) {
  std::string text = show(key, Settings{});
  switch (form_of(key)) {
    case Form::text: return in_quotes(text);
    case Form::list: return "[" + text + "]";
    case Form::number:
    case Form::boolean: break;
  }
  return text;
}

std::string_view section_of(const Key& key) { return key.path.substr(0, key.path.rfind('.')); }

}  // namespace

std::string reference() {
  std::string page(introduction);
  std::string_view section;
  for (const Key& key : keys()) {
    if (section_of(key) != section) {
      section = section_of(key);
      page += fmt::format("\n## [{}]\n\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n", section);
    }
    page += fmt::format("| `{}` | {} | `{}` | {} |\n", key.path.substr(section.size() + 1), describe_type(key),
                        default_of(key), key.help);
  }
  return page;
}

}  // namespace propusk::config
