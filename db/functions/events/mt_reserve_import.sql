-- For a bulk import, in the transaction that then copies the events: locks or makes the streams (in the order of their ids),
-- moves each on by the number of its events, and draws the sequence numbers. Returns each stream's version before.
-- The importer vouches for its rows until the transaction ends. A stream's life is widened to hold the imported events.
CREATE OR REPLACE FUNCTION /* schema */mt_reserve_import(
    streams /* stream identity */uuid[], stream_types varchar[], counts integer[], first_events timestamptz[],
    last_events timestamptz[], tenant varchar, OUT versions bigint[], OUT sequences bigint[])
LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM /* schema */mt_guard_vouch();
    WITH given AS (
        SELECT * FROM unnest(streams, stream_types, counts, first_events, last_events)
            WITH ORDINALITY AS g (id, type, events, first_event, last_event, place)
    ), reserved AS (
        INSERT INTO /* schema */mt_streams AS s (id, type, version, created, timestamp, tenant_id)
        SELECT g.id, g.type, g.events, g.first_event, g.last_event, tenant FROM given g ORDER BY g.id
        ON CONFLICT (id) DO UPDATE
           SET version = coalesce(s.version, 0) + excluded.version,
               created = least(s.created, excluded.created), timestamp = greatest(s.timestamp, excluded.timestamp)
        RETURNING s.id, s.version
    )
    SELECT array_agg(r.version - g.events ORDER BY g.place) INTO versions FROM given g JOIN reserved r ON r.id = g.id;

    sequences := ARRAY(SELECT nextval(q.tableoid) FROM /* schema */mt_events_sequence q,
                              generate_series(1, (SELECT sum(c)::integer FROM unnest(counts) c)));
END
$function$;
