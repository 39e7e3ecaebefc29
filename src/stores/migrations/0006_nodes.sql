-- Many nodes on one database: whose a lease is, and when work that one of them does is due next. Expand only: what the
-- version before writes without the new column is right with its default. The twin for PostgreSQL says more.
ALTER TABLE mails ADD COLUMN leased_by BIGINT NOT NULL DEFAULT 0;

CREATE TABLE chores (
  name TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  CONSTRAINT chores_name PRIMARY KEY (name)
);
