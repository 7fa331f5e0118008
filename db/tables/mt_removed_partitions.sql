-- What retention has removed, a row for each partition that has gone: nothing else can tell of it afterwards. events
-- and streams are those removed, not those carried into the head.
CREATE TABLE IF NOT EXISTS /* schema */mt_removed_partitions (
    name        text        NOT NULL,
    lower_bound timestamptz NOT NULL,
    upper_bound timestamptz NOT NULL,
    first_seq   bigint      NULL,
    last_seq    bigint      NULL,
    events      bigint      NOT NULL,
    streams     bigint      NOT NULL,
    tenant      text        NULL,
    removed     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE /* schema */mt_removed_partitions ADD COLUMN IF NOT EXISTS tenant text NULL;
