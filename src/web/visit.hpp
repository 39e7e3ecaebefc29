// Visit: one request to a page, and the language in which it is answered.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "http/form.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"
#include "web/texts.hpp"
#include "web/web.hpp"

namespace propusk::web {

inline constexpr std::string_view language_cookie = "propusk_language";

/// What every page is made of.
struct Look {
  const http::CrossSiteGate& gate;
  std::string_view site_name;
  const Clock& clock;
  const Templates& templates;
  const Assets& assets;
};
inline Look look_of(const Web& web) { return {web.gate, web.site_name, web.clock, web.templates, web.assets}; }

/// Lives in the frame of its handler.
struct Visit {
  Look look;
  const http::Request& request;
  http::Reply& reply;
  Language language;
  bool chooses_language;       ///< by ?lang=: the answer remembers it
  bool is_of_account = false;  ///< its forms act for whom a cookie stands for, so they say where they come from
  std::string leads_to{};  ///< source to which the answer of its form may lead besides us (CSP form-action); "": none

  [[nodiscard]] std::string say(Text key) const { return std::string(text(key, language)); }
  /// The part of the path that the route calls `name`.
  [[nodiscard]] std::string_view part(std::string_view name) const;
};

/// Language: ?lang, else the cookie, else Accept-Language, else the default.
Visit begin_visit(const Look& look, const http::Request& request, http::Reply& reply);

inline Visit begin_visit(const Web& web, const http::Request& request, http::Reply& reply) {
  return begin_visit(look_of(web), request, reply);
}

/// Whether a browser posts for another site. Our own pages send no referrer, so a browser without Fetch Metadata says
/// `Origin: null` for their forms: it passes. That is no hole: what a form here does, it does by the secret in its path
/// or for anybody; no cookie stands for a person.
bool is_foreign_form(const http::CrossSiteGate& gate, const http::Request& request);

/// The fields of a form that may be acted upon; else nothing, and the 400 or 403 page is written.
std::optional<http::Form> admit_form(const Visit& visit);
/// The 403 page for a form of another site.
void send_foreign_form(const Visit& visit);
/// The fields of a form, whoever sent it; else nothing, and the 400 page is written.
std::optional<http::Form> read_fields(const Visit& visit);

}  // namespace propusk::web
