-- The tables a conversion changes: events and partitions, streams, and whatever has a foreign key to the events. Which
-- comes first depends on how writers are made (Marten's Quick modes begin with events, Rich with streams), so whoever
-- locks them tries one order after the other.
CREATE OR REPLACE FUNCTION /* schema */mt_conversion_tables(streams_first boolean) RETURNS regclass[]
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    events   regclass := /* schema */mt_events_table();
    streams  regclass := (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class e
                              ON e.relnamespace = c.relnamespace
                           WHERE e.oid = events AND c.relname = 'mt_streams');
    referrer regclass[] := ARRAY(SELECT DISTINCT k.conrelid FROM pg_catalog.pg_constraint k
                                  WHERE k.confrelid = events AND k.contype = 'f' AND k.conparentid = 0 ORDER BY 1);
    leaves   regclass[] := ARRAY(SELECT i.inhrelid FROM pg_catalog.pg_inherits i
                                  WHERE i.inhparent = events ORDER BY 1);
BEGIN
    RETURN CASE WHEN streams_first THEN ARRAY[streams, events] || leaves ELSE events || leaves || streams END
        || referrer;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_conversion_tables FROM PUBLIC;
