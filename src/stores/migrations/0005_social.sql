-- Who is connected to whom at a provider, whose password was set by a reader of the mailbox, and which provider a notice
-- is about. One text for SQLite and PostgreSQL, and expand only: what the version before writes without the new columns
-- is right with their defaults.
CREATE TABLE social_links (
  provider TEXT NOT NULL CHECK (provider <> ''),
  subject TEXT NOT NULL CHECK (subject <> ''),
  account BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  imported BIGINT NOT NULL DEFAULT 0 CHECK (imported IN (0, 1)),
  display TEXT NOT NULL,
  mailbox TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  CONSTRAINT social_links_provider_subject PRIMARY KEY (provider, subject)
);
CREATE INDEX social_links_by_account ON social_links (account, created_at);

ALTER TABLE accounts ADD COLUMN password_proved BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mails ADD COLUMN provider TEXT NOT NULL DEFAULT '';
