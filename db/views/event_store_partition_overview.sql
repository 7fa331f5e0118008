-- All partitions in one row: how many, how large, from when to when (of the closed ones).
CREATE OR REPLACE VIEW /* schema */event_store_partition_overview AS
SELECT m.schema_name,
       count(*)                                                           AS partition_count,
       count(*) FILTER (WHERE m.seal = 'sealed')                          AS sealed_count,
       min(m.upper_bound)                                                 AS first_bound,
       max(m.lower_bound)                                                 AS last_bound,
       sum(m.event_count)::bigint                                         AS event_count,
       sum(m.total_bytes)::bigint                                         AS total_bytes,
       min(m.total_bytes)                                                 AS smallest_bytes,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY m.total_bytes)         AS median_bytes,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY m.total_bytes)         AS ninetieth_percentile_bytes,
       max(m.total_bytes)                                                 AS largest_bytes
  FROM /* schema */event_store_partition_metrics m
 GROUP BY m.schema_name;
