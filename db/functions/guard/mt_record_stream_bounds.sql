-- Remembers that a stream has events outside the life its mt_streams row tells of ([created, timestamp], ten minutes of
-- clock skew allowed). Whole UTC days, so that a stream writes here once a day at most. Runs as its owner: whoever may
-- write events need not know of this table. Bounds only ever widen.
CREATE OR REPLACE FUNCTION /* schema */mt_record_stream_bounds(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, first_event timestamptz, last_event timestamptz,
    always boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_streams s
                 LEFT JOIN /* schema */mt_stream_bounds b
                        ON b.stream_id = s.id /* conjoined: AND b.tenant_id = s.tenant_id */
                WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
                  AND CASE WHEN always THEN b.earliest <= first_event AND b.latest >= last_event
                           ELSE first_event >= least(b.earliest, s.created - interval '10 minutes')
                            AND last_event <= greatest(b.latest, s.timestamp + interval '10 minutes') END) THEN
        RETURN;
    END IF;
    INSERT INTO /* schema */mt_stream_bounds AS b (/* conjoined: tenant_id, */ stream_id, earliest, latest)
    SELECT /* conjoined: s.tenant_id, */ s.id,
           date_trunc('day', first_event AT TIME ZONE 'UTC') AT TIME ZONE 'UTC',
           CASE WHEN last_event >= '294276-12-30 00:00:00+00' THEN 'infinity'
                ELSE (date_trunc('day', last_event AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC' END
      FROM /* schema */mt_streams s
     WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
    ON CONFLICT (/* conjoined: tenant_id, */ stream_id) DO UPDATE
       SET earliest = least(b.earliest, excluded.earliest), latest = greatest(b.latest, excluded.latest);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_record_stream_bounds FROM PUBLIC;
