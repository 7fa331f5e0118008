-- For a bulk import, in the transaction that then copies the events: locks or makes the streams (in the order of their
-- ids), moves each on by the number of its events, and draws the sequence numbers. Returns each stream's version
-- before. The importer vouches for its rows until the transaction ends. A stream's life is widened to hold the imported
-- events; it never begins later than now, so that events appended later lie in it, too. An archived stream is an error
-- (MT001).
CREATE OR REPLACE FUNCTION /* schema */mt_reserve_import(
    streams /* stream identity */uuid[], stream_types varchar[], counts integer[], first_events timestamptz[],
    last_events timestamptz[], tenant varchar, OUT versions bigint[], OUT sequences bigint[])
LANGUAGE plpgsql AS $function$
DECLARE
    archived text;
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    WITH given AS (
        SELECT * FROM unnest(streams, stream_types, counts, first_events, last_events)
            WITH ORDINALITY AS g (id, type, events, first_event, last_event, place)
    ), reserved AS (
        INSERT INTO /* schema */mt_streams AS s (id, type, version, created, timestamp, tenant_id)
        SELECT g.id, g.type, g.events, least(g.first_event, now()), g.last_event, tenant FROM given g ORDER BY g.id
        ON CONFLICT (id) DO UPDATE
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

    sequences := ARRAY(SELECT nextval(q.tableoid) FROM /* schema */mt_events_sequence q,
                              generate_series(1, (SELECT sum(c)::integer FROM unnest(counts) c)));
END
$function$;
