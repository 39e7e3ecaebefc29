-- Pending accounts, profiles, tokens that end for want of use or rotate, and signing keys. One text for SQLite and
-- PostgreSQL, and expand only: what the version before writes without the new columns is right with their defaults.
ALTER TABLE accounts ADD COLUMN pending_until BIGINT;
ALTER TABLE accounts ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN last_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN middle_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN was_active BIGINT NOT NULL DEFAULT 1;
CREATE INDEX accounts_pending ON accounts (pending_until) WHERE pending_until IS NOT NULL;

-- Microseconds without use after which it ends; 0: never.
ALTER TABLE credentials ADD COLUMN idle BIGINT NOT NULL DEFAULT 0;

-- What a refresh token was, is and will be: digests, and the next one sealed by the one before it.
CREATE TABLE refresh_chains (
  credential BYTEA NOT NULL REFERENCES credentials (digest) ON DELETE CASCADE,
  current_token BYTEA NOT NULL CHECK (length(current_token) = 32),
  previous_token BYTEA CHECK (length(previous_token) = 32),
  successor BYTEA NOT NULL CHECK (length(successor) = 16),
  rotated_at BIGINT NOT NULL,
  rotations BIGINT NOT NULL,
  CONSTRAINT refresh_chains_credential PRIMARY KEY (credential)
);

CREATE TABLE signing_keys (
  kid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  signs_from BIGINT NOT NULL,
  retires_at BIGINT,
  CONSTRAINT signing_keys_kid PRIMARY KEY (kid)
);
