-- Size and use of every index of the events and the streams since the statistics were last reset. Effectiveness: how
-- many of the entries read led to a row. An index that is not valid is what an interrupted REINDEX CONCURRENTLY has
-- left.
-- Names mt_streams so that a DROP ... CASCADE of the store's tables, as Marten's cleaning does, takes the view along.
CREATE OR REPLACE VIEW /* schema */event_store_index_usage AS
SELECT s.schemaname::text                AS schema_name,
       s.relname::text                   AS table_name,
       s.indexrelname::text              AS index_name,
       i.indisvalid                      AS is_valid,
       pg_relation_size(s.indexrelid)    AS index_bytes,
       s.idx_scan                        AS scans,
       s.idx_tup_read                    AS entries_read,
       s.idx_tup_fetch                   AS rows_fetched,
       round(100.0 * s.idx_tup_fetch / nullif(s.idx_tup_read, 0), 1) AS effectiveness_percent
  FROM pg_catalog.pg_stat_all_indexes s
  JOIN pg_catalog.pg_index i ON i.indexrelid = s.indexrelid
  JOIN pg_catalog.pg_class e ON e.oid = /* schema */mt_events_table()
  JOIN pg_catalog.pg_class t ON t.oid = s.relid AND t.relnamespace = e.relnamespace
 WHERE (t.oid = e.oid OR t.relname = 'mt_streams'
        OR t.oid IN (SELECT p.leaf FROM /* schema */mt_all_partitions() p))
   AND NOT EXISTS (SELECT FROM /* schema */mt_streams WHERE false);
