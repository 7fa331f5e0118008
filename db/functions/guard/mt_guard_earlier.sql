-- The highest version of a stream among the events that were there before the command that wrote this one; 0 when there
-- are none. Planned for this tenant each time, as mt_guard_highest.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_earlier(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_seq bigint, event_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
DECLARE
    own record;
BEGIN
    SELECT e.xmin AS transaction, e.cmin AS command INTO STRICT own
      FROM /* schema */mt_events e WHERE e.seq_id = event_seq AND e.timestamp = event_time;
    RETURN greatest((SELECT e.version FROM /* schema */mt_events e
                      WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */
                        AND NOT (e.xmin = own.transaction AND e.cmin = own.command)
                      ORDER BY e.version DESC LIMIT 1), 0);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_earlier FROM PUBLIC;
