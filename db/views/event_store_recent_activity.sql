-- Events and streams of each of the last 24 hours that had any. Reads the partitions of that time only.
CREATE OR REPLACE VIEW /* schema */event_store_recent_activity AS
SELECT a.hour, a.event_count, a.stream_count FROM /* schema */mt_recent_activity() a;
