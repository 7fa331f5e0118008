-- For a bulk import, in the transaction that then copies the events: locks or makes the streams, in the order of their
-- ids, and moves each on by the number of its events. Returns each stream's version before. The importer vouches for
-- its rows until the transaction ends. A stream's life is widened to hold the imported events; it never begins later
-- than now, so that events appended later lie in it, too. An archived stream is an error (MT001).
CREATE OR REPLACE FUNCTION /* schema */mt_reserve_streams(
    streams /* stream identity */uuid[], counts integer[], first_events timestamptz[], last_events timestamptz[],
    tenant varchar)
RETURNS bigint[] LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    versions bigint[];
    archived text;
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    WITH given AS (
        SELECT * FROM unnest(streams, counts, first_events, last_events)
            WITH ORDINALITY AS g (id, events, first_event, last_event, place)
    ), reserved AS (
        INSERT INTO /* schema */mt_streams AS s (id, version, created, timestamp, tenant_id)
        SELECT g.id, g.events, least(g.first_event, now()), g.last_event, tenant FROM given g ORDER BY g.id
        ON CONFLICT (/* conjoined: tenant_id, */ id) DO UPDATE
           SET version = coalesce(s.version, 0) + excluded.version,
               created = least(s.created, excluded.created), timestamp = greatest(s.timestamp, excluded.timestamp)
        RETURNING s.id, s.version, s.is_archived
    )
    SELECT array_agg(r.version - g.events ORDER BY g.place), min(r.id::text) FILTER (WHERE r.is_archived)
      INTO versions, archived FROM given g JOIN reserved r ON r.id = g.id;
    IF archived IS NOT NULL THEN
        RAISE EXCEPTION 'Attempted to append event to archived stream with Id ''%''.', archived
            USING ERRCODE = 'MT001', HINT = json_build_object('stream', archived)::text;
    END IF;
    RETURN versions;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_reserve_streams FROM PUBLIC;
