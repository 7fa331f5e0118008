-- A row for each conversion of this store from the plain layout: how far it has come, and what the plain table looked
-- like, for the way back. state: preparing, attached, completed, returning, returned; by the way shadow backfilling,
-- verified and switched in the place of attached. settled: the last stream looked at while preparing. copied_to,
-- copy_until, copied, expected: the last event copied, the last to be, how many so far, how many there will be (an
-- estimate). verified: the partitions of the copy found to be like the plain table.
CREATE TABLE IF NOT EXISTS /* schema */mt_conversion (
    started    timestamptz NOT NULL DEFAULT now() PRIMARY KEY,
    way        text        NOT NULL CHECK (way IN ('attach', 'shadow')),
    state      text        NOT NULL CHECK (state IN (
        'preparing', 'backfilling', 'verified', 'attached', 'switched', 'completed', 'returning', 'returned')),
    period     text        NOT NULL,
    settled    jsonb       NULL,
    plain      jsonb       NULL,
    changed    timestamptz NOT NULL DEFAULT now(),
    copied_to  bigint      NULL,
    copy_until bigint      NULL,
    copied     bigint      NOT NULL DEFAULT 0,
    expected   bigint      NULL,
    verified   text[]      NOT NULL DEFAULT '{}'
);
