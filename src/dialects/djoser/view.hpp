// View: what stands behind one path, as Django REST framework runs it: negotiation, authentication, permission, method,
// and only then the body (rest_framework/views.py, APIView.dispatch).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/language.hpp"
#include "core/profile/changes.hpp"
#include "core/sessions/credential.hpp"
#include "dialects/djoser/djoser.hpp"
#include "dialects/djoser/texts.hpp"

namespace propusk::djoser {

/// Who may come in.
enum class Door : std::uint8_t {
  open,       ///< anybody, but a bad Authorization header is 401 all the same
  bearer,     ///< whoever shows a live token
  unwatched,  ///< anybody; the header is not looked at (jwt/*)
};

struct View;

/// One request to a view; lives in the frame that serves it.
struct Visit {
  Djoser& djoser;
  const View& view;
  const http::Request& request;
  http::Reply& reply;
  Language language;
  std::optional<core::Bearer> bearer{};  ///< whose token was shown

  [[nodiscard]] std::string say(Sentence sentence, std::initializer_list<Hole> holes = {}) const {
    return djoser::say(sentence, language, holes);
  }
  [[nodiscard]] const core::Bearer& owner() const { return *bearer; }  ///< behind Door::bearer
};

using Handler = Task<void> (*)(const Visit& visit);

struct Action {
  http::Method method;
  Door door;
  Handler handler;
};

struct View {
  std::string_view name, description;  ///< what OPTIONS tells
  std::string_view allow;              ///< as recorded, in Django's order
  Door otherwise;                      ///< of methods that have no action
  std::span<const Action> actions;
  bool has_sign_in_fields = false;  ///< OPTIONS lists them
};

/// Runs a request through `view` and writes the answer.
Task<void> serve(Djoser& djoser, const View& view, const http::Request& request, http::Reply& reply);

// authentication.cpp
/// Sets the bearer of a good Authorization header; none is fine too. False: the header is bad, and the 401 or 429 is
/// written.
Task<bool> authenticate(Visit& visit);
/// The digest of `Token <40hex>` written as every client of ours writes it; nothing for any other header.
std::optional<Digest> plain_token(const http::Request& request);

}  // namespace propusk::djoser
