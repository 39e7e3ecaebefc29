#!/usr/bin/env python3
"""Does check_rooms bite? One planted violation per rule in a small tree; each must be found, and nothing else."""
import pathlib
import re
import subprocess
import sys
import unittest

CHECK = pathlib.Path(__file__).with_name("check_rooms.py")
sys.path.insert(0, str(CHECK.parent))
sys.dont_write_bytecode = True
import check_rooms  # noqa: E402 (beside this file, wherever the tests are started)
import planted_tree  # noqa: E402

REASON = "// Why this file exists.\n"
HEADER = REASON + "#pragma once\n"

# What a healthy tree looks like, with everything that comes close to a ban without being one.
CLEAN = {
    "src/main.cpp": REASON + '#include "stores/sql/rows.hpp"\n#include "platform/pool.hpp"\nint main() {}\n',
    "src/base/clock.hpp": HEADER + "namespace propusk { struct Clock { virtual ~Clock() = default; }; }\n",
    "src/base/result.hpp": HEADER + "#define CO_TRY(name, expression) \\\n  auto name = (expression); \\\n  (void)name\n",
    "src/base/testing/fake_clock.hpp": HEADER + "inline auto real() { return std::chrono::steady_clock::now(); }\n",
    "src/core/refusal.hpp": HEADER + "enum class Refusal { bad };\n",
    "src/core/store.hpp": HEADER + '#include "core/sessions/credential_store.hpp"\nclass Store;\n',
    "src/core/sessions/credential_store.hpp": HEADER + '#include "core/accounts/account.hpp"\nclass CredentialStore;\n',
    "src/core/accounts/account.hpp": HEADER + '#include "core/refusal.hpp"\ninline constexpr int label_bytes = 200;\n',
    "src/core/sign_in/sign_in.cpp": REASON + '''// a cookie, a header and SELECT may be spoken of
#include "core/accounts/account.hpp"
#include "core/sessions/credential_store.hpp"
#include "core/store.hpp"
namespace propusk::core {
namespace {
constexpr std::array names{1, 2};
constinit int counter = 0;
struct Place {
  static constexpr int most = 3;
  static Place make(int a);
  Place(int a) : value_{a} { value_ += a; }
  int value_;
};
}  // namespace
Task<int> sign_in(Store& store, Place place) {
  auto row = co_await store.read([place](const Transaction& t) { return t.find(place); });
  co_await spawn([](Place own) -> Task<void> { co_await own.wait(); }, place);
  static constexpr int tries = 3;
  co_return row[tries];
}
}  // namespace propusk::core
''',
    "src/core/sign_in/sign_in_test.cpp": REASON + '#include "http/server.hpp"\nTEST(SignIn, Works) { Cookie cookie; }\n',
    "src/http/server.hpp": HEADER + '#include "base/clock.hpp"\n// a session is none of our business\nclass Server;\n',
    "src/stores/sql/rows.hpp": HEADER + '#include "core/store.hpp"\ninline constexpr auto find = "SELECT id FROM rows";\n',
    "src/stores/migrations/0001_rows.sql": "-- now() is not used\nCREATE TABLE rows (id INTEGER);\n",
    "src/platform/pool.hpp": HEADER + '#include "core/passwords/password_hasher.hpp"\ninline auto now() { return std::chrono::steady_clock::now(); }\n',
    "src/dialects/mobile/errors.cpp": REASON + '#include "dialects/mobile/wire.hpp"\nint status(Refusal) { return 405; }\n',
    "src/dialects/mobile/wire.hpp": HEADER + '#include "core/refusal.hpp"\n#include "http/server.hpp"\n',
}
CORE, HTTP, MOBILE, SQL = "src/core/sign_in/x.cpp", "src/http/x.cpp", "src/dialects/mobile/x.cpp", "src/stores/sql/x.cpp"
CLOCK = REASON + "auto f() { return std::chrono::system_clock::now(); }\n"
LONG = "void long_one() {\n" + "  step();\n" * 60 + "}\n"

