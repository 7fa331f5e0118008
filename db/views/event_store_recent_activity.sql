-- Events and streams of each of the last 24 hours that had any. Reads the partitions of that time only.
-- Names mt_streams so that a DROP ... CASCADE of the store's tables, as Marten's cleaning does, takes the view along.
CREATE OR REPLACE VIEW /* schema */event_store_recent_activity AS
SELECT a.hour, a.event_count, a.stream_count FROM /* schema */mt_recent_activity() a
 WHERE NOT EXISTS (SELECT FROM /* schema */mt_streams WHERE false);
