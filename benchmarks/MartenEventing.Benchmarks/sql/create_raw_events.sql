-- A table to copy into: the columns of mt_events, and one index for each that a partition has.
CREATE TABLE raw_events (LIKE mt_events INCLUDING DEFAULTS, PRIMARY KEY (seq_id));
CREATE UNIQUE INDEX ON raw_events (stream_id, version);
CREATE INDEX ON raw_events USING brin (timestamp) WITH (pages_per_range = 32, autosummarize = on);
