-- The events table of this store, found through its row type so that no schema name has to be known.
CREATE OR REPLACE FUNCTION /* schema */mt_events_table() RETURNS regclass LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN (SELECT t.typrelid::regclass FROM pg_catalog.pg_type t
             WHERE t.oid = pg_typeof(NULL::/* schema */mt_events)::oid);
END
$function$;
