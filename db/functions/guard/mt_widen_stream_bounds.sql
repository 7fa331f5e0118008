-- Widens the bounds that are recorded for these streams, which are there. Whole UTC days, so that a stream writes here
-- once a day at most. Bounds only ever widen.
DROP FUNCTION IF EXISTS /* schema */mt_widen_stream_bounds(
    /* conjoined: varchar, */ /* stream identity */uuid, timestamptz, timestamptz);
CREATE OR REPLACE FUNCTION /* schema */mt_widen_stream_bounds(
    /* conjoined: tenants varchar[], */ streams /* stream identity */uuid[], first_events timestamptz[],
    last_events timestamptz[])
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    INSERT INTO /* schema */mt_stream_bounds AS b (/* conjoined: tenant_id, */ stream_id, earliest, latest)
    SELECT /* conjoined: n.tenant, */ n.stream,
           date_trunc('day', first_event AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
           CASE WHEN last_event >= '294276-12-30 00:00:00+00' THEN 'infinity'
                ELSE (date_trunc('day', last_event AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC' END
      FROM unnest(streams, first_events, last_events /* conjoined: , tenants */)
           n (stream, first_event, last_event /* conjoined: , tenant */)
    ON CONFLICT (/* conjoined: tenant_id, */ stream_id) DO UPDATE
       SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest)
     WHERE b.earliest > excluded.earliest OR b.latest < excluded.latest;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_widen_stream_bounds FROM PUBLIC;
