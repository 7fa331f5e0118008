-- A row for each conversion of this store from the plain layout: how far it has come, and what the plain table looked
-- like, for the way back. state: preparing, attached, completed, returning, returned. settled: the last stream looked at
-- while preparing.
CREATE TABLE IF NOT EXISTS /* schema */mt_conversion (
    started  timestamptz NOT NULL DEFAULT now() PRIMARY KEY,
    way      text        NOT NULL CHECK (way IN ('attach', 'shadow')),
    state    text        NOT NULL CHECK (state IN ('preparing', 'attached', 'completed', 'returning', 'returned')),
    period   text        NOT NULL,
    settled  jsonb       NULL,
    plain    jsonb       NULL,
    changed  timestamptz NOT NULL DEFAULT now()
);
