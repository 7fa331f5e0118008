-- Looks at the next streams (at most batch) and makes their rows tell what the guard and bounded reads rely on: a
-- version not below the highest event, and bounds where events lie outside the stream's life. Plain stores need not
-- have kept either. Where it has come to is remembered in mt_conversion. Returns how many streams it looked at; 0 when
-- done. OFFSET 0 keeps the planner from looking for each stream's first and last event in an index on time: where
-- statistics make it believe in long streams, it would walk over most of that index for each of them.
CREATE OR REPLACE FUNCTION /* schema */mt_settle_streams(batch integer) RETURNS integer
LANGUAGE plpgsql SET enable_seqscan = off SET jit = off SET search_path FROM CURRENT AS $function$
DECLARE
    past jsonb := (SELECT c.settled FROM /* schema */mt_conversion c WHERE c.state = 'preparing');
    seen integer := 0;
    item record;
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    FOR item IN
        SELECT /* conjoined: s.tenant_id, */ s.id, s.version, s.created, s.timestamp, e.highest, e.first, e.last
          FROM (SELECT * FROM /* schema */mt_streams t
                 WHERE past IS NULL OR (/* conjoined: t.tenant_id, */ t.id)
                       > (/* conjoined: past ->> 'tenant_id', */ (past ->> 'id')::/* stream identity */uuid)
                 ORDER BY /* conjoined: t.tenant_id, */ t.id LIMIT batch) s
         CROSS JOIN LATERAL (
               SELECT max(e.version) AS highest, min(e.timestamp) AS first, max(e.timestamp) AS last
                 FROM (SELECT n.version, n.timestamp FROM /* schema */mt_events n
                        WHERE n.stream_id = s.id /* conjoined: AND n.tenant_id = s.tenant_id */ OFFSET 0) e) e
         ORDER BY /* conjoined: s.tenant_id, */ s.id
    LOOP
        seen := seen + 1;
        past := jsonb_build_object(/* conjoined: 'tenant_id', item.tenant_id, */ 'id', item.id);
        IF item.highest > coalesce(item.version, 0) THEN
            UPDATE /* schema */mt_streams s SET version = item.highest
             WHERE s.id = item.id /* conjoined: AND s.tenant_id = item.tenant_id */
               AND coalesce(s.version, 0) < item.highest;
        END IF;
        IF item.first < item.created - interval '10 minutes' OR item.last > item.timestamp + interval '10 minutes' THEN
            PERFORM /* schema */mt_record_stream_bounds(
                /* conjoined: item.tenant_id, */ item.id, item.first, item.last);
        END IF;
    END LOOP;
    PERFORM /* schema */mt_guard_unvouch();
    UPDATE /* schema */mt_conversion c SET settled = past, changed = now() WHERE c.state = 'preparing' AND seen > 0;
    RETURN seen;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_settle_streams FROM PUBLIC;
