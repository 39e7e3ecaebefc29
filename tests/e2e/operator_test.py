#!/usr/bin/env python3
"""The operator's commands: through the running server, and on the directory itself while none runs."""
import json

import propusk
from propusk import PASSWORD, command

NEW_PASSWORD = "another horse 8"
DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3  # `propusk --help` names these


class WithAServer(propusk.EndToEndTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.ann = self.curl(self.server)
        self.ann.register("ann")
        self.ann.sign_in("ann")

    def operate(self, *arguments, code=DONE, **how):
        done = self.server.operator(*arguments, **how)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def as_json(self, *arguments, **how):
        return json.loads(self.operate(*arguments, "--json", **how).stdout)

    def test_disabling_an_account_ends_its_live_session_at_once(self):
        self.assertTrue(self.ann.is_signed_in())
        self.assertEqual(self.as_json("account", "disable", "ann")["state"], "disabled")
        self.assertFalse(self.ann.is_signed_in())
        self.assertEqual(self.ann.sign_in("ann").status, 405)
        self.assertEqual(self.as_json("account", "enable", "ann")["state"], "active")
        self.assertFalse(self.ann.is_signed_in(), "what was ended stays ended")
        self.assertEqual(self.ann.sign_in("ann").status, 200)

    def test_revoking_one_session_ends_it_and_no_other(self):
        other = self.curl(self.server)
        other.sign_in("ann")
        sessions = self.as_json("session", "list", "ann")
        self.assertEqual(len(sessions), 2)
        self.operate("session", "revoke", "ann", sessions[0]["id"])
        self.assertEqual(sorted([self.ann.is_signed_in(), other.is_signed_in()]), [False, True])
        self.assertEqual(len(self.as_json("session", "list", "ann")), 1)
        self.operate("session", "revoke", "ann", sessions[0]["id"], code=REFUSED)

    def test_setting_a_password_ends_all_sessions_and_the_old_password(self):
        self.operate("account", "set-password", "ann", password=NEW_PASSWORD)
        self.assertFalse(self.ann.is_signed_in())
        self.assertEqual(self.ann.sign_in("ann").status, 405)
        self.assertEqual(self.ann.sign_in("ann", password=NEW_PASSWORD).status, 200)

    def test_deleting_an_account_ends_its_session_and_frees_the_name(self):
        self.operate("account", "delete", "ann", code=USAGE)  # not confirmed, and standard input is no terminal
        self.assertTrue(self.ann.is_signed_in())
        self.operate("account", "delete", "ann", "--yes")
        self.assertFalse(self.ann.is_signed_in())
        self.operate("account", "show", "ann", code=REFUSED)
        self.assertEqual(self.ann.register("ann").status, 200)

    def test_every_json_output_parses(self):
        created = self.as_json("account", "create", "bob", "--email", "bob@example.org", password=PASSWORD)
        self.assertEqual((created["username"], created["email"]), ("bob", "bob@example.org"))
        self.assertEqual({account["username"] for account in self.as_json("account", "list")}, {"ann", "bob"})
        self.assertEqual(self.as_json("account", "show", str(created["id"])), created)
        self.assertEqual(self.as_json("session", "list", "bob"), [])
        actions = [event["action"] for event in self.as_json("audit", "list", "ann")]
        self.assertEqual(len(actions), 2, "registered and signed in")
        self.assertEqual(len(self.as_json("audit", "list", "--limit", "1")), 1)
        refused = self.operate("account", "show", "nobody", "--json", code=REFUSED)
        self.assertEqual(json.loads(refused.stderr)["reasons"], ["account_unknown"])

    def test_the_audit_names_the_operator(self):
        self.operate("account", "disable", "ann")
        newest = self.as_json("audit", "list", "ann")[0]
        self.assertRegex(newest["actor"], r"^operator uid \d+$")

    def test_an_account_made_by_an_operator_signs_in(self):
        self.operate("account", "create", "bob", password=PASSWORD)
        self.assertEqual(self.ann.sign_in("bob").status, 200)

    def test_refusals_have_a_sentence_and_their_exit_code(self):
        self.assertIn("taken", self.operate("account", "create", "ann", code=REFUSED, password=PASSWORD).stderr)
        self.assertIn("too short", self.operate("account", "create", "bob", code=REFUSED, password="short").stderr)
        self.operate("account", "disable", "nobody", code=REFUSED)
        self.operate("session", "revoke", "ann", "1234", code=USAGE)


class WithoutAServer(propusk.EndToEndTest):
    def test_an_account_can_be_made_before_the_first_start(self):
        made = command("account", "create", "ann", "--data", self.path("data"), password=PASSWORD)
        self.assertEqual(made.returncode, DONE, made.stderr)
        self.assertEqual(self.curl(self.serve()).sign_in("ann").status, 200)

    def test_what_is_not_there_is_unreachable(self):
        listed = command("account", "list", "--data", self.path("nothing"))
        self.assertEqual(listed.returncode, UNREACHABLE)
        self.assertIn(self.path("nothing"), listed.stderr)

    def test_passwords_come_from_standard_input_only(self):
        for arguments in (("--password", PASSWORD), (PASSWORD,)):
            self.assertEqual(command("account", "create", "ann", *arguments, "--data", self.path("data"), password=PASSWORD).returncode, USAGE)
        nothing = command("account", "create", "ann", "--data", self.path("data"))
        self.assertEqual(nothing.returncode, USAGE)
        self.assertIn("no password", nothing.stderr)

    def test_wrong_usage_exits_2_and_help_exits_0(self):
        for arguments in (("nonsense",), ("account",), ("serve", "--set", "no_equals_sign"), ("serve", "--port", "8080")):
            self.assertEqual(command(*arguments).returncode, USAGE, arguments)
        self.assertEqual(command("--help").returncode, DONE)
        self.assertRegex(command("version").stdout, r"^propusk \d+\.\d+\.\d+\n$")
        self.assertIn("version", json.loads(command("version", "--json").stdout))

    def test_an_unknown_key_names_the_nearest(self):
        tried = command("serve", "--data", self.path("data"), "--set", "server.lisen=127.0.0.1:0")
        self.assertEqual(tried.returncode, USAGE)
        self.assertIn("server.listen", tried.stderr)

    def test_the_configuration_explains_itself(self):
        with open(self.path("file.toml"), "w", encoding="ascii") as file:
            file.write('[log]\nlevel = "debug"\n')
        shown = {row["key"]: row for row in json.loads(command("config", "print", "--config", self.path("file.toml"), "--json").stdout)}
        self.assertEqual(shown["log.level"]["value"], "debug")
        self.assertIn("file.toml", shown["log.level"]["origin"])
        keys = {row["key"] for row in json.loads(command("config", "reference", "--json").stdout)}
        self.assertEqual(keys, set(shown))


if __name__ == "__main__":
    propusk.main()
