#!/usr/bin/env python3
"""The journey of an app's user through the mobile dialect, as its authors described it, with curl and its cookie jar."""
import propusk
from certificate import self_signed
from propusk import PASSWORD


class Journey:
    """The story; the classes below say over which transport."""
    certificate = None
    is_secure = False

    def settings(self):
        return ()

    def begin(self):
        server = self.serve(*self.settings())
        return server, self.curl(server, certificate=self.certificate)

    def test_register_sign_in_check_sign_out(self):
        _, curl = self.begin()

        registered = curl.register("new_login")
        self.assertEqual((registered.status, registered.body), (200, "user is successfully created"))
        self.assertEqual(registered.cookies(), {}, "registration gives no token")
        again = curl.register("new_login")
        self.assertEqual((again.status, again.body), (410, "user already exists"))

        asked = curl.get("/mobile/login/")
        self.assertEqual((asked.status, asked.body), (200, ""))
        token, is_secure, is_http_only = curl.cookie("csrftoken")
        self.assertEqual((is_secure, is_http_only), (self.is_secure, False))

        entered = curl.post("/mobile/login/", {"username": "new_login", "password": PASSWORD, "csrfmiddlewaretoken": token})
        self.assertEqual((entered.status, entered.body), (200, ""))
        session, is_secure, is_http_only = curl.cookie("sessionid")
        self.assertEqual((is_secure, is_http_only), (self.is_secure, True))
        self.assertEqual((curl.get("/mobile/start/").status, curl.get("/mobile/start/").body), (200, "Yes"))

        left = curl.get("/mobile/logout")
        self.assertEqual(left.status, 200)
        self.assertIsNone(curl.cookie("sessionid"), "the answer removes the cookie")
        self.assertEqual(curl.get("/mobile/start/").status, 405)
        replayed = curl.get("/mobile/start/", "--cookie", f"sessionid={session}")
        self.assertEqual(replayed.status, 405, "an ended session stays ended for who kept the cookie")

    def test_wrong_entries_get_the_contracts_codes(self):
        _, curl = self.begin()
        good = {"password": PASSWORD, "again_pass": PASSWORD, "mail": "a@example.org", "username": "ann"}
        for wrong, expected in (({"again_pass": "other"}, (406, "bad password")), ({"mail": "nobody"}, (407, "bad email")),
                                ({"password": "aaaa", "again_pass": "aaaa"}, (408, "bad password")), ({"username": "a b"}, (409, "bad login"))):
            answer = curl.post("/mobile/registration/", {**good, **wrong})
            self.assertEqual((answer.status, answer.body), expected)
        curl.post("/mobile/registration/", good)
        self.assertEqual(curl.sign_in("ann", password="not the password").status, 405)
        self.assertIsNone(curl.cookie("sessionid"))
        without_token = curl.post("/mobile/login/", {"username": "ann", "password": PASSWORD})
        self.assertEqual(without_token.status, 403)
        self.assertIn("CSRF verification failed", without_token.body)

    def test_sessions_outlive_a_restart(self):
        server, curl = self.begin()
        curl.register("ann")
        curl.sign_in("ann")
        self.assertEqual(server.stop(), 0)
        curl.url = self.serve(*self.settings()).url
        self.assertTrue(curl.is_signed_in())


class OverPlainHttp(Journey, propusk.EndToEndTest):
    pass


class OverTls(Journey, propusk.EndToEndTest):
    is_secure = True

    def setUp(self):
        super().setUp()
        self.certificate = self.path("certificate.pem")
        self_signed(self.certificate, self.path("key.pem"), "propusk.test")

    def settings(self):
        return f"server.tls_certificate={self.certificate}", f"server.tls_key={self.path('key.pem')}"

    def test_plain_http_gets_no_answer_from_a_tls_port(self):
        server, curl = self.begin()
        curl.url = server.url.replace("https:", "http:")
        with self.assertRaises(ConnectionError):
            curl.get("/mobile/start/")


if __name__ == "__main__":
    propusk.main()
