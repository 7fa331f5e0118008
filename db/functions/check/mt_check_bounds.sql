-- Streams with events outside the life that mt_streams tells of, and outside the bounds recorded: they are read as
-- wholly as others, but slowly. Only for a partitioned store.
CREATE OR REPLACE FUNCTION /* schema */mt_check_bounds() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET row_security = off SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    WITH wrong AS (
        SELECT /* conjoined: s.tenant_id || '/' || */ s.id || ': events from ' || to_json(e.first) || ' to '
               || to_json(e.last) AS example,
               row_number() OVER (ORDER BY /* conjoined: s.tenant_id, */ s.id) AS place
          FROM (SELECT /* conjoined: v.tenant_id, */ v.stream_id, min(v.timestamp) AS first, max(v.timestamp) AS last
                  FROM /* schema */mt_events v GROUP BY /* conjoined: v.tenant_id, */ v.stream_id) e
          JOIN /* schema */mt_streams s ON s.id = e.stream_id /* conjoined: AND s.tenant_id = e.tenant_id */
          LEFT JOIN /* schema */mt_stream_bounds b
            ON b.stream_id = s.id /* conjoined: AND b.tenant_id = s.tenant_id */
         WHERE e.first < least(s.created - interval '10 minutes', b.earliest)
            OR e.last > greatest(s.timestamp + interval '10 minutes', b.latest)
    )
    SELECT 'stream bounds', count(*), array_agg(w.example ORDER BY w.place) FILTER (WHERE w.place <= 5)
      FROM wrong w HAVING count(*) > 0;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_bounds FROM PUBLIC;
