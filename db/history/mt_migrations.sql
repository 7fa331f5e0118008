-- What has been applied to this schema: a row for each file of db/, by its path.
CREATE TABLE IF NOT EXISTS /* schema */mt_migrations (
    name     text        NOT NULL PRIMARY KEY,
    kind     text        NOT NULL CHECK (kind IN ('versioned', 'repeatable')),
    checksum text        NOT NULL,
    applied  timestamptz NOT NULL DEFAULT now()
);
