// The table of pathways: every route that opens a credential, what it answers in each state of an account, and what
// becomes of the credential that it gave before the account came into that state. Written by hand, compared cell by
// cell by pathways_test.cpp; tools/check_pathways.py fails for a route that has no row.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "core/sessions/credential.hpp"

namespace propusk::testing {

enum class AccountCase : std::uint8_t {
  active,            ///< its address was proved by a mailed link
  pending,           ///< registered and not activated; for credentials: its address was changed, so it waits again
  disabled,          ///< by an operator
  deleted,           ///< by an operator
  password_changed,  ///< by its owner, through another credential of the same kind
  locked,            ///< ten wrong passwords: signing in is limited
  unverified,        ///< active, and nobody has proved the address
};
inline constexpr std::size_t account_case_count = static_cast<std::size_t>(AccountCase::unverified) + 1;

/// An answer, with `*` where it says something fresh: a token, the number of an account, how many seconds to wait.
struct Verdict {
  int status = 0;
  std::string_view body;
  bool says_when = false;  ///< Retry-After: the refusal is about how often, and passes
  friend constexpr bool operator==(const Verdict&, const Verdict&) = default;
};

struct Cell {
  AccountCase account_case{};
  Verdict asked;   ///< the route, with what was right before
  Verdict before;  ///< the credential that it gave before
};

struct Pathway {
  std::string_view dialect, handler;
  core::CredentialKind kind{};
  std::array<Cell, account_case_count> cells;
  Verdict asked_anew;  ///< after the password has changed: with what is right now
  Verdict changer;     ///< after the password has changed: the credential that changed it
};

// What the dialects say; to the byte.
inline constexpr Verdict mobile_in{200, ""}, mobile_out{405, ""};
inline constexpr Verdict mobile_limited{405, "", true};
inline constexpr Verdict mobile_live{200, "Yes"}, mobile_dead{405, ""};

inline constexpr Verdict envelope_in{200, R"({"status": 1, "result": {"email": "ann@example.com"}, "error": 0})"};
inline constexpr Verdict envelope_out{200, R"({"status": 0, "result": {}, "error": 41})"};
inline constexpr Verdict envelope_limited{200, R"({"status": 0, "result": {}, "error": 41})", true};
inline constexpr Verdict envelope_inactive{200, R"({"status": 0, "result": {}, "error": 42})"};

inline constexpr Verdict edit_done{200, R"({"status": 1, "result": {"new_password": true}, "error": 0})"};
inline constexpr Verdict edit_out{200, R"({"status": 0, "result": {"new_password": false}, "error": 41})"};
inline constexpr Verdict edit_limited{200, R"({"status": 0, "result": {"new_password": false}, "error": 41})", true};
inline constexpr Verdict edit_inactive{200, R"({"status": 0, "result": {"new_password": false}, "error": 42})"};

inline constexpr Verdict token_in{200, R"({"auth_token":"*"})"};
inline constexpr Verdict token_out{400, R"({"non_field_errors":["Unable to log in with provided credentials."]})"};
inline constexpr Verdict throttled{429, R"({"detail":"Request was throttled. Expected available in * seconds."})",
                                   true};
inline constexpr Verdict me{200, R"({"email":"ann@example.com","id":*,"username":"ann"})"};
inline constexpr Verdict token_dead{401, R"({"detail":"Invalid token."})"};
inline constexpr Verdict token_inactive{401, R"({"detail":"User inactive or deleted."})"};

inline constexpr Verdict jwt_in{200, R"({"refresh":"*","access":"*"})"};
inline constexpr Verdict jwt_out{401, R"({"detail":"No active account found with the given credentials"})"};
inline constexpr Verdict access_dead{
    401, R"({"detail":"Given token not valid for any token type","code":"token_not_valid","messages":)"
         R"([{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]})"};
inline constexpr Verdict access_inactive{401, R"({"detail":"User is inactive","code":"user_inactive"})"};
inline constexpr Verdict bearer_dead{401, R"({"detail":"Invalid token header. No credentials provided."})"};
inline constexpr Verdict bearer_inactive{401, R"({"detail":"User inactive or deleted."})"};
inline constexpr Verdict refresh_in{200, R"({"access":"*","refresh":"*"})"};
inline constexpr Verdict refresh_out{401, R"({"detail":"Token is invalid or expired","code":"token_not_valid"})"};

inline constexpr Verdict provider_in{201, R"({"access":"*","refresh":"*","user":"ann"})"};
inline constexpr Verdict provider_out{400, R"({"non_field_errors":["Your credentials aren't allowed"]})"};

inline constexpr Verdict oauth_in{
    200, R"({"access_token":"*","expires_in":36000,"token_type":"Bearer","scope":"read write","refresh_token":"*"})"};
inline constexpr Verdict oauth_out{400, R"({"error":"invalid_grant"})"};
inline constexpr Verdict oauth_wrong{400,
                                     R"({"error":"invalid_grant","error_description":"Invalid credentials given."})"};
inline constexpr Verdict oauth_inactive{400,
                                        R"({"error":"invalid_grant","error_description":"User inactive or deleted."})"};

// Pages: where they lead to, else what is wrong with a field, else their title.
inline constexpr Verdict page_in{303, "/accounts/"}, page_back{302, "/accounts/"}, page_live{200, "Your account"};
inline constexpr Verdict page_dead{302, "/accounts/login/?next=/accounts/"};
inline constexpr Verdict page_wrong{400, "The name or the password is wrong"};
inline constexpr Verdict page_limited{429, "Too many attempts", true};
inline constexpr Verdict page_changed{303, "/accounts/?done=password"};
inline constexpr Verdict page_sign_in{303, "/accounts/login/?next=/accounts/password/"};
inline constexpr Verdict page_disabled{403, "This account is not active"};

inline constexpr std::array pathways{
    Pathway{.dialect = "mobile",
            .handler = "post_login",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, mobile_in, mobile_live},
                {AccountCase::pending, mobile_out, mobile_dead},
                {AccountCase::disabled, mobile_out, mobile_dead},
                {AccountCase::deleted, mobile_out, mobile_dead},
                {AccountCase::password_changed, mobile_out, mobile_dead},
                {AccountCase::locked, mobile_limited, mobile_live},
                {AccountCase::unverified, mobile_in, mobile_live},
            }},
            .asked_anew = mobile_in,
            .changer = mobile_live},
    Pathway{.dialect = "envelope",
            .handler = "post_login",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, envelope_in, envelope_in},
                {AccountCase::pending, envelope_inactive, envelope_inactive},
                {AccountCase::disabled, envelope_inactive, envelope_inactive},
                {AccountCase::deleted, envelope_out, envelope_out},
                {AccountCase::password_changed, envelope_out, envelope_out},
                {AccountCase::locked, envelope_limited, envelope_in},
                {AccountCase::unverified, envelope_in, envelope_in},
            }},
            .asked_anew = envelope_in,
            .changer = envelope_in},
    // Asked with the session and the password: a new password gives a fresh session in the place of the old one.
    Pathway{.dialect = "envelope",
            .handler = "post_edit",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, edit_done, envelope_in},
                {AccountCase::pending, edit_inactive, envelope_inactive},
                {AccountCase::disabled, edit_inactive, envelope_inactive},
                {AccountCase::deleted, edit_out, envelope_out},
                {AccountCase::password_changed, edit_out, envelope_out},
                {AccountCase::locked, edit_limited, envelope_in},
                {AccountCase::unverified, edit_done, envelope_in},
            }},
            .asked_anew = edit_done,
            .changer = envelope_in},
    Pathway{.dialect = "djoser",
            .handler = "post_token_login",
            .kind = core::CredentialKind::auth_token,
            .cells = {{
                {AccountCase::active, token_in, me},
                {AccountCase::pending, token_out, token_inactive},
                {AccountCase::disabled, token_out, token_inactive},
                {AccountCase::deleted, token_out, token_dead},
                {AccountCase::password_changed, token_out, token_dead},
                {AccountCase::locked, throttled, me},
                {AccountCase::unverified, token_in, me},
            }},
            .asked_anew = token_in,
            .changer = me},
    Pathway{.dialect = "djoser",
            .handler = "post_jwt_create",
            .kind = core::CredentialKind::jwt_refresh,
            .cells = {{
                {AccountCase::active, jwt_in, me},
                {AccountCase::pending, jwt_out, access_inactive},
                {AccountCase::disabled, jwt_out, access_inactive},
                {AccountCase::deleted, jwt_out, access_dead},
                {AccountCase::password_changed, jwt_out, access_dead},
                {AccountCase::locked, throttled, me},
                {AccountCase::unverified, jwt_in, me},
            }},
            .asked_anew = jwt_in,
            .changer = me},
    // Asked with a refresh token from before; passwords, and how many were wrong, are nothing to it. What it gives is
    // shown as `Bearer` here, and as `JWT` above.
    Pathway{.dialect = "djoser",
            .handler = "post_jwt_refresh",
            .kind = core::CredentialKind::jwt_refresh,
            .cells = {{
                {AccountCase::active, refresh_in, me},
                {AccountCase::pending, refresh_out, bearer_inactive},
                {AccountCase::disabled, refresh_out, bearer_inactive},
                {AccountCase::deleted, refresh_out, bearer_dead},
                {AccountCase::password_changed, refresh_out, bearer_dead},
                {AccountCase::locked, refresh_in, me},
                {AccountCase::unverified, refresh_in, me},
            }},
            .asked_anew = refresh_in,
            .changer = me},
    Pathway{.dialect = "djoser",
            .handler = "post_provider",
            .kind = core::CredentialKind::jwt_refresh,
            .cells = {{
                {AccountCase::active, provider_in, me},
                {AccountCase::pending, provider_out, access_inactive},
                {AccountCase::disabled, provider_out, access_inactive},
                {AccountCase::deleted, provider_in, access_dead},
                {AccountCase::password_changed, provider_in, access_dead},
                {AccountCase::locked, provider_in, me},
                {AccountCase::unverified, provider_in, me},
            }},
            .asked_anew = provider_in,
            .changer = me},
    Pathway{.dialect = "oauth",
            .handler = "by_password",
            .kind = core::CredentialKind::oauth_access,
            .cells = {{
                {AccountCase::active, oauth_in, me},
                {AccountCase::pending, oauth_wrong, bearer_inactive},
                {AccountCase::disabled, oauth_wrong, bearer_inactive},
                {AccountCase::deleted, oauth_wrong, bearer_dead},
                {AccountCase::password_changed, oauth_wrong, bearer_dead},
                {AccountCase::locked, throttled, me},
                {AccountCase::unverified, oauth_in, me},
            }},
            .asked_anew = oauth_in,
            .changer = me},
    // Asked with a refresh token from before.
    Pathway{.dialect = "oauth",
            .handler = "by_refresh_token",
            .kind = core::CredentialKind::oauth_refresh,
            .cells = {{
                {AccountCase::active, oauth_in, me},
                {AccountCase::pending, oauth_inactive, bearer_inactive},
                {AccountCase::disabled, oauth_inactive, bearer_inactive},
                {AccountCase::deleted, oauth_out, bearer_dead},
                {AccountCase::password_changed, oauth_out, bearer_dead},
                {AccountCase::locked, oauth_in, me},
                {AccountCase::unverified, oauth_in, me},
            }},
            .asked_anew = oauth_in,
            .changer = me},
    // Asked with a code from before.
    Pathway{.dialect = "oauth",
            .handler = "by_authorization_code",
            .kind = core::CredentialKind::oauth_refresh,
            .cells = {{
                {AccountCase::active, oauth_in, me},
                {AccountCase::pending, oauth_out, bearer_inactive},
                {AccountCase::disabled, oauth_out, bearer_inactive},
                {AccountCase::deleted, oauth_out, bearer_dead},
                {AccountCase::password_changed, oauth_out, bearer_dead},
                {AccountCase::locked, oauth_in, me},
                {AccountCase::unverified, oauth_in, me},
            }},
            .asked_anew = oauth_in,
            .changer = me},
    // A provider vouches: passwords are nothing to it, and of a deleted account's person it makes another account.
    Pathway{.dialect = "oauth",
            .handler = "post_convert_token",
            .kind = core::CredentialKind::oauth_refresh,
            .cells = {{
                {AccountCase::active, oauth_in, me},
                {AccountCase::pending, oauth_inactive, bearer_inactive},
                {AccountCase::disabled, oauth_inactive, bearer_inactive},
                {AccountCase::deleted, oauth_in, bearer_dead},
                {AccountCase::password_changed, oauth_in, bearer_dead},
                {AccountCase::locked, oauth_in, me},
                {AccountCase::unverified, oauth_in, me},
            }},
            .asked_anew = oauth_in,
            .changer = me},
    Pathway{.dialect = "web",
            .handler = "post_sign_in",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, page_in, page_live},
                {AccountCase::pending, page_disabled, page_dead},
                {AccountCase::disabled, page_disabled, page_dead},
                {AccountCase::deleted, page_wrong, page_dead},
                {AccountCase::password_changed, page_wrong, page_dead},
                {AccountCase::locked, page_limited, page_live},
                {AccountCase::unverified, page_in, page_live},
            }},
            .asked_anew = page_in,
            .changer = page_live},
    // Asked with the session and the password: a new password gives a fresh session in the place of the old one.
    Pathway{.dialect = "web",
            .handler = "post_password",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, page_changed, page_live},
                {AccountCase::pending, page_sign_in, page_dead},
                {AccountCase::disabled, page_sign_in, page_dead},
                {AccountCase::deleted, page_sign_in, page_dead},
                {AccountCase::password_changed, page_sign_in, page_dead},
                {AccountCase::locked, page_limited, page_live},
                {AccountCase::unverified, page_changed, page_live},
            }},
            .asked_anew = page_changed,
            .changer = page_live},
    Pathway{.dialect = "web",
            .handler = "get_provider_complete",
            .kind = core::CredentialKind::browser_session,
            .cells = {{
                {AccountCase::active, page_back, page_live},
                {AccountCase::pending, page_disabled, page_dead},
                {AccountCase::disabled, page_disabled, page_dead},
                {AccountCase::deleted, page_back, page_dead},
                {AccountCase::password_changed, page_back, page_dead},
                {AccountCase::locked, page_back, page_live},
                {AccountCase::unverified, page_back, page_live},
            }},
            .asked_anew = page_back,
            .changer = page_live},
};
/// Two verdicts per state, and two more where the password has changed.
inline constexpr std::size_t pathway_cells = pathways.size() * (2 * account_case_count + 2);

constexpr bool has_pathway(core::CredentialKind kind) {
  return std::ranges::any_of(pathways, [kind](const Pathway& row) { return row.kind == kind; });
}
constexpr bool every_kind_has_a_pathway() {
  return std::ranges::all_of(core::credential_kinds,
                             [](const core::CredentialKindRow& row) { return has_pathway(row.kind); });
}
constexpr bool every_case_is_in_its_place() {
  for (const Pathway& row : pathways)
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      if (static_cast<std::size_t>(row.cells[i].account_case) != i || row.cells[i].asked.status == 0) return false;
  return true;
}
static_assert(every_kind_has_a_pathway(),
              "a kind of credential has no row: say above which route gives it, and what "
              "becomes of it in each state");
static_assert(every_case_is_in_its_place(), "each row has every state once, in order");

}  // namespace propusk::testing
