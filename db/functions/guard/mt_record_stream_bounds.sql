-- Remembers that a stream has events outside the life its mt_streams row tells of ([created, timestamp], ten minutes of
-- clock skew allowed). Runs as its owner: whoever may write events need not know of mt_stream_bounds. always: what the
-- row tells of does not count, it is about to change.
CREATE OR REPLACE FUNCTION /* schema */mt_record_stream_bounds(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, first_event timestamptz, last_event timestamptz,
    always boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_streams s
                 LEFT JOIN /* schema */mt_stream_bounds b
                        ON b.stream_id = s.id /* conjoined: AND b.tenant_id = s.tenant_id */
                WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
                  AND (CASE WHEN always THEN b.earliest <= first_event AND b.latest >= last_event
                            ELSE first_event >= least(b.earliest, s.created - interval '10 minutes')
                             AND last_event <= greatest(b.latest, s.timestamp + interval '10 minutes') END)
                      IS NOT TRUE) THEN
        PERFORM /* schema */mt_widen_stream_bounds(
            /* conjoined: ARRAY[tenant], */ ARRAY[stream], ARRAY[first_event], ARRAY[last_event]);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_record_stream_bounds FROM PUBLIC;
