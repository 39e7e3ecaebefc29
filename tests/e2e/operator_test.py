#!/usr/bin/env python3
"""The operator's commands: through the running server, and on the directory itself while none runs."""
import json
import time

import propusk
from propusk import PASSWORD, command

NEW_PASSWORD = "another horse 8"
DONE, REFUSED, USAGE, UNREACHABLE = 0, 1, 2, 3  # `propusk --help` names these


class OperatorTest(propusk.EndToEndTest):
    def operate(self, *arguments, code=DONE, **how):
        done = self.server.operator(*arguments, **how)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def as_json(self, *arguments, **how):
        return json.loads(self.operate(*arguments, "--json", **how).stdout)


class WithAServer(OperatorTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.ann = self.curl(self.server)
        self.ann.register("ann")
        self.ann.sign_in("ann")

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
        self.assertEqual(self.as_json("account", "show", str(created["id"])), {**created, "sessions": 0, "tokens": 0})
        self.assertEqual(self.as_json("session", "list", "bob"), [])
        actions = [event["action"] for event in self.as_json("audit", "list", "ann")]
        self.assertEqual(len(actions), 2, "registered and signed in")
        self.assertEqual(len(self.as_json("audit", "list", "--limit", "1")), 1)
        refused = self.operate("account", "show", "nobody", "--json", code=REFUSED)
        self.assertEqual(json.loads(refused.stderr)["reasons"], ["account_unknown"])

    def test_signing_out_ends_every_session_and_another_may_begin(self):
        self.assertEqual(self.as_json("account", "show", "ann")["sessions"], 1)
        self.operate("account", "sign-out", "ann")
        self.assertFalse(self.ann.is_signed_in())
        self.assertEqual(self.as_json("account", "show", "ann")["sessions"], 0)
        self.assertEqual(self.ann.sign_in("ann").status, 200)

    def test_an_address_is_given_and_taken(self):
        self.operate("account", "create", "bob", password=PASSWORD)
        given = self.as_json("account", "set-email", "bob", "bob@example.org", "--verified")
        self.assertEqual((given["email"], given["email_verified"]), ("bob@example.org", True))
        refused = self.operate("account", "set-email", "ann", "bob@example.org", code=REFUSED)
        self.assertIn("taken", refused.stderr)

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


class WithTokens(OperatorTest):
    """Bearer tokens and the keys that sign JWTs, of accounts that need no activation."""

    def setUp(self):
        super().setUp()
        self.server = self.serve("djoser.profile=default", "djoser.jwt_algorithm=ES256")
        self.operate("account", "create", "ann", "--email", "ann@example.org", password=PASSWORD)
        self.client = self.curl(self.server)

    def post(self, path, **fields):
        answer = self.client.post(path, fields)
        self.assertIn(answer.status, (200, 201), answer.body)
        return json.loads(answer.body)

    def token(self):
        return "Token " + self.post("/auth/token/login/", username="ann", password=PASSWORD)["auth_token"]

    def jwt(self):
        return "JWT " + self.post("/auth/jwt/create/", username="ann", password=PASSWORD)["access"]

    def is_let_in(self, authorization):
        return self.client.get("/auth/users/me/", "--header", f"Authorization: {authorization}").status == 200

    def published(self):
        return {key["kid"] for key in json.loads(self.client.get("/.well-known/jwks.json").body)["keys"]}

    def states(self):
        return {key["kid"]: key["state"] for key in self.as_json("key", "list")}

    def test_a_token_is_listed_and_revoked_at_once(self):
        revoked, kept = self.token(), self.token()
        self.assertTrue(self.is_let_in(revoked) and self.is_let_in(kept))
        tokens = self.as_json("token", "list", "ann")
        self.assertEqual([token["kind"] for token in tokens], ["auth_token"] * len(tokens))
        self.assertTrue(all(token["label"].startswith("curl/") and token["idle_limit"] == "30d" for token in tokens))
        self.assertEqual(self.as_json("session", "list", "ann"), [])
        for token in tokens:
            self.operate("token", "revoke", "ann", token["id"])
            self.operate("token", "revoke", "ann", token["id"], code=REFUSED)
        self.assertFalse(self.is_let_in(revoked) or self.is_let_in(kept))
        newest = self.as_json("audit", "list", "ann")[0]
        self.assertEqual((newest["action"], newest["detail"]), ("token_revoked", "kind=auth_token"))
        self.assertRegex(newest["actor"], r"^operator uid \d+$")

    def test_all_tokens_end_at_once_and_sessions_do_not(self):
        self.client.sign_in("ann")
        token, access = self.token(), self.jwt()
        self.assertTrue(self.is_let_in(token) and self.is_let_in(access))
        self.assertEqual({token["kind"] for token in self.as_json("token", "list", "ann")}, {"auth_token", "jwt_refresh"})
        self.assertEqual(self.as_json("token", "revoke", "ann", "--all"), {"username": "ann", "ended": 2})
        self.assertFalse(self.is_let_in(token) or self.is_let_in(access))
        self.assertTrue(self.client.is_signed_in())
        self.assertTrue(self.is_let_in(self.jwt()), "another may be had")

    def test_a_session_is_no_token(self):
        self.client.sign_in("ann")
        self.token()
        session, token = (self.as_json(family, "list", "ann")[0]["id"] for family in ("session", "token"))
        self.assertIn("`token revoke`", self.operate("session", "revoke", "ann", token, code=REFUSED).stderr)
        self.assertIn("`session revoke`", self.operate("token", "revoke", "ann", session, code=REFUSED).stderr)
        shown = self.as_json("account", "show", "ann")
        self.assertEqual((shown["sessions"], shown["tokens"]), (1, 1))

    def test_signing_out_ends_sessions_and_tokens(self):
        self.client.sign_in("ann")
        token, access = self.token(), self.jwt()
        self.operate("account", "sign-out", "ann")
        self.assertFalse(self.client.is_signed_in() or self.is_let_in(token) or self.is_let_in(access))

    def test_a_rotated_key_is_published_at_once_and_older_tokens_stay_valid(self):
        access, before = self.jwt(), self.published()
        made = self.as_json("key", "rotate")
        self.assertEqual((made["state"], made["algorithm"]), ("next", "ES256"))
        self.assertEqual(self.published(), before | {made["kid"]})
        self.assertEqual(self.states(), {**dict.fromkeys(before, "signing"), made["kid"]: "next"})
        self.assertTrue(self.is_let_in(access))
        self.post("/auth/jwt/verify/", token=access.removeprefix("JWT "))

    def test_an_urgent_rotation_ends_what_older_keys_signed(self):
        access, token = self.jwt(), self.token()
        self.operate("key", "rotate", "--urgent", code=USAGE)  # not confirmed, and standard input is no terminal
        self.assertTrue(self.is_let_in(access))
        made = self.as_json("key", "rotate", "--urgent", "--yes")
        self.assertEqual(self.published(), {made["kid"]})
        self.assertEqual(self.states(), {made["kid"]: "signing"})
        self.assertFalse(self.is_let_in(access))
        self.assertTrue(self.is_let_in(token), "nobody signed it")
        self.assertTrue(self.is_let_in(self.jwt()))

    def test_keys_are_shown_without_what_is_in_them(self):
        columns = {"kid", "algorithm", "state", "created_at", "signs_from", "retires_at"}
        self.assertEqual([set(key) for key in self.as_json("key", "list")], [columns])

    def test_a_pending_account_waits_for_its_mail_or_for_the_operators_word(self):
        made = self.as_json("account", "create", "bob", "--email", "bob@example.org", "--pending", password=PASSWORD)
        self.assertEqual((made["state"], made["email_claimed"]), ("pending", True))
        self.assertEqual([account["username"] for account in self.as_json("account", "list", "--state", "pending")], ["bob"])
        self.assertNotEqual(self.client.post("/auth/token/login/", {"username": "bob", "password": PASSWORD}).status, 200)
        self.wait_for_mail("activation", "bob@example.org")
        active = self.as_json("account", "activate", "bob")
        self.assertEqual((active["state"], active["email_verified"]), ("active", False))
        self.post("/auth/token/login/", username="bob", password=PASSWORD)

    def wait_for_mail(self, kind, recipient):
        deadline = time.monotonic() + propusk.PATIENCE
        while (kind, recipient) not in {(mail["kind"], mail["recipient"]) for mail in self.as_json("mail", "list")}:
            self.assertLess(time.monotonic(), deadline, "no such mail")


class WithoutAServer(propusk.EndToEndTest):
    def test_an_account_can_be_made_before_the_first_start(self):
        made = command("account", "create", "ann", "--data", self.path("data"), password=PASSWORD)
        self.assertEqual(made.returncode, DONE, made.stderr)
        self.assertEqual(self.curl(self.serve()).sign_in("ann").status, 200)

    def test_keys_can_be_rotated_before_the_first_start(self):
        made = command("account", "create", "ann", "--data", self.path("data"), password=PASSWORD)
        self.assertEqual(made.returncode, DONE, made.stderr)
        rotated = command("key", "rotate", "--data", self.path("data"), "--json")
        self.assertEqual(json.loads(rotated.stdout)["state"], "signing", "a lead would leave the server without a key")
        server = self.serve("djoser.profile=default")
        answer = self.curl(server).post("/auth/jwt/create/", {"username": "ann", "password": PASSWORD})
        self.assertEqual(answer.status, 200, answer.body)

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
