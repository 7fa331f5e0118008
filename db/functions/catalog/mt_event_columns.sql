-- The columns of a table of events that are stored as given (generated ones are generated anew), as a list for a
-- statement, each with a prefix.
DROP FUNCTION IF EXISTS /* schema */mt_writable_columns(regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_event_columns(leaf regclass, prefix text DEFAULT '') RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT string_agg(prefix || quote_ident(a.attname), ', ' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute a
             WHERE a.attrelid = leaf AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_event_columns FROM PUBLIC;
