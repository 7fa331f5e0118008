-- The plain layout's writer, shaped as Marten's Quick mode is: the stream's version is read without a lock, its tenant
-- is looked at, every event gets its number and its own INSERT, mt_streams follows at the end.
CREATE FUNCTION append_event_by_event(
    stream uuid, stream_type varchar, tenant varchar, ids uuid[], types varchar[], dotnet_types varchar[],
    bodies jsonb[], binaries bytea[], timestamps timestamptz[], expected bigint DEFAULT NULL)
RETURNS bigint[] LANGUAGE plpgsql AS $function$
DECLARE
    reached  bigint;
    archived boolean;
    owner    varchar;
    place    integer := 0;
    sequence bigint;
    event    uuid;
    result   bigint[];
BEGIN
    SELECT s.version, s.is_archived INTO reached, archived FROM mt_streams s WHERE s.id = stream;
    IF expected IS NOT NULL AND coalesce(reached, 0) <> expected THEN
        RAISE EXCEPTION 'expected version %, found %', expected, coalesce(reached, 0) USING ERRCODE = 'MT003';
    END IF;
    IF reached IS NULL THEN
        reached := 0;
        INSERT INTO mt_streams (id, type, version, timestamp, tenant_id) VALUES (stream, stream_type, 0, now(), tenant);
    ELSIF archived THEN
        RAISE EXCEPTION 'stream % is archived', stream USING ERRCODE = 'MT001';
    ELSIF tenant IS NOT NULL THEN
        SELECT s.tenant_id INTO owner FROM mt_streams s WHERE s.id = stream;
        IF owner <> tenant THEN
            RAISE EXCEPTION 'stream % belongs to another tenant', stream;
        END IF;
    END IF;

    result := ARRAY[reached + cardinality(ids)];
    FOREACH event IN ARRAY ids LOOP
        sequence := nextval('mt_events_sequence');
        result := result || sequence;
        reached := reached + 1;
        place := place + 1;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, bdata, type, tenant_id, timestamp,
                               mt_dotnet_type, is_archived)
        VALUES (sequence, event, stream, reached, bodies[place], binaries[place], types[place], tenant,
                timestamps[place], dotnet_types[place], FALSE);
    END LOOP;
    UPDATE mt_streams SET version = reached, timestamp = now() WHERE id = stream;
    RETURN result;
END
$function$;
