-- One row a partition: bounds, state and sizes. event_count is the server's estimate as of the last ANALYZE, null
-- before one. tenant_id: in a store that is partitioned by tenant, the one it belongs to.
-- Names mt_streams so that a DROP ... CASCADE of the store's tables, as Marten's cleaning does, takes the view along.
CREATE OR REPLACE VIEW /* schema */event_store_partition_metrics AS
SELECT n.nspname::text AS schema_name,
       p.name          AS partition_name,
       p.kind,
       p.lower_bound,
       p.upper_bound,
       p.seal,
       p.first_seq,
       p.last_seq,
       nullif(c.reltuples, -1)::bigint  AS event_count,
       pg_table_size(c.oid)             AS table_bytes,
       pg_indexes_size(c.oid)           AS index_bytes,
       pg_total_relation_size(c.oid)    AS total_bytes,
       p.tenant                         AS tenant_id
  FROM /* schema */mt_all_partitions() p
  JOIN pg_catalog.pg_class c ON c.oid = p.leaf
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT EXISTS (SELECT FROM /* schema */mt_streams WHERE false);