# (rule, file, content below the first comment line)
PLANTED = [
    ("include", CORE, '#include "http/server.hpp"\n'),
    ("include", HTTP, '#include "core/refusal.hpp"\n'),
    ("include", MOBILE, '#include "stores/sql/rows.hpp"\n'),
    ("include", MOBILE, '#include "dialects/djoser/wire.hpp"\n'),
    ("include", SQL, '#include "http/server.hpp"\n'),
    ("include", "src/base/x.cpp", '#include "core/refusal.hpp"\n'),
    ("include", "src/config/x.cpp", '#include "core/refusal.hpp"\n'),
    ("include", "src/platform/x.cpp", '#include "core/sign_in/sign_in.hpp"\n'),
    ("include", "src/providers/x.cpp", '#include "core/sessions/sessions.hpp"\n'),
    ("include", "src/http/y.cpp", '#include "base/testing/fake_clock.hpp"\n'),
    ("core-order", "src/core/accounts/x.cpp", '#include "core/sessions/sessions.hpp"\n'),
    ("core-order", "src/core/audit/x.cpp", '#include "core/limits/limits.hpp"\n'),
    ("core-order", "src/core/novelty/x.cpp", '#include "core/refusal.hpp"\n'),
    ("core-http", CORE, "int f() { return 405; }\n"),
    ("core-http", CORE, "int f() { reply.status = 200; }\n"),
    ("core-http", CORE, "void set_cookie();\n"),
    ("core-http", CORE, 'auto f() { return "X-Header"; }\n'),
    ("core-http", CORE, "#include <boost/json.hpp>\n"),
    ("core-sql", CORE, 'auto f() { return "SELECT 1"; }\n'),
    ("core-threads", CORE, "void f() { co_spawn(a, b, c); }\n"),
    ("core-threads", CORE, "void f() { std::thread t; }\n"),
    ("dialect-sql", MOBILE, 'auto f() { return "DELETE FROM t"; }\n'),
    ("dialect-crypto", MOBILE, "void f() { EVP_DigestInit(c); }\n"),
    ("dialect-crypto", MOBILE, "void f() { deps.hasher.hash(p); }\n"),
    ("dialect-policy", MOBILE, "void f() { use(PasswordPolicy{4, 5}); }\n"),
    ("other-dialect", MOBILE, 'auto f() { return "djoser"; }\n'),
    ("store-http", SQL, "int f() { return 404; }\n"),
    ("store-now", SQL, 'auto f() { return "UPDATE t SET at = now()"; }\n'),
    ("store-now", "src/stores/migrations/0002_x.sql", "CREATE TABLE t (at TEXT DEFAULT CURRENT_TIMESTAMP);\n"),
    ("store-policy", SQL, "void f() { is_common_password(p); }\n"),
    ("http-word", HTTP, "void open_session();\n"),
    ("http-word", HTTP, 'auto f() { return "no such account"; }\n'),
    ("provider-session", "src/providers/x.cpp", "void f(AccountStore& rows);\n"),
    ("clock", CORE, "auto f() { return std::chrono::system_clock::now(); }\n"),
    ("clock", "src/core/sign_in/x_test.cpp", "void f() { std::this_thread::sleep_for(1s); }\n"),
    ("clock", "tests/e2e/x.cpp", "void f() { usleep(5); }\n"),
    ("clock", "src/cli/x.cpp", 'auto f() { return getenv("HOME"); }\n'),
    ("clock", HTTP, "auto f() { return std::random_device{}(); }\n"),
    ("capturing-coroutine", CORE, "void f(int n) { auto g = [n](int a) -> Task<void> { co_await wait(n + a); }; }\n"),
    ("capturing-coroutine", CORE, "void f() {\n  run([&] {\n    co_return;\n  });\n}\n"),
    ("capturing-coroutine", "src/core/sign_in/y_test.cpp", "void f(int n) { run([n]() -> Task<int> { return g(n); }); }\n"),
    ("static-object", CORE, "std::string name;\n"),
    ("static-object", CORE, "namespace {\nconst std::map<int, int> codes = {{1, 2}};\n}\n"),
    ("static-object", CORE, "int f() {\n  static std::mutex lock;\n  return 1;\n}\n"),
    ("static-object", CORE, "class A {\n  static std::string name_;\n};\n"),
    ("secret-in-log", CORE, 'void f() { spdlog::info("{}", password.reveal()); }\n'),
    ("secret-in-log", CORE, "void f() { throw Outage(where, token.reveal()); }\n"),
    ("macro", CORE, "#define TWICE(x) x x\n"),
    ("using-namespace", "src/core/sign_in/x.hpp", "#pragma once\nusing namespace std;\n"),
    ("pragma-once", "src/core/sign_in/x.hpp", "class A;\n"),
    ("todo", CORE, "// TO" "DO: later\n"),
    ("name", CORE, "class SessionManager {};\n"),
    ("name", "src/core/sign_in/sign_in_helpers.cpp", ""),
    ("name", "src/http/common/x.cpp", ""),
    ("function-length", CORE, LONG),
    ("file-length", CORE, "\n" * 501),
]


class CheckRooms(unittest.TestCase):
    def found(self, files):
        """The (rule, path) of every finding."""
        return {finding[:2] for finding in check_rooms.look(planted_tree.plant(self, files))[0]}

    def test_a_clean_tree_passes(self):
        self.assertEqual(self.found(CLEAN), set())

    def test_every_planted_violation_is_found_alone(self):
        for rule, name, content in PLANTED:
            with self.subTest(rule=rule, file=name, content=content[:60]):
                first = "" if name.endswith(".sql") else REASON
                self.assertEqual(self.found({**CLEAN, name: first + content}), {(rule, name)})

    def test_a_file_without_a_first_comment_is_found(self):
        self.assertEqual(self.found({**CLEAN, CORE: "int x();\n"}), {("first-line", CORE)})

    def test_an_exception_with_a_reason_silences_its_rule_in_its_file_only(self):
        allow = f"clock {CORE} measures the wall time of the hash\n"
        self.assertEqual(self.found({**CLEAN, CORE: CLOCK, "tools/rooms_allow.txt": allow}), set())
        self.assertEqual(self.found({**CLEAN, CORE: CLOCK, HTTP: CLOCK, "tools/rooms_allow.txt": allow}), {("clock", HTTP)})

    def test_an_exception_without_a_reason_or_without_a_use_is_an_error(self):
        wrong = {("allow", "tools/rooms_allow.txt")}
        self.assertEqual(self.found({**CLEAN, CORE: CLOCK, "tools/rooms_allow.txt": f"clock {CORE}\n"}), wrong)
        self.assertEqual(self.found({**CLEAN, "tools/rooms_allow.txt": f"clock {CORE} because\n"}), wrong)

    def test_the_program_names_file_line_and_rule_and_fails(self):
        run = subprocess.run([sys.executable, CHECK, planted_tree.plant(self, {**CLEAN, CORE: CLOCK})], capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (1, ""))
        self.assertTrue(run.stdout.startswith(f"{CORE}:2: clock: "), run.stdout)

    def test_every_rule_has_a_planted_violation(self):
        source = CHECK.read_text(encoding="utf-8")
        rules = set(re.findall(r'yield "([a-z-]+)"', source)) | {ban[0] for ban in check_rooms.BANS}
        self.assertEqual(rules - {rule for rule, _, _ in PLANTED}, {"first-line", "function"})  # "function" is a scope


if __name__ == "__main__":
    unittest.main()
