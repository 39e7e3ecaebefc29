// The cache is frozen after the start: nothing is read from disk, ever.
#include "web/templates.hpp"

#include <cstring>  // ctemplate's headers need it and do not include it

#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>

#include "base/bug.hpp"

namespace propusk::web {
namespace {
constexpr char layout[] = {
#embed "templates/layout.html"
};
constexpr char ask[] = {
#embed "templates/ask.html"
};
constexpr char password[] = {
#embed "templates/password.html"
};
constexpr char address[] = {
#embed "templates/address.html"
};
constexpr char activation[] = {
#embed "templates/activation.html"
};
constexpr char username[] = {
#embed "templates/username.html"
};
constexpr char undo[] = {
#embed "templates/undo.html"
};
constexpr char notice[] = {
#embed "templates/notice.html"
};
constexpr char consent[] = {
#embed "templates/consent.html"
};
constexpr char connections[] = {
#embed "templates/connections.html"
};
constexpr char apps[] = {
#embed "templates/apps.html"
};
constexpr char inbox[] = {
#embed "templates/inbox.html"
};
constexpr char letter[] = {
#embed "templates/letter.html"
};
constexpr char form[] = {
#embed "templates/form.html"
};
constexpr char account[] = {
#embed "templates/account.html"
};
constexpr char devices[] = {
#embed "templates/devices.html"
};
constexpr char activity[] = {
#embed "templates/activity.html"
};

template <std::size_t N>
void compile(ctemplate::TemplateCache& cache, const char* name, const char (&source)[N]) {
  require(cache.StringToTemplateCache(name, source, N, ctemplate::STRIP_BLANK_LINES), name);
}
}  // namespace

Templates::Templates() : cache_(std::make_unique<ctemplate::TemplateCache>()) {
  compile(*cache_, "layout", layout);
  compile(*cache_, "ask", ask);
  compile(*cache_, "password", password);
  compile(*cache_, "address", address);
  compile(*cache_, "activation", activation);
  compile(*cache_, "username", username);
  compile(*cache_, "undo", undo);
  compile(*cache_, "notice", notice);
  compile(*cache_, "consent", consent);
  compile(*cache_, "connections", connections);
  compile(*cache_, "apps", apps);
  compile(*cache_, "inbox", inbox);
  compile(*cache_, "letter", letter);
  compile(*cache_, "form", form);
  compile(*cache_, "account", account);
  compile(*cache_, "devices", devices);
  compile(*cache_, "activity", activity);
  cache_->Freeze();
}
Templates::~Templates() = default;
Templates::Templates(Templates&&) noexcept = default;
Templates& Templates::operator=(Templates&&) noexcept = default;

std::string Templates::print(const ctemplate::TemplateDictionary& page) const {
  std::string out;
  require(cache_->ExpandNoLoad("layout", ctemplate::STRIP_BLANK_LINES, &page, nullptr, &out), "a page can be printed");
  return out;
}

}  // namespace propusk::web
