-- Moves the events of [lower_bound, upper_bound) between two tables that are not partitions for the moment. An infinite
-- upper bound is an open one: an event may lie at infinity itself.
CREATE OR REPLACE FUNCTION /* schema */mt_move_events(
    source regclass, target regclass, lower_bound timestamptz, upper_bound timestamptz)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $function$
BEGIN
    EXECUTE format('WITH moved AS (DELETE FROM %s WHERE timestamp >= $1 AND (timestamp < $2 OR $2 = ''infinity'')
                                   RETURNING *)
                    INSERT INTO %s SELECT * FROM moved', source, target) USING lower_bound, upper_bound;
END
$function$;
