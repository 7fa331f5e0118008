-- Refuses (23001) to go on with what would change or remove something of a stream under a legal hold. Until the end of
-- the transaction no hold can be placed; one placed since a REPEATABLE READ transaction began fails it (40001). Planned
-- for this tenant each time, as mt_guard_highest.
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_held(tenant varchar, stream /* stream identity */uuid) RETURNS void
LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
DECLARE
    hold record;
BEGIN
    PERFORM FROM /* schema */mt_legal_holds_turn t FOR SHARE;
    SELECT h.id INTO hold FROM /* schema */mt_legal_holds h
     WHERE h.lifted_at IS NULL
       AND (h.kind = 'stream' AND h.value = stream::text AND coalesce(h.tenant_id = tenant, true)
            OR h.kind = 'tenant' AND h.value = tenant
            OR h.kind = 'range' AND EXISTS (
               SELECT FROM /* schema */mt_events e
                WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */
                  AND e.timestamp >= h.from_time AND e.timestamp < h.to_time))
     ORDER BY h.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stream % is under legal hold %', stream, hold.id
            USING ERRCODE = 'restrict_violation', TABLE = 'mt_streams', CONSTRAINT = 'mt_legal_hold',
                  HINT = format('SELECT mt_lift_hold(%s) lifts it when it is no longer needed.', hold.id);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_held FROM PUBLIC;
