-- Many nodes on one database: whose a lease is, and when work that one of them does is due next. Expand only: what the
-- version before writes without the new column is right with its default.
ALTER TABLE mails ADD COLUMN leased_by BIGINT NOT NULL DEFAULT 0;

CREATE TABLE chores (
  name TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  CONSTRAINT chores_name PRIMARY KEY (name)
);

-- The greatest id plus one would make all who ask for a mail at the same time wait for each other.
CREATE SEQUENCE mail_requests_ids;

-- Token buckets of the limits, shared by all nodes. Unlogged: after a crash they are full again, as after a restart of
-- one node alone; what an account remembers of failures stands in its row.
CREATE UNLOGGED TABLE limit_buckets (
  bucket BIGINT NOT NULL,
  full_at BIGINT NOT NULL,
  CONSTRAINT limit_buckets_bucket PRIMARY KEY (bucket)
) WITH (fillfactor = 50);
-- A token of every bucket, or of none: then the microseconds until one of them has a token again. In the order of the keys,
-- lest two callers wait for each other; not flushed to disk, because nobody is told what it means.
CREATE FUNCTION take_tokens(buckets BIGINT[], bursts BIGINT[], refills BIGINT[], seeds BIGINT[], at BIGINT)
RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  i INT;
  known BIGINT;
  spare BIGINT;
  longest BIGINT := 0;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR i IN SELECT n FROM generate_subscripts(buckets, 1) AS n ORDER BY buckets[n] LOOP
    SELECT full_at INTO known FROM limit_buckets WHERE bucket = buckets[i] FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO limit_buckets VALUES (buckets[i], seeds[i]) ON CONFLICT DO NOTHING;
      SELECT full_at INTO known FROM limit_buckets WHERE bucket = buckets[i] FOR UPDATE;
    END IF;
    spare := refills[i] * (bursts[i] - 1);
    longest := greatest(longest, least(greatest(known, at), at + refills[i] * bursts[i]) - at - spare);
  END LOOP;
  IF longest > 0 THEN RETURN longest; END IF;
  FOR i IN 1 .. array_length(buckets, 1) LOOP
    UPDATE limit_buckets SET full_at = greatest(full_at, at) + refills[i] WHERE bucket = buckets[i];
  END LOOP;
  RETURN 0;
END $$;
CREATE FUNCTION give_tokens_back(buckets BIGINT[], refills BIGINT[]) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  i INT;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR i IN SELECT n FROM generate_subscripts(buckets, 1) AS n ORDER BY buckets[n] LOOP
    UPDATE limit_buckets SET full_at = full_at - refills[i] WHERE bucket = buckets[i];
  END LOOP;
END $$;

-- What keeps outsiders from aiming at a bucket; drawn by the first node.
CREATE TABLE shared_seeds (
  name TEXT NOT NULL,
  seed BYTEA NOT NULL,
  CONSTRAINT shared_seeds_name PRIMARY KEY (name)
);

-- Byte order, as in SQLite and in this program; and an index that no update of the system's locales can break. The list of
-- migrations stays: whoever migrates has its query prepared.
DO $$
DECLARE
  each record;
BEGIN
  FOR each IN
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type = 'text' AND table_name <> 'schema_migrations'
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE "C"', each.table_name, each.column_name);
  END LOOP;
END $$;
