-- Bytes of all indexes of one access method on the column timestamp, of a table or of all its partitions.
SELECT coalesce(sum(pg_relation_size(i.indexrelid)), 0)::bigint
  FROM (SELECT $1::regclass AS relid UNION SELECT t.relid FROM pg_partition_tree($1::regclass) t) t
  JOIN pg_index i ON i.indrelid = t.relid
  JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
  JOIN pg_am m ON m.oid = c.relam AND m.amname = $2
 WHERE i.indkey::text = (SELECT a.attnum::text FROM pg_attribute a
                           WHERE a.attrelid = t.relid AND a.attname = 'timestamp')
