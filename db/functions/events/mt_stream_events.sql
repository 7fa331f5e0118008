-- The events of a stream, after a version if one is given, archived ones too, in no order; kind is null::mt_events and
-- gives the rows their type. They are looked for in the partitions of the stream's life as mt_streams tells it, give or
-- take what clocks differ by; where they are not as many as its version says, everywhere else as well. So a guess costs
-- time, never an event. Planned once a connection, because a plan for each stream would cost more than reading it; but
-- where each tenant has partitions of its own such a plan would lock those of all. To compile it, or to ask the block
-- ranges, would cost more as well. Open to PUBLIC: it runs with the rights of the caller.
CREATE OR REPLACE FUNCTION /* schema */mt_stream_events(
    kind anyelement, /* conjoined: tenant varchar, */ stream /* stream identity */uuid, after bigint DEFAULT NULL)
RETURNS SETOF anyelement LANGUAGE plpgsql STABLE ROWS 20
SET search_path FROM CURRENT SET plan_cache_mode = /* plan mode */force_generic_plan
SET enable_bitmapscan = off SET jit = off AS $function$
DECLARE
    reached bigint;
    born    timestamptz;
    changed timestamptz;
    lowest  bigint := coalesce(after, -9223372036854775808);
    seen    bigint;
BEGIN
    SELECT s.version, greatest(s.created, '0001-01-01') - interval '10 minutes',
           least(s.timestamp, '9999-01-01') + interval '10 minutes'
      INTO reached, born, changed FROM /* schema */mt_streams s
     WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */;
    IF NOT FOUND OR reached <= after THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT * FROM /* schema */mt_events e
     WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */ AND e.version > lowest
       AND e.timestamp >= born AND e.timestamp <= changed;
    GET DIAGNOSTICS seen = ROW_COUNT;
    IF seen IS DISTINCT FROM reached - coalesce(after, 0) THEN
        RETURN QUERY SELECT * FROM /* schema */mt_events e
         WHERE e.stream_id = stream /* conjoined: AND e.tenant_id = tenant */ AND e.version > lowest
           AND (e.timestamp < born OR e.timestamp > changed);
    END IF;
END
$function$;
