-- Sequence numbers that more than one event bears: a partitioned table's primary key has the timestamp in it, so it
-- does not refuse them.
CREATE OR REPLACE FUNCTION /* schema */mt_check_sequences() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET row_security = off SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    WITH wrong AS (
        SELECT format('%s: %s events', e.seq_id, count(*)) AS example, row_number() OVER (ORDER BY e.seq_id) AS place
          FROM /* schema */mt_events e GROUP BY e.seq_id HAVING count(*) > 1
    )
    SELECT 'duplicate sequences', count(*), array_agg(w.example ORDER BY w.place) FILTER (WHERE w.place <= 5)
      FROM wrong w HAVING count(*) > 0;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_sequences FROM PUBLIC;
