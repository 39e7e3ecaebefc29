-- Registered clients, what they got, and what people let them have. One text for SQLite and PostgreSQL, and expand only:
-- what the version before writes without the new columns is right with their defaults.
-- Lists are words with a space between them.
CREATE TABLE clients (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  secret BYTEA CHECK (length(secret) = 32),
  grants TEXT NOT NULL,
  scopes TEXT NOT NULL,
  backends TEXT NOT NULL,
  redirect_uris TEXT NOT NULL,
  origins TEXT NOT NULL,
  skips_consent BIGINT NOT NULL CHECK (skips_consent IN (0, 1)),
  introspects BIGINT NOT NULL CHECK (introspects IN (0, 1)),
  state TEXT NOT NULL,
  epoch BIGINT NOT NULL CHECK (epoch > 0),
  created_at BIGINT NOT NULL,
  secret_changed_at BIGINT NOT NULL,
  CONSTRAINT clients_id PRIMARY KEY (id)
);

-- No reference to clients: what a client got ends by its epoch, and nothing that size may hang on one deletion.
ALTER TABLE credentials ADD COLUMN client TEXT;
ALTER TABLE credentials ADD COLUMN client_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE credentials ADD COLUMN parent BYTEA CHECK (length(parent) = 32);
CREATE INDEX credentials_by_parent ON credentials (parent, created_at) WHERE parent IS NOT NULL;
CREATE INDEX credentials_by_client ON credentials (account, client) WHERE client IS NOT NULL;

CREATE TABLE authorization_codes (
  digest BYTEA NOT NULL CHECK (length(digest) = 32),
  client TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  client_epoch BIGINT NOT NULL,
  account BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  epoch BIGINT NOT NULL,
  redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL,
  code_challenge TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  credential BYTEA CHECK (length(credential) = 32),
  CONSTRAINT authorization_codes_digest PRIMARY KEY (digest)
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_by_client ON authorization_codes (client);
CREATE INDEX authorization_codes_by_account ON authorization_codes (account);

CREATE TABLE consents (
  account BIGINT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  client TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  scope TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  CONSTRAINT consents_account_client PRIMARY KEY (account, client)
);
CREATE INDEX consents_by_client ON consents (client);

-- Tokens that a client got for itself (RFC 6749 section 4.4): nobody's account is behind them.
CREATE TABLE client_tokens (
  digest BYTEA NOT NULL CHECK (length(digest) = 32),
  client TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  client_epoch BIGINT NOT NULL,
  scope TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT client_tokens_digest PRIMARY KEY (digest)
);
CREATE INDEX client_tokens_by_client ON client_tokens (client, created_at);
CREATE INDEX client_tokens_by_expiry ON client_tokens (expires_at);
