-- Indexes for queries by event type and time, correlation, causation, user and headers. None is needed to append, to
-- read a stream or to read by sequence, and each costs every append: take those that your queries use.
--   psql -v indexes=type,correlation -v schema=public -f query_indexes.sql      or, without -v, all five in public
-- Builds partition by partition, CONCURRENTLY: nobody waits. May be run again, after a failure too. Later partitions
-- get the same indexes by themselves. Works on the plain layout as well. psql only; not part of the migrations.
\set ON_ERROR_STOP on
\if :{?indexes}
\else
    \set indexes type,correlation,causation,user,headers
\endif
\if :{?schema}
\else
    \set schema public
\endif
SET search_path = :"schema";
SET lock_timeout = '2s';

CREATE TEMPORARY TABLE wanted AS
SELECT 'mt_events_query_' || w.name AS name, w.definition
  FROM (VALUES ('type', '(type, timestamp)'),
               ('correlation', '(correlation_id) WHERE correlation_id IS NOT NULL'),
               ('causation', '(causation_id) WHERE causation_id IS NOT NULL'),
               ('user', '(user_name, timestamp) WHERE user_name IS NOT NULL'),
               ('headers', 'USING gin (headers jsonb_path_ops)')) AS w (name, definition)
 WHERE w.name = ANY (string_to_array(:'indexes', ','));

-- What an earlier, broken run has left.
SELECT format('DROP INDEX CONCURRENTLY %s', i.indexrelid::regclass)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' AND NOT i.indisvalid
  JOIN wanted w ON starts_with(c.relname, w.name)
 WHERE i.indrelid = 'mt_events'::regclass
    OR i.indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'mt_events'::regclass) \gexec

SELECT format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s %s', w.name, e.oid::regclass, w.definition)
  FROM wanted w JOIN pg_class e ON e.oid = 'mt_events'::regclass AND e.relkind = 'r' \gexec

-- Partitioned: the parent's index first, on no partition yet, then each partition's, then the two are joined.
SELECT format('CREATE INDEX IF NOT EXISTS %I ON ONLY %s %s', w.name, e.oid::regclass, w.definition)
  FROM wanted w JOIN pg_class e ON e.oid = 'mt_events'::regclass AND e.relkind = 'p' \gexec

CREATE TEMPORARY VIEW missing AS
SELECT w.name AS parent, w.definition, l.inhrelid::regclass AS leaf, w.name || '_' || l.inhrelid AS name
  FROM wanted w
  JOIN pg_class p ON p.oid = to_regclass('' || w.name) AND p.relkind = 'I'
  JOIN pg_inherits l ON l.inhparent = 'mt_events'::regclass
 WHERE NOT EXISTS (SELECT FROM pg_inherits j JOIN pg_index i ON i.indexrelid = j.inhrelid
                    WHERE j.inhparent = p.oid AND i.indrelid = l.inhrelid);

SELECT format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s %s', m.name, m.leaf, m.definition) FROM missing m \gexec
SELECT format('ALTER INDEX %I ATTACH PARTITION %I', m.parent, m.name) FROM missing m \gexec
