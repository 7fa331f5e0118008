-- Streams with events that were added, changed or removed, in the partitions of the present run of retention or in the
-- head, since the run began: they live on, for this run.
CREATE TABLE IF NOT EXISTS /* schema */mt_retention_changes (
    /* conjoined: tenant_id varchar NULL, */
    id /* stream identity */uuid NULL
);
