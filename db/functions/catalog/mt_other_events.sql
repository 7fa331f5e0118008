-- While a store has two copies of its events: the one that does not have the name mt_events. Null while there is one.
CREATE OR REPLACE FUNCTION /* schema */mt_other_events() RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class e ON e.relnamespace = c.relnamespace
             WHERE e.oid = /* schema */mt_events_table()
               AND c.relname = CASE e.relkind WHEN 'r' THEN 'mt_events_shadow' ELSE 'mt_events_plain' END
               AND c.relkind = CASE e.relkind WHEN 'r' THEN 'p' ELSE 'r' END::"char");
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_other_events FROM PUBLIC;
