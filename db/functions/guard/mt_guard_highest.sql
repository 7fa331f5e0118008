-- The highest version among the events of a stream, in whatever partition; null when there are none. Planned for this
-- tenant each time: a plan for any would open the partitions of all.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_highest(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid)
RETURNS bigint
LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT max(e.version) FROM /* schema */mt_events e
             WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_highest FROM PUBLIC;
