-- The partition archives made from this store, wherever they lie: what tells that an archive is of this database, even
-- after it was moved to another server, and what was archived when.
CREATE TABLE IF NOT EXISTS /* schema */mt_partition_archives (
    id          uuid        NOT NULL PRIMARY KEY,
    name        text        NOT NULL,
    location    text        NOT NULL,
    partition   text        NULL,
    tenant      text        NULL,
    lower_bound timestamptz NOT NULL,
    upper_bound timestamptz NOT NULL,
    first_seq   bigint      NULL,
    last_seq    bigint      NULL,
    events      bigint      NOT NULL,
    streams     bigint      NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    verified    timestamptz NULL
);
-- Which state of the archive is the right one: the revision and the seal of its manifest, which stands for all of it.
-- NULL: it was noted before they were. next_seal: that of the next revision, which a redaction is putting in place.
ALTER TABLE /* schema */mt_partition_archives ADD COLUMN IF NOT EXISTS revision integer NULL,
    ADD COLUMN IF NOT EXISTS seal text NULL, ADD COLUMN IF NOT EXISTS next_seal text NULL;
