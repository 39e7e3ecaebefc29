// View: what stands behind one path, as Django REST framework runs it: negotiation, authentication, permission, method,
// and only then the body (rest_framework/views.py, APIView.dispatch).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/language.hpp"
#include "core/sessions/bearer.hpp"
#include "dialects/drf/site.hpp"
#include "dialects/drf/texts.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace propusk::drf {

/// Who may come in.
enum class Door : std::uint8_t {
  open,       ///< anybody, but a bad Authorization header is 401 all the same
  bearer,     ///< whoever shows a live token
  unwatched,  ///< anybody; the header is not looked at (jwt/*)
};

/// What a view says of itself.
struct Label {
  std::string_view name, description;  ///< what OPTIONS tells
  std::string_view allow;              ///< as recorded, in Django's order
};

/// One request to a view; lives in the frame that serves it. Dialects add what their handlers need.
struct Visit {
  Site& site;
  const Label& label;
  const http::Request& request;
  http::Reply& reply;
  Language language;
  std::optional<core::Bearer> bearer{};  ///< whose token was shown
  core::SharedTerms terms{};             ///< of the token, if a client got it

  [[nodiscard]] std::string say(Sentence sentence, std::initializer_list<Hole> holes = {}) const {
    return drf::say(sentence, language, holes);
  }
  [[nodiscard]] const core::Bearer& owner() const { return *bearer; }  ///< behind Door::bearer
};

/// What the answer is written in.
Language language_for(const Site& site, const http::Request& request);
/// Whether the client takes what we send. False: the answer is written.
bool negotiate(const Visit& visit);
/// Whether whoever asks may come in: by the Authorization header, and by the scope of a client's token, which says
/// `read` for safe methods and `write` for others. False: the answer is written.
Task<bool> let_in(Visit& visit, Door door);
/// What a method without an action is told: OPTIONS the metadata, anything else 405.
void send_without_action(const Visit& visit, std::string_view actions = "");

// authentication.cpp
/// Sets the bearer of a good Authorization header; none is fine too. False: the header is bad, and the 401 or 429 is
/// written.
Task<bool> authenticate(Visit& visit);
/// A secret as it was presented.
struct Presented {
  Digest digest;
  core::CredentialKind kind{};
};
/// The secret of a header as every client of ours writes it, `Token <40hex>` or `Bearer <30 letters and digits>`;
/// nothing for any other header.
std::optional<Presented> plain_secret(const http::Request& request);

}  // namespace propusk::drf
