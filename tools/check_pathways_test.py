#!/usr/bin/env python3
"""Does check_pathways bite? A route without a row must be found, however it comes to its credential, and nothing else."""
import pathlib
import re
import subprocess
import sys
import unittest

CHECK = pathlib.Path(__file__).with_name("check_pathways.py")
ROOT = CHECK.parent.parent
sys.path.insert(0, str(CHECK.parent))
sys.dont_write_bytecode = True
import check_pathways  # noqa: E402 (beside this file, wherever the tests are started)
import planted_tree  # noqa: E402

FIRST = "// Why this file exists.\n"
HEADER = FIRST + "#pragma once\n"
ROWS = '''inline constexpr std::array pathways{
    Pathway{.dialect = "mobile", .handler = "post_login", .kind = Kind::browser_session},
    Pathway{.dialect = "djoser",
            .handler = "post_jwt_refresh"},
};
'''

# A healthy tree: each row has its route, and what comes close opens nothing.
CLEAN = {
    check_pathways.TABLE: HEADER + ROWS,
    "src/core/sessions/sessions.hpp": HEADER + '''
struct CredentialDraft { Digest digest{}; };
/// Speaks of sign_in_with_password().
void open_session(const SessionGrant& grant, const CredentialDraft& draft);
Task<Result<void>> end_session(Digest digest);
''',
    "src/core/sign_in/sign_in.hpp": HEADER + '''
struct PasswordAttempt {
  std::string identifier;
  CredentialDraft draft{};
};
struct Watcher {
  void watch(const CredentialDraft& draft);
};
Task<Result<SignedIn>> sign_in_with_password(PasswordAttempt attempt, const Caller& caller);
Task<Result<bool>> has_password(AccountId account);
''',
    "src/core/sign_in/sign_in.cpp": FIRST + '''
void open(Grant grant, PasswordAttempt attempt) { open_session(grant, attempt.draft); }
''',
    "src/core/tokens/refresh.hpp": HEADER + '''
struct RefreshPresented {
  Secret<> token_id;
};
Task<Result<Refreshed>> refresh_tokens(RefreshPresented presented);
Task<Result<void>> look_at_refresh_token(RefreshPresented presented);
Task<Result<void>> revoke_token(RefreshPresented presented);
''',
    "src/dialects/mobile/routes.cpp": FIRST + "constexpr Row table[] = {{.waiting = post_login}, {.plain = get_login}};\n",
    "src/dialects/mobile/sign_in.cpp": FIRST + '''
namespace propusk::mobile {
namespace {
// sign_in_with_password() is called below
core::PasswordAttempt attempt_of(const Form& form) { return {.identifier = form.name}; }
}  // namespace
http::Next get_login(Mobile& mobile) { return say("sign_in_with_password(attempt)"); }
Task<void> post_login(Mobile& mobile, const http::Request& request) {
  co_await core::sign_in_with_password(attempt_of(read(request)), request.caller);
}
}  // namespace propusk::mobile
''',
    "src/dialects/mobile/sign_in_test.cpp": FIRST + "TEST(SignIn, Works) { core::sign_in_with_password({}, {}); }\n",
    "src/dialects/djoser/routes.cpp": FIRST + '''
constexpr View refresh_view{post_action<post_jwt_refresh, Door::unwatched>};
constexpr View verify_view{post_action<post_jwt_verify, Door::unwatched>};
''',
    "src/dialects/djoser/tokens.cpp": FIRST + '''
Task<void> post_jwt_refresh(const Visit& visit) { co_await core::refresh_tokens(read(visit)); }
Task<void> post_jwt_verify(const Visit& visit) { co_await core::look_at_refresh_token(read(visit)); }
''',
}
HANDLER = "Task<void> {0}(Web& web) {{ co_await core::{1}(web.draft); }}\n"
TABLED = FIRST + "constexpr Row table[] = {{{{.waiting = {0}}}}};\n"


def web(handler, verb):
    """A page of its own that calls a verb."""
    return {"src/web/routes.cpp": TABLED.format(handler), "src/web/pages.cpp": FIRST + HANDLER.format(handler, verb)}


