-- Optional: a block range index of bloom filters on the stream, for stores that mean to do without the B-tree on old
-- partitions. Minmax ranges would be useless here: every range of blocks holds streams from one end to the other.
-- Builds under a lock that lets readers pass and holds up writers, so best before the store is filled.
CREATE OR REPLACE FUNCTION /* schema */mt_create_stream_bloom_index() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    EXECUTE format('CREATE INDEX IF NOT EXISTS mt_events_stream_id_bloom ON %s USING brin (stream_id %s)
                    WITH (pages_per_range = 32, autosummarize = on)', /* schema */mt_events_table(),
                   CASE pg_typeof(NULL::/* stream identity */uuid) WHEN 'uuid'::regtype THEN 'uuid_bloom_ops'
                        ELSE 'text_bloom_ops' END);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_stream_bloom_index FROM PUBLIC;
