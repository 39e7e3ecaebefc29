// MailTemplates: the words of each letter, in every language; built in, or an operator's own.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "core/outbox/mailer.hpp"

namespace propusk::platform {

/// What a letter says. UTF-8, lines end with LF.
struct MailWords {
  std::string subject;  ///< one printable line
  std::string text;
  std::string html;  ///< a whole document without anything remote
};
/// Who says it.
struct MailSite {
  std::string name, origin;
};

class MailTemplates {
 public:
  /// Compiles the built-in templates; a file of the same name in `overrides` ("" = none) replaces one, names that begin
  /// with a dot are left alone. Throws Outage `FILE:LINE: what is wrong and what to do` for a file that cannot be used
  /// (template_check.hpp) or is none of ours, and when the directory cannot be read.
  explicit MailTemplates(const std::filesystem::path& overrides);
  ~MailTemplates();

  /// Texts of the letter may hold anything: each becomes one line of printable text, and HTML escapes it.
  [[nodiscard]] MailWords words(const core::Letter& letter, const MailSite& site) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace propusk::platform
