"""A provider of identities at work beside the server (provider.mjs), and a server with a client that converts its tokens."""
import json
import subprocess
from urllib.parse import urlencode

from lib import client, load, server

CLIENT_ID, DELAY = "propusk-app", 50  # ms that the provider takes for each answer
APP = "User-Agent: okhttp/4.2.1"  # people come back with the app that they came with: no news of a new device is mailed
FROM_ANYWHERE = "X-Forwarded-For: 10.{r:256}.{r:256}.{r:256}"  # people come from networks of their own; needs a trusted proxy


class Provider:
    """Answers after DELAY ms, as long as the proof lasts. `gather`: so many `g` tokens are answered together."""

    def __init__(self, gather=1000):
        self.directory = server.temporary_directory()
        self.certificate, key = self.directory / "certificate.pem", self.directory / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate],
                       check=True, capture_output=True)
        self.process = subprocess.Popen(["node", server.ROOT / "bench/prove/lib/provider.mjs", self.certificate, key, CLIENT_ID, str(DELAY),
                                         str(gather)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        server.ends_with_proof(self.process)
        self.secret = self.directory / "secret"
        self.secret.touch(0o600)
        self.secret.write_text("a-secret\n")
        self.origin = f"https://localhost:{int(self.process.stdout.readline())}"

    @property
    def pid(self):
        return self.process.pid

    def settings(self):
        """What a server needs to ask it under Google's name."""
        return (f"providers.google-oauth2.client_id={CLIENT_ID}", f"providers.google-oauth2.client_secret_file={self.secret}",
                f"providers.google-oauth2.user_info_url={self.origin}/userinfo",
                f"providers.google-oauth2.token_info_url={self.origin}/tokeninfo", f"outbound.ca_file={self.certificate}",
                "outbound.allowed_networks=127.0.0.0/8,::1/128", "server.trusted_proxies=127.0.0.1")

    def stop(self):
        """From now on connections are refused."""
        self.process.kill()
        self.process.wait()


def new_client(data, *flags):
    """Registers a client: (id, secret)."""
    code, said = server.run_command("client", "create", "Proof", *flags, "--json", data=data)
    if code:
        raise RuntimeError(said)
    made = json.loads(said[said.index("{"):])
    return made["id"], made["secret"]


def convert(running, owner, kind, *arguments, **options):
    """A load generator that converts tokens of the people {v}; `owner` is (id, secret) of a client."""
    body = urlencode({"grant_type": "convert_token", "client_id": owner[0], "client_secret": owner[1], "backend": "google-oauth2",
                      "token": f"{kind}{{v}}"}, safe="{}")
    return load.Generator(running.port, "/auth/convert-token", "-b", body, *arguments, headers=(": ".join(client.FORM), APP, FROM_ANYWHERE), **options)
