-- Block range indexes: some thousand times smaller than a B-tree, and enough where rows lie in the order of their time.
-- 32 pages are about 1,000 events; autosummarize keeps the index complete while the partition still grows.

CREATE INDEX IF NOT EXISTS mt_events_timestamp_brin ON /* schema */mt_events
    USING brin (timestamp) WITH (pages_per_range = 32, autosummarize = on);
