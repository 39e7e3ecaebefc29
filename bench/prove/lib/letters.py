"""The links of the letters in a maildir."""
import email
import email.policy
import os
import re

from lib import recovery

LINK = re.compile(r"https?://[^/\s]+/auth/([\w/]+)/([\w-]+)/([\w-]{43})\b")


class Letters:
    """Watches `DIR/mail/new` of a server with mail.transport=maildir. Each letter is read once."""

    def __init__(self, data):
        self.directory, self.seen, self.links = data / "mail/new", set(), {}

    def read_new(self):
        names = set(os.listdir(self.directory)) - self.seen if self.directory.exists() else set()
        for name in sorted(names):
            letter = email.message_from_bytes((self.directory / name).read_bytes(), policy=email.policy.default)
            for page, uid, token in LINK.findall(letter.get_body(("plain",)).get_content()):
                self.links[letter["To"].addresses[0].addr_spec, page] = uid, token
        self.seen |= names

    def take(self, recipients, page, patience):
        """{recipient: (uid, token)} of the newest link to `page` of each; waits for all of them, and forgets what it gives."""
        wanted = {(recipient, page) for recipient in recipients}

        def are_there():
            self.read_new()
            return wanted <= self.links.keys()

        if not recovery.wait_until(are_there, patience):
            missing = sorted(wanted - self.links.keys())
            raise RuntimeError(f"{len(missing)} of {len(wanted)} letters did not come, such as the one to {missing[0]}")
        return {key[0]: self.links.pop(key) for key in wanted}
