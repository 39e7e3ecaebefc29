-- Accounts, what lets people in again, and what happened to them. One text for SQLite and PostgreSQL.
-- Times are microseconds since 1970. A unique constraint is named table_column: the ports look for that name.
CREATE TABLE accounts (
  id BIGINT NOT NULL CHECK (id > 0),
  username TEXT NOT NULL,
  username_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  email_verified BIGINT NOT NULL CHECK (email_verified IN (0, 1)),
  password_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  epoch BIGINT NOT NULL CHECK (epoch > 0),
  created_at BIGINT NOT NULL,
  password_changed_at BIGINT NOT NULL,
  last_sign_in_at BIGINT,
  failed_sign_ins BIGINT NOT NULL,
  last_failed_sign_in_at BIGINT,
  CONSTRAINT accounts_id PRIMARY KEY (id)
);
CREATE UNIQUE INDEX accounts_username ON accounts (username);
CREATE UNIQUE INDEX accounts_email_key ON accounts (email_key) WHERE email_verified = 1 AND email_key <> '';
CREATE INDEX accounts_by_username_key ON accounts (username_key);
CREATE INDEX accounts_by_email_key ON accounts (email_key) WHERE email_key <> '';

CREATE TABLE credentials (
  digest BYTEA NOT NULL CHECK (length(digest) = 32),
  kind TEXT NOT NULL,
  account BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  epoch BIGINT NOT NULL,
  prefix TEXT NOT NULL DEFAULT '',
  label TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT credentials_digest PRIMARY KEY (digest)
);
CREATE INDEX credentials_by_account ON credentials (account, created_at);
CREATE INDEX credentials_by_expiry ON credentials (expires_at);

-- No reference to accounts: events outlive them.
CREATE TABLE audit_events (
  at BIGINT NOT NULL,
  id BIGINT NOT NULL CHECK (id > 0),
  action TEXT NOT NULL,
  account BIGINT,
  actor TEXT NOT NULL,
  detail TEXT NOT NULL,
  CONSTRAINT audit_events_at_id PRIMARY KEY (at, id)
);
CREATE INDEX audit_events_by_account ON audit_events (account, at, id);