class CheckPathways(unittest.TestCase):
    def found(self, files):
        """What is said to be missing or too much: the word in the message and its dialect."""
        findings, _, _ = check_pathways.look(planted_tree.plant(self, files))
        return {" ".join(re.match(r"`(\w+)` of (\w+)", finding.message).groups()) for finding in findings}

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.found(CLEAN), set())

    def test_a_route_without_a_row_is_found(self):
        self.assertEqual(self.found({**CLEAN, **web("post_page", "sign_in_with_password")}), {"post_page web"})
        self.assertEqual(self.found({**CLEAN, check_pathways.TABLE: HEADER}), {"post_login mobile", "post_jwt_refresh djoser"})

    def test_a_row_is_of_one_dialect(self):
        other = ROWS.replace('"mobile"', '"envelope"')
        self.assertEqual(self.found({**CLEAN, check_pathways.TABLE: HEADER + other}), {"post_login mobile", "post_login envelope"})

    def test_a_row_without_a_route_is_found(self):
        gone = {name: content for name, content in CLEAN.items() if "djoser" not in name}
        self.assertEqual(self.found(gone), {"post_jwt_refresh djoser"})

    def test_a_new_verb_is_noticed_whatever_carries_its_draft(self):
        for declared in ("Task<void> open_by_link(CredentialDraft draft);",
                         "struct Ticket { std::optional<CredentialDraft> draft; };\nTask<void> open_by_link(Ticket ticket);",
                         "struct Inner { PasswordAttempt of; };\nstruct Ticket { Inner inner; };\nvoid open_by_link(const Ticket& t);",
                         "using Ticket = RefreshPresented;\nTask<Result<int>> open_by_link(std::string by, Ticket ticket);"):
            with self.subTest(declared=declared):
                new = {"src/core/social/open.hpp": HEADER + declared + "\n", **web("post_page", "open_by_link")}
                self.assertEqual(self.found({**CLEAN, **new}), {"post_page web"})

    def test_a_static_verb_and_a_method_are_noticed(self):
        declared = "class Door {\n public:\n  {} void enter(CredentialDraft draft);\n};\n"
        for of, call in (("static", "core::Door::enter(web.draft)"), ("", "web.door.enter(web.draft)")):
            with self.subTest(call=call):
                new = {"src/core/social/open.hpp": HEADER + declared.replace("{}", of), "src/web/routes.cpp": TABLED.format("post_page"),
                       "src/web/pages.cpp": FIRST + "Task<void> post_page(Web& web) { co_await " + call + "; }\n"}
                self.assertEqual(self.found({**CLEAN, **new}), {"post_page web"})

    def test_a_verb_is_followed_through_what_calls_it_to_each_of_its_routes(self):
        new = {"src/web/routes.cpp": FIRST + "constexpr Row table[] = {{.waiting = post_one}, {.waiting = post_two}, {.plain = get}};\n",
               "src/web/pages.cpp": FIRST + '''
namespace {
Task<void> inner(Web& web) { co_await core::sign_in_with_password(web.attempt, web.caller); }
Task<void> outer(Web& web) { co_await inner(web); }
}
Task<void> post_one(Web& web) { co_await outer(web); }
Task<void> post_two(Web& web) { co_await each(web, inner); }
http::Next get(Web& web) { return http::Next::send; }
'''}
        self.assertEqual(self.found({**CLEAN, **new}), {"post_one web", "post_two web"})

    def test_what_no_route_reaches_is_named_itself(self):
        lost = {"src/providers/google/gate.cpp": FIRST + "void enter(Draft d) { core::open_session(d.grant, d); }\n"}
        self.assertEqual(self.found({**CLEAN, **lost}), {"enter google"})

    def test_an_exception_that_is_not_needed_is_an_error(self):
        files = {**CLEAN, "src/core/tokens/refresh.hpp": CLEAN["src/core/tokens/refresh.hpp"].replace("look_at_refresh_token", "look")}
        messages = [finding.message for finding in check_pathways.look(planted_tree.plant(self, files))[0]]
        self.assertIn("`look_at_refresh_token` is no verb of the core any more: forget it", messages)

    def test_the_program_names_file_line_and_route_and_fails(self):
        root = planted_tree.plant(self, {**CLEAN, **web("post_page", "refresh_tokens")})
        run = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (1, ""))
        self.assertTrue(run.stdout.startswith("src/web/pages.cpp:2: `post_page` of web opens credentials"), run.stdout)

    def test_this_tree_passes_and_needs_every_row(self):
        self.assertEqual(check_pathways.look(ROOT)[0], [])
        table = (ROOT / check_pathways.TABLE).read_text(encoding="utf-8")
        for dialect, handler in check_pathways.rows(ROOT):
            with self.subTest(dialect=dialect, handler=handler):
                without = re.sub(rf'(\.dialect\s*=\s*"{dialect}"\s*,\s*\.handler\s*=\s*"){handler}"', r'\1none"', table)
                root = planted_tree.plant(self, {check_pathways.TABLE: without})
                (root / "src").symlink_to(ROOT / "src")
                messages = [finding.message for finding in check_pathways.look(root)[0]]
                self.assertTrue(any(message.startswith(f"`{handler}` of {dialect} opens credentials") for message in messages))


if __name__ == "__main__":
    unittest.main()
