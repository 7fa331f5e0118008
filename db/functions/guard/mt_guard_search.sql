-- The exhaustive answer: does any other row, in any partition, have this stream and version? A policy that would hide
-- rows from the owner (FORCE ROW LEVEL SECURITY) is an error here, as in all that asks for versions: never a wrong
-- answer.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_search(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz)
RETURNS void
LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_events e
                WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */ AND e.version = event_version
                  AND (e.seq_id, e.timestamp) <> (event_seq, event_time)) THEN
        RAISE EXCEPTION 'duplicate key value violates unique constraint "pk_mt_events_stream_and_version"'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'pk_mt_events_stream_and_version', TABLE = 'mt_events',
                  DETAIL = 'Key (' /* conjoined: || 'tenant_id, ' */ || 'stream_id, version)=('
                           /* conjoined: || tenant || ', ' */ || stream || ', ' || event_version || ') already exists.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_search FROM PUBLIC;
