-- Records the bounds of streams that were given events away from the present. event_streams: each event's place in
-- streams.
CREATE OR REPLACE FUNCTION /* schema */mt_record_stray_times(
    /* conjoined: tenant varchar, */ streams /* stream identity */uuid[], event_streams integer[],
    timestamps timestamptz[])
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    stray record;
BEGIN
    IF (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = /* schema */mt_events_table()) <> 'p' THEN
        RETURN;  -- the plain layout needs no bounds
    END IF;
    FOR stray IN
        SELECT streams[e.stream] AS stream, min(e.time) AS first, max(e.time) AS last
          FROM unnest(event_streams, timestamps) AS e (stream, time)
         WHERE e.time NOT BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'
         GROUP BY 1
    LOOP
        PERFORM /* schema */mt_record_stream_bounds(/* conjoined: tenant, */ stray.stream, stray.first, stray.last);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_record_stray_times FROM PUBLIC;
