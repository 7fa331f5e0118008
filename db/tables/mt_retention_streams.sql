-- What the present run of retention removes: a stream whole or, where up_to is given, its events up to that version.
-- seen: the transaction that had last changed the stream's row when it was chosen. leaf: the last of the run's leaves
-- with an event of it, 1 the first; 0 when there is none, -1 while it is being removed.
CREATE TABLE IF NOT EXISTS /* schema */mt_retention_streams (
    /* conjoined: tenant_id varchar NOT NULL, */
    id    /* stream identity */uuid NOT NULL,
    seen  text    NOT NULL,
    leaf  integer NOT NULL,
    up_to bigint  NULL,
    PRIMARY KEY (/* conjoined: tenant_id, */ id)
);
CREATE INDEX IF NOT EXISTS mt_retention_streams_leaf ON /* schema */mt_retention_streams (leaf) WHERE leaf <= 0;
