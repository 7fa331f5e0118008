-- The last sequence number that was drawn, 0 when none was. Runs as its owner: whoever may read events need not have a
-- right on the sequence. Reads it as a table, because pg_sequence_last_value takes the very lock that tells who draws.
CREATE OR REPLACE FUNCTION /* schema */mt_last_sequence() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT CASE WHEN q.is_called THEN q.last_value ELSE 0 END FROM /* schema */mt_events_sequence q);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_last_sequence FROM PUBLIC;
