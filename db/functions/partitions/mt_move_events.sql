-- Moves the events of [lower_bound, upper_bound) between two tables that are not partitions for the moment. An infinite
-- upper bound is an open one: an event may lie at infinity itself. Generated columns are generated anew.
CREATE OR REPLACE FUNCTION /* schema */mt_move_events(
    source regclass, target regclass, lower_bound timestamptz, upper_bound timestamptz)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off SET search_path FROM CURRENT AS $function$
DECLARE
    given text := /* schema */mt_event_columns(source);
BEGIN
    EXECUTE format('WITH moved AS (DELETE FROM %1$s WHERE timestamp >= $1 AND (timestamp < $2 OR $2 = ''infinity'')
                                   RETURNING %3$s)
                    INSERT INTO %2$s (%3$s) SELECT %3$s FROM moved', source, target, given)
      USING lower_bound, upper_bound;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_move_events FROM PUBLIC;
