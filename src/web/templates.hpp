// Templates: the compiled HTML of the pages. Every value is escaped for the place where it stands.
#pragma once
#include <memory>
#include <string>

namespace ctemplate {
class TemplateCache;
class TemplateDictionary;
}  // namespace ctemplate

namespace propusk::web {

class Templates {
 public:
  /// Compiles what is built in; throws Bug if a template is broken.
  Templates();
  ~Templates();
  Templates(Templates&&) noexcept;
  Templates& operator=(Templates&&) noexcept;
  /// The layout with the values of `page`, which names its content. Thread-safe.
  [[nodiscard]] std::string print(const ctemplate::TemplateDictionary& page) const;

 private:
  std::unique_ptr<ctemplate::TemplateCache> cache_;
};

}  // namespace propusk::web
