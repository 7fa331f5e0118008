-- Remembers that a stream has events outside the life its mt_streams row tells of ([created, timestamp], ten minutes of
-- clock skew allowed). Whole UTC days, so that a stream writes here once a day at most.
CREATE OR REPLACE FUNCTION /* schema */mt_record_stream_bounds(
    stream /* stream identity */uuid, first_event timestamptz, last_event timestamptz, always boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    IF (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = /* schema */mt_events_table()) <> 'p' THEN
        RETURN;  -- the plain layout reads no bounds
    END IF;
    INSERT INTO /* schema */mt_stream_bounds AS b (stream_id, earliest, latest)
    SELECT s.id, date_trunc('day', first_event AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
           (date_trunc('day', last_event AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC'
      FROM /* schema */mt_streams s
     WHERE s.id = stream
       AND (always OR first_event < s.created - interval '10 minutes'
                   OR last_event > s.timestamp + interval '10 minutes')
    ON CONFLICT (stream_id) DO UPDATE
       SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest)
     WHERE b.earliest > excluded.earliest OR b.latest < excluded.latest;
END
$function$;
