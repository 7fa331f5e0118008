-- Up to which event each projection and subscription needs none any more: how far it has come or, where it begins later
-- by a floor of its own (Marten 9.59), that floor. Marten's notes about the sequence itself are no projections.
CREATE OR REPLACE FUNCTION /* schema */mt_projection_progress()
RETURNS TABLE (projection text, reached bigint, begins_after bigint) LANGUAGE plpgsql STABLE AS $function$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class e ON e.relnamespace = c.relnamespace
                WHERE e.oid = /* schema */mt_events_table() AND c.relname = 'mt_event_projection_floors') THEN
        RETURN QUERY
        SELECT coalesce(p.name, f.name)::text, greatest(p.last_seq_id, f.floor, 0), f.floor
          FROM /* schema */mt_event_progression p
          FULL JOIN (SELECT n.name, n.floor FROM /* schema */mt_event_projection_floors n WHERE n.tenant_id = '') f
            ON f.name = split_part(p.name, ':', 1)
         WHERE p.name IS NULL OR p.name NOT IN ('HighWaterMark', 'HighWaterAllocationFence', 'HighWaterStuckGap')
         ORDER BY 1;
    ELSE
        RETURN QUERY
        SELECT p.name::text, coalesce(p.last_seq_id, 0), NULL::bigint FROM /* schema */mt_event_progression p
         WHERE p.name NOT IN ('HighWaterMark', 'HighWaterAllocationFence', 'HighWaterStuckGap') ORDER BY 1;
    END IF;
END
$function$;
