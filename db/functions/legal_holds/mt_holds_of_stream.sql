-- The legal holds that cover a stream: as mt_spare_held reckons, with the events that the store has and those that lie
-- in a partition archive, at these times. tenant NULL: of whatever tenant. Who is to rely on it shares
-- mt_legal_holds_turn, or locks mt_legal_holds. Planned for this tenant each time, as mt_guard_highest.
CREATE OR REPLACE FUNCTION /* schema */mt_holds_of_stream(
    stream text, tenant text, times timestamptz[] DEFAULT '{}')
RETURNS SETOF bigint LANGUAGE plpgsql /* conjoined: SET plan_cache_mode = force_custom_plan */ SET row_security = off
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT h.id FROM /* schema */mt_legal_holds h
     WHERE h.lifted_at IS NULL
       AND (h.kind = 'stream' AND h.value = stream AND coalesce(h.tenant_id = tenant, true)
            OR h.kind = 'tenant' AND h.value = tenant)
     ORDER BY h.id;
    IF EXISTS (SELECT FROM /* schema */mt_legal_holds h WHERE h.lifted_at IS NULL AND h.kind = 'range') THEN
        RETURN QUERY
        SELECT h.id FROM /* schema */mt_legal_holds h
         WHERE h.lifted_at IS NULL AND h.kind = 'range'
           AND (EXISTS (SELECT FROM unnest(times) t (at) WHERE t.at >= h.from_time AND t.at < h.to_time)
                OR EXISTS (SELECT FROM /* schema */mt_events e
                            WHERE e.stream_id = stream::/* stream identity */uuid
                                  /* conjoined: AND coalesce(e.tenant_id = tenant, true) */
                              AND e.timestamp >= h.from_time AND e.timestamp < h.to_time))
         ORDER BY h.id;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_holds_of_stream FROM PUBLIC;
