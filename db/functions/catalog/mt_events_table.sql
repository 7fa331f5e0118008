-- The events table of this store, found through its row type so that no schema name has to be known. Looked up anew
-- each time: a conversion puts another table in the place of this name, and a kept plan would not notice.
CREATE OR REPLACE FUNCTION /* schema */mt_events_table() RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    row_type oid;
BEGIN
    EXECUTE 'SELECT pg_typeof(NULL::/* schema */mt_events)' INTO row_type;
    RETURN (SELECT t.typrelid::regclass FROM pg_catalog.pg_type t WHERE t.oid = row_type);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_events_table FROM PUBLIC;
