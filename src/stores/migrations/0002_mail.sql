-- Mailed links, the outbox, and who claims an address in which language. One text for SQLite and PostgreSQL, and expand
-- only: what the version before writes without the new columns is right with their defaults.
ALTER TABLE accounts ADD COLUMN email_claimed BIGINT NOT NULL DEFAULT 0 CHECK (email_claimed IN (0, 1));
ALTER TABLE accounts ADD COLUMN language TEXT NOT NULL DEFAULT '';
-- An address is taken by whoever verified it, else by whoever claims it: one at most.
DROP INDEX accounts_email_key;
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key)
  WHERE (email_verified = 1 OR email_claimed = 1) AND email_key <> '';
-- In the order in which accounts of an address are found: thousands may have typed the same one.
DROP INDEX accounts_by_email_key;
CREATE INDEX accounts_by_email_key ON accounts (email_key, email_verified DESC, email_claimed DESC, created_at, id)
  WHERE email_key <> '';

CREATE TABLE links (
  digest BYTEA NOT NULL CHECK (length(digest) = 32),
  purpose TEXT NOT NULL,
  account BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  epoch BIGINT NOT NULL,
  email TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  CONSTRAINT links_digest PRIMARY KEY (digest)
);
CREATE INDEX links_by_account ON links (account, purpose);
CREATE INDEX links_by_expiry ON links (expires_at);

-- No reference to accounts: whoever claims a mail asks whether its account is still there.
CREATE TABLE mails (
  id BIGINT NOT NULL CHECK (id > 0),
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  recipient TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  domain TEXT NOT NULL CHECK (domain <> ''),
  language TEXT NOT NULL,
  account BIGINT,
  epoch BIGINT NOT NULL,
  client TEXT NOT NULL DEFAULT '',
  device TEXT NOT NULL DEFAULT '',
  other_email TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  next_attempt_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  leased_until BIGINT,
  settled_at BIGINT,
  last_answer TEXT NOT NULL DEFAULT '',
  CONSTRAINT mails_id PRIMARY KEY (id),
  CONSTRAINT mails_queued_or_settled CHECK ((state = 'queued') = (settled_at IS NULL))
);
-- The queue is what has no settled_at: asked for by state, SQLite would read it all along mails_by_state instead.
-- While a mail is leased its next_attempt_at is the end of the lease, so that the first two know everything that is due.
-- settled_at is a column of the first only to let SQLite count without reading rows.
CREATE INDEX mails_due ON mails (next_attempt_at, settled_at) WHERE settled_at IS NULL;
CREATE INDEX mails_due_by_domain ON mails (domain, next_attempt_at, id) WHERE settled_at IS NULL;
CREATE INDEX mails_queued_by_account ON mails (account, kind) WHERE settled_at IS NULL AND account IS NOT NULL;
CREATE INDEX mails_by_recipient ON mails (recipient_key, created_at);
CREATE INDEX mails_by_state ON mails (state, created_at, id);
CREATE INDEX mails_settled ON mails (settled_at) WHERE settled_at IS NOT NULL;

CREATE TABLE mail_requests (
  id BIGINT NOT NULL CHECK (id > 0),
  kind TEXT NOT NULL,
  email TEXT NOT NULL,
  language TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT mail_requests_id PRIMARY KEY (id)
);
