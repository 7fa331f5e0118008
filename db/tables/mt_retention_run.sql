-- A row for each run of retention: one that is not done nor abandoned is gone on with, or taken up anew, by the next
-- call. leaves: the partitions that go, oldest first; none where streams leave months that stay. state: begun, chosen
-- (mt_retention_streams is filled), copied (what stays lies in a table of its own), swapped (that table has their
-- place), dropped, done, abandoned. lsn: what replication slots have to pass. holds: those known when streams were
-- chosen. tenant: whose partitions they are, in a store that is partitioned by tenant.
CREATE TABLE IF NOT EXISTS /* schema */mt_retention_run (
    id          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state       text        NOT NULL DEFAULT 'begun' CHECK (state IN (
                            'waiting', 'begun', 'chosen', 'copied', 'swapped', 'dropped', 'done', 'abandoned')),
    leaves      text[]      NOT NULL,
    lower_bound timestamptz NOT NULL,
    upper_bound timestamptz NOT NULL,
    floor       timestamptz NOT NULL,
    cut         boolean     NOT NULL DEFAULT false,
    rules       jsonb       NOT NULL DEFAULT '[]',
    covered     jsonb       NULL,
    archive     jsonb       NULL,
    lsn         pg_lsn      NOT NULL DEFAULT pg_current_wal_insert_lsn(),
    holds       bigint[]    NOT NULL DEFAULT '{}',
    events      bigint      NOT NULL DEFAULT 0,
    streams     bigint      NOT NULL DEFAULT 0,
    carried     bigint      NOT NULL DEFAULT 0,
    tenant      text        NULL,
    started     timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed     timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX IF NOT EXISTS mt_retention_run_one ON /* schema */mt_retention_run ((true))
    WHERE state NOT IN ('done', 'abandoned');
ALTER TABLE /* schema */mt_retention_run ADD COLUMN IF NOT EXISTS tenant text NULL;
-- removing: the transaction that removes events for the run.
ALTER TABLE /* schema */mt_retention_run ADD COLUMN IF NOT EXISTS removing xid8 NULL;
