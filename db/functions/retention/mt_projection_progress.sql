-- Up to which event each projection and subscription needs none any more. That is how far it has come; one that has not
-- run, or is being rebuilt, and has a floor of its own (Marten 9.59) needs nothing up to there. A floor says nothing of
-- one that runs: it counts from its next start on. Marten's notes about the sequence itself are no projections. A floor
-- bears the name of a projection, progress that of a shard: name:shard or name:V2:shard.
CREATE OR REPLACE FUNCTION /* schema */mt_projection_progress()
RETURNS TABLE (projection text, reached bigint, begins_after bigint)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    of_sequence constant text[] := ARRAY['HighWaterMark', 'HighWaterAllocationFence', 'HighWaterStuckGap'];
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class e ON e.relnamespace = c.relnamespace
                WHERE e.oid = /* schema */mt_events_table() AND c.relname = 'mt_event_projection_floors') THEN
        RETURN QUERY
        SELECT coalesce(p.name, f.name)::text, coalesce(p.last_seq_id, CASE WHEN p.name IS NULL THEN f.floor END, 0),
               f.floor
          FROM (SELECT n.name, n.last_seq_id, regexp_replace(n.name, '(:V[0-9]+)?:[^:]*$', '') AS owner
                  FROM /* schema */mt_event_progression n
                 WHERE n.name <> ALL (of_sequence)) p
          FULL JOIN (SELECT n.name, n.floor FROM /* schema */mt_event_projection_floors n WHERE n.tenant_id = '') f
            ON f.name = p.owner
         ORDER BY 1;
    ELSE
        RETURN QUERY
        SELECT p.name::text, coalesce(p.last_seq_id, 0), NULL::bigint FROM /* schema */mt_event_progression p
         WHERE p.name <> ALL (of_sequence) ORDER BY 1;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_projection_progress FROM PUBLIC;
