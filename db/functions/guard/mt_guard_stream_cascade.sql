-- TRUNCATE mt_streams CASCADE takes the events along, with the caller's rights, as the plain layout's foreign key has
-- it; Marten's cleaning relies on that. A trigger is not told of CASCADE, so the words of the client's statement
-- decide: where they do not say so (a statement inside a function), mt_guard_stream_truncate refuses.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_cascade() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF current_query() ~* '[[:<:]]truncate[[:>:]][^;]*[[:<:]]mt_streams[[:>:]][^;]*[[:<:]]cascade[[:>:]]' AND
       EXISTS (SELECT FROM pg_class c, pg_partition_tree(c.oid) p
                WHERE c.reltype = pg_typeof(NULL::/* schema */mt_events) AND p.isleaf
                  AND pg_relation_size(p.relid) > 0) THEN
        TRUNCATE /* schema */mt_events CASCADE;
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_cascade FROM PUBLIC;
