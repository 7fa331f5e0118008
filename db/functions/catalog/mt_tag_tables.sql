-- Marten's tables of tags (mt_event_tag_*), whose rows name events by their sequences: no foreign key holds them.
CREATE OR REPLACE FUNCTION /* schema */mt_tag_tables() RETURNS SETOF regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT c.oid::regclass FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_class e ON e.oid = /* schema */mt_events_table() AND e.relnamespace = c.relnamespace
     WHERE c.relname ~ '^mt_event_tag_' AND c.relkind IN ('r', 'p');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tag_tables FROM PUBLIC;
