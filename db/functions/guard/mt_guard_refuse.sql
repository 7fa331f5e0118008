-- Refuses to let mt_streams tell of fewer versions of a stream than there are events, or, with new_version null, to
-- let go of a stream that has any.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_refuse(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, new_version bigint)
RETURNS void
LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_events e
                WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */
                  AND (e.version > new_version OR new_version IS NULL)) THEN
        RAISE EXCEPTION 'stream % has events after version %', stream, coalesce(new_version, 0)
            USING ERRCODE = 'foreign_key_violation', TABLE = 'mt_streams',
                  CONSTRAINT = 'fkey_mt_events_stream_id' /* conjoined: || '_tenant_id' */,
                  HINT = 'Remove those events first: a stream''s version never falls behind its events.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_refuse FROM PUBLIC;
