// The session of the hosted pages: the cookie that every dialect with cookies shares, whose account it is of, and the
// proof that a form was ours (docs/adr/0027-the-account-pages-have-a-session-of-their-own.md).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "browser/session_cookie.hpp"
#include "core/profile/own_account.hpp"
#include "core/refusal.hpp"
#include "http/form.hpp"
#include "web/page.hpp"

namespace propusk::web {

/// Ties a form to a session: derived from its key, so that nothing is kept for it, and telling nothing of the key.
std::string form_token(std::string_view key);

/// Who is signed in.
struct Owner {
  core::OwnAccount account;
  std::string form_token;  ///< for the forms of this session
};

/// Begins a visit to a page on which a cookie stands for a person: its forms tell where they come from
/// (Referrer-Policy).
Visit begin_account_visit(const Web& web, const http::Request& request, http::Reply& reply);

/// Whoever the cookie stands for; nothing for nobody: then a cookie that stands for nobody any more is removed with the
/// answer. Refuses limited.
Task<core::Result<std::optional<Owner>>> find_owner(const Web& web, const Visit& visit);
/// The same for pages that are the owner's alone: without one, the answer leads to where to sign in and back here.
Task<std::optional<Owner>> admit_owner(const Web& web, const Visit& visit);

struct OwnedForm {
  Owner owner;
  http::Form form;
};
/// The fields of a form that a browser posts from a page of ours, by Sec-Fetch-Site or Origin; else nothing, and the
/// page that says why is written. For forms that do not need somebody signed in: a cookie is set by their answer.
std::optional<http::Form> admit_own_form(const Visit& visit);
/// The same with its owner: the form also carries the owner's form_token.
Task<std::optional<OwnedForm>> admit_owned_form(const Web& web, const Visit& visit);

/// The page of a refusal that is not a field's: who is not signed in any more goes to sign in, whose sign-in is too old
/// is asked to sign in once more.
void refuse_owner(const Web& web, const Visit& visit, const core::Refused& refused);

/// Sets the cookie of a session that was opened; the answer must have begun.
void keep_session(const Web& web, const Visit& visit, std::string_view key);
/// Removes it.
void drop_session(const Web& web, const Visit& visit);

}  // namespace propusk::web
